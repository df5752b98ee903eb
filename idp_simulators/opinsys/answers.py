# SPDX-License-Identifier: Apache-2.0
"""What an Opinsys answers that somebody signed in: a right token first, as a value that a fault may change."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from idp_simulators.opinsys.tokens import RS256, Sign, Token

LIFETIME: Final = timedelta(seconds=60)


@dataclass(frozen=True)
class OpinsysAnswer:
    """A token on its way, and how often the flow that carries it is to post it."""

    token: Token
    deliveries: int = 1

    def with_claims(self, **changes: object) -> OpinsysAnswer:
        """Return the answer with some claims replaced; `None` leaves one out."""
        return replace(self, token=self.token.with_claims(**changes))


def right_token(*, issuer: str, audience: str, subject: str, nonce: str, now: datetime, sign: Sign) -> Token:
    """Return the token of one sign-in, good for a minute (home-protocols 3)."""
    issued = int(now.timestamp())
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": subject,
        "nonce": nonce,
        "jti": secrets.token_urlsafe(16),
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
    }
    return Token({"alg": RS256, "typ": "JWT"}, claims, sign)
