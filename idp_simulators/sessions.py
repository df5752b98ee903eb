# SPDX-License-Identifier: Apache-2.0
"""Who is signed in at which municipality, remembered by the browser in one sealed cookie.

Each municipality knows only its own session. A session lasts an hour; the four newest are kept, because browsers send
localhost cookies to every port and servers refuse long headers (design 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from idp_simulators.sealing import BrokenSealError, Seal

LIFETIME: Final = timedelta(minutes=60)
KEPT_SESSIONS: Final = 4


@dataclass(frozen=True)
class Session:
    """One person signed in at one municipality."""

    provider: str
    user_name: str
    instant: datetime
    index: str


@dataclass(frozen=True)
class Sessions:
    """Closes sessions into a cookie's value, and opens them."""

    seal: Seal

    @classmethod
    def with_secret(cls, secret: bytes) -> Sessions:
        """Return the sessions of the simulators that share `secret`."""
        return cls(Seal(secret, "sessions"))

    def read(self, cookie: str | None, now: datetime) -> tuple[Session, ...]:
        """Return the sessions of a cookie that last still, newest first; none for a cookie that is not ours."""
        if not cookie:
            return ()
        try:
            rows = cast("list[list[Any]]", self.seal.open(cookie))
        except BrokenSealError:
            return ()
        sessions = (
            Session(provider, user_name, datetime.fromtimestamp(instant, UTC), index)
            for provider, user_name, instant, index in rows
        )
        return tuple(session for session in sessions if now - LIFETIME < session.instant <= now)

    def at(self, cookie: str | None, provider: str, now: datetime) -> Session | None:
        """Return the session at one municipality."""
        return next((session for session in self.read(cookie, now) if session.provider == provider), None)

    def with_session(self, cookie: str | None, session: Session, now: datetime) -> str:
        """Return the cookie's value with `session` first, in the place of an older one at that municipality."""
        others = [other for other in self.read(cookie, now) if other.provider != session.provider]
        return self._close([session, *others][:KEPT_SESSIONS])

    def without(self, cookie: str | None, provider: str, now: datetime) -> str:
        """Return the cookie's value after signing out at one municipality."""
        return self._close([session for session in self.read(cookie, now) if session.provider != provider])

    def _close(self, sessions: list[Session]) -> str:
        return self.seal.close(
            [
                [session.provider, session.user_name, int(session.instant.timestamp()), session.index]
                for session in sessions
            ]
        )
