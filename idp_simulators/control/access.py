# SPDX-License-Identifier: Apache-2.0
"""Who may use the control page: whoever gave the run's token in this browser within the last half hour.

- The token is typed once and kept nowhere: the browser gets a sealed cookie that holds a time and a random text, goes
  to the control pages only, and never comes with a request from another site.
- The random text stands in every form of the page and must come back with it.
- Five wrong tokens within ten minutes close the page for five minutes, to the right token too; scripts, which bring
  the token in a header, go on.
- Another run's token opens no cookie of this one: it is part of the seal.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, cast

from idp_simulators.lockout import Lockout
from idp_simulators.sealing import BrokenSealError, Seal
from party.run_token import bearer_text, holds_run_token

LIFETIME: Final = timedelta(minutes=30)
MAX_TYPED: Final = 200


@dataclass(frozen=True)
class Opened:
    """The page is open in one browser: what its forms must bring back."""

    form_token: str

    def is_own(self, form_token: str) -> bool:
        """Tell whether a form is of a page that was shown to this browser."""
        return hmac.compare_digest(self.form_token.encode(), form_token.encode())


@dataclass(frozen=True)
class Access:
    """Opens the control page for whoever holds the token, and knows whom it is open for."""

    run_token: bytes = field(repr=False)
    seal: Seal
    lockout: Lockout = field(default_factory=Lockout)

    @classmethod
    def with_secrets(cls, run_token: bytes, session_secret: bytes) -> Access:
        """Return the access to a run's control page."""
        return cls(run_token, Seal(hmac.digest(session_secret, run_token, sha256), "control page"))

    def closed_until(self, now: datetime) -> datetime | None:
        """Count a try and return `None` when its token may be looked at, else until when no token is."""
        return self.lockout.admit("control", "run token", now)

    def opened_by(self, typed: str, now: datetime) -> str | None:
        """Return the cookie of a browser in which the right token was typed, `None` for a wrong one."""
        if not holds_run_token(bearer_text(typed[:MAX_TYPED]), self.run_token):
            return None
        self.lockout.forget("control", "run token")
        return self.seal.close({"opened": int(now.timestamp()), "form": secrets.token_urlsafe(16)})

    def opened(self, cookie: str | None, now: datetime) -> Opened | None:
        """Return what stands in a cookie that was given here less than half an hour ago, `None` for any other."""
        try:
            content = cast("dict[str, Any]", self.seal.open(cookie or ""))
        except BrokenSealError:
            return None
        since = now - datetime.fromtimestamp(content["opened"], UTC)
        return Opened(content["form"]) if timedelta(0) <= since < LIFETIME else None
