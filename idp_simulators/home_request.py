# SPDX-License-Identifier: Apache-2.0
"""What the proxy asks of an identity provider, once it is verified; how it came is each kind's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from federation.reasons import Refusal


class RefusedRequestError(Exception):
    """The request cannot be accepted; nothing is sent anywhere, the person reads why."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep which check said no."""
        super().__init__(refusal.reason_id)
        self.refusal = refusal


@dataclass(frozen=True)
class HomeRequest:
    """A verified request: what it asks for and where the answer goes.

    `id` is what the answer names it by, and what events call it: an AuthnRequest's ID, or a nonce.
    """

    id: str
    issued: datetime
    reply_url: str
    relay_state: str | None = None
    force_authn: bool = False
    is_passive: bool = False
