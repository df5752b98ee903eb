# SPDX-License-Identifier: Apache-2.0
"""Support's looks at the service as somebody else: who looked, as whom, since when and until when.

A look belongs to one session of customer service and ends with it, with its time, or by its button. It stays here
afterwards, because the person looked at sees it among their own data. Beginning and ending one stands in the audit
trail, and renews the stamp that makes every worker notice (`sp_stub.data.changes`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping, Update, insert, select, update

from sp_stub.data.audit_trail import Act, Subject, record
from sp_stub.data.database import Database
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.data.staff_tables import SUPPORT_VIEWS
from sp_stub.data.stamps import renew_stamp

VIEW_TIME: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class SupportView:
    """One look at the service as a user; `message` is the report that asked for it."""

    number: int
    staff: str
    user: int
    message: int | None
    started_at: datetime
    ends_at: datetime


class SupportViews:
    """The looks of customer service."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database

    def start(self, session: StaffSession, user: int, message: int | None, reason: str, now: datetime) -> None:
        """Let the session look as `user` for a quarter of an hour; a look it had before ends."""
        act = Act(
            session.staff, "view-started", _subject(user), reason, after={} if message is None else {"message": message}
        )
        with self._database.begin() as connection:
            connection.execute(_ending(session, now))
            connection.execute(
                insert(SUPPORT_VIEWS).values(
                    staff=session.staff,
                    staff_session=session.hash,
                    user_id=user,
                    message=message,
                    started_at=now,
                    ends_at=now + VIEW_TIME,
                )
            )
            record(connection, act, now)
            renew_stamp(connection, "changes")

    def running(self, session: StaffSession, now: datetime) -> SupportView | None:
        """Return what the session looks at as somebody else, where it does."""
        views = SUPPORT_VIEWS.c
        query = select(SUPPORT_VIEWS).where(views.staff_session == session.hash, views.ends_at > now)
        with self._database.begin(writes=False) as connection:
            row = connection.execute(query.order_by(views.id.desc()).limit(1)).mappings().one_or_none()
        return None if row is None else view_of_row(row)

    def end(self, session: StaffSession, now: datetime) -> bool:
        """End what the session looks at; False where it looked at nothing."""
        view = self.running(session, now)
        if view is None:
            return False
        with self._database.begin() as connection:
            connection.execute(_ending(session, now))
            record(connection, Act(session.staff, "view-ended", _subject(view.user)), now)
            renew_stamp(connection, "changes")
        return True

    def of_user(self, user: int) -> tuple[SupportView, ...]:
        """Return every look as `user`, newest first."""
        query = select(SUPPORT_VIEWS).where(SUPPORT_VIEWS.c.user_id == user).order_by(SUPPORT_VIEWS.c.id.desc())
        with self._database.begin(writes=False) as connection:
            return tuple(view_of_row(row) for row in connection.execute(query).mappings())


def view_of_row(row: RowMapping) -> SupportView:
    """Return the look that a row of the table holds."""
    return SupportView(row["id"], row["staff"], row["user_id"], row["message"], row["started_at"], row["ends_at"])


def _ending(session: StaffSession, now: datetime) -> Update:
    views = SUPPORT_VIEWS.c
    return update(SUPPORT_VIEWS).where(views.staff_session == session.hash, views.ends_at > now).values(ends_at=now)


def _subject(user: int) -> Subject:
    return Subject("user", str(user))
