# SPDX-License-Identifier: Apache-2.0
"""Who of customer service is signed in: sessions of their own, apart from people's.

The browser holds a random id, the table its keyed hash. A session ends when nobody uses it for a quarter of an hour,
and with the working day in any case; one that was ended leaves no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update

from sp_stub.data.database import Database
from sp_stub.data.hashing import keyed_hash
from sp_stub.data.staff_tables import STAFF_SESSIONS, SUPPORT_VIEWS

IDLE_TIME: Final = timedelta(minutes=15)
"""Shorter than people's: who finds this desk open can end contracts."""
LIFETIME: Final = timedelta(hours=8)
TOUCH_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class StaffSession:
    """A session of customer service: whose it is, and the hash the database knows it by."""

    staff: str
    hash: str


class StaffSessions:
    """The sessions of customer service."""

    def __init__(self, database: Database, secret: bytes) -> None:
        """Keep them in `database`, ids hashed with `secret`."""
        self._database = database
        self._secret = secret

    def start(self, session: str, staff: str, now: datetime, replaces: str | None = None) -> None:
        """Open `session` for `staff`; the one that the browser `replaces` ends, and so do those that are over."""
        sessions = STAFF_SESSIONS.c
        with self._database.begin() as connection:
            connection.execute(delete(STAFF_SESSIONS).where(sessions.ends_at <= now))
            if replaces is not None:
                connection.execute(delete(STAFF_SESSIONS).where(sessions.id == self._hash(replaces)))
            connection.execute(
                insert(STAFF_SESSIONS).values(id=self._hash(session), staff=staff, seen_at=now, ends_at=now + LIFETIME)
            )

    def find(self, session: str, now: datetime) -> StaffSession | None:
        """Return whose `session` is, if it is neither over nor idle for too long, and note that it is in use."""
        sessions, session_hash = STAFF_SESSIONS.c, self._hash(session)
        query = select(sessions.staff, sessions.seen_at).where(
            sessions.id == session_hash, sessions.ends_at > now, sessions.seen_at > now - IDLE_TIME
        )
        with self._database.begin(writes=False) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if row.seen_at <= now - TOUCH_EVERY:
            with self._database.begin() as connection:
                connection.execute(update(STAFF_SESSIONS).where(sessions.id == session_hash).values(seen_at=now))
        return StaffSession(row.staff, session_hash)

    def end(self, session: str, now: datetime) -> None:
        """Forget `session`, and end what it was looking at as somebody else."""
        views, session_hash = SUPPORT_VIEWS.c, self._hash(session)
        with self._database.begin() as connection:
            connection.execute(
                update(SUPPORT_VIEWS)
                .where(views.staff_session == session_hash, views.ends_at > now)
                .values(ends_at=now)
            )
            connection.execute(delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.id == session_hash))

    def _hash(self, value: str) -> str:
        return keyed_hash(self._secret, f"staff\n{value}")
