# SPDX-License-Identifier: Apache-2.0
"""An address that shows a refusal again: the language links of a page that answered a POST need one.

It names the reason, the request and the time, signed so that nobody else can have our page say anything, and holds for
fifteen minutes. Nothing of a person is in it: which schools were refused, and what the login service said, come from
the session of the browser that asks (`sp_stub.web.routes.shown_refusals`).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from datetime import datetime, timedelta
from typing import Final

from sp_stub.data.hashing import keyed_hash
from sp_stub.rules.target import VIA_PORTAL, came_by_portal
from sp_stub.web.refusals import Refused

PATH: Final = "/pulma"
LIFETIME: Final = timedelta(minutes=15)
_MAX_TOKEN: Final = 1000


class RefusalAddresses:
    """The addresses of one service."""

    def __init__(self, secret: bytes) -> None:
        """Sign them with `secret`."""
        self._secret = secret

    def address(self, refused: Refused, at: datetime) -> str:
        """Return the path that shows a refusal of the moment `at` again."""
        opens_at = None if refused.opens_at is None else refused.opens_at.isoformat()
        content = [refused.because, refused.request_id, at.isoformat(), opens_at, came_by_portal(refused.asked_for)]
        packed = base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")
        return f"{PATH}/{packed}.{self._signature(packed)}"

    def read(self, token: str, now: datetime) -> Refused | None:
        """Return what the last part of such a path shows, `None` where it is over or was not made here."""
        packed, _, signature = token[:_MAX_TOKEN].partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(packed).encode()):
            return None
        try:
            because, request_id, made_at, opens_at, by_portal = json.loads(
                base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
            )
        except (binascii.Error, ValueError):  # of an earlier version
            return None
        at = datetime.fromisoformat(made_at)
        if not at <= now < at + LIFETIME:
            return None
        return Refused(
            because,
            request_id,
            opens_at=None if opens_at is None else datetime.fromisoformat(opens_at),
            asked_for=f"?{VIA_PORTAL}" if by_portal else "",
            at=at,
        )

    def _signature(self, packed: str) -> str:
        return keyed_hash(self._secret, f"refusal address\n{packed}")
