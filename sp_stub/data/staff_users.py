# SPDX-License-Identifier: Apache-2.0
"""People as customer service finds them and acts on them: blocking, closing, ending sessions, joining two accounts.

Every act is one transaction with its entry in the audit trail, which names a person by number only. What is closed or
blocked holds at the next click: whoever is signed in meets it there (`sp_stub.data.stamps`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, or_, select, update

from sp_stub.accounts.names import name_key
from sp_stub.data.audit_trail import Act, Subject, record
from sp_stub.data.database import Database
from sp_stub.data.people_tables import ACCOUNTS, USERS
from sp_stub.data.staff_tables import OPENINGS
from sp_stub.data.stamps import renew_stamp
from sp_stub.data.tables import SESSIONS
from sp_stub.data.users import User, find_user

UserState: TypeAlias = Literal["active", "blocked", "closed", "joined"]

MOST_FOUND: Final = 20
_MAX_NUMBER: Final = 9


@dataclass(frozen=True)
class StaffUser:
    """A person as customer service sees them; `known_as` is the uid, or the user name of an account of our own."""

    id: int
    name: str
    known_as: str
    customer: str | None
    is_account: bool
    state: UserState
    last_seen: datetime
    learner_hash: str | None
    joined_to: int | None


class StaffUsers:
    """Everybody the service knows."""

    def __init__(self, database: Database) -> None:
        """Find them in `database`."""
        self._database = database

    def search(self, typed: str) -> tuple[StaffUser, ...]:
        """Return who is called exactly what was typed: by user name, mail address, uid or number."""
        text = typed.strip()
        wanted: ColumnElement[bool] = or_(
            USERS.c.uid == text, ACCOUNTS.c.user_name == name_key(text), ACCOUNTS.c.mail_key == name_key(text)
        )
        if text.isascii() and text.isdigit() and len(text) <= _MAX_NUMBER:
            wanted |= USERS.c.id == int(text)
        return self._find(wanted)

    def find(self, number: int) -> StaffUser | None:
        """Return the person with this number."""
        return next(iter(self._find(USERS.c.id == number)), None)

    def user(self, number: int) -> User | None:
        """Return the person with this number as pages of theirs see them."""
        with self._database.begin(writes=False) as connection:
            return find_user(connection, USERS.c.id == number)

    def earlier(self, user: StaffUser) -> tuple[StaffUser, ...]:
        """Return the accounts that the same learner id had under other uids before, and that are not joined yet."""
        if user.learner_hash is None or user.state == "joined":
            return ()
        return self._find(
            (USERS.c.learner_hash == user.learner_hash) & (USERS.c.id < user.id) & USERS.c.joined_to.is_(None)
        )

    def count(self, customer: str) -> int:
        """Return how many people of a customer there are."""
        with self._database.begin(writes=False) as connection:
            return connection.scalar(select(func.count()).where(USERS.c.customer == customer)) or 0

    def sessions(self, number: int, now: datetime) -> int:
        """Return how many sessions of a person are open."""
        query = select(func.count()).where(SESSIONS.c.user_id == number, SESSIONS.c.ends_at > now)
        with self._database.begin(writes=False) as connection:
            return connection.scalar(query) or 0

    def set_state(self, user: StaffUser, step: str, staff: str, reason: str, now: datetime) -> bool:
        """Block, unblock, close or reopen; False where the person is no longer as they were found."""
        column, value, after = _STATES[step]
        condition = (USERS.c.id == user.id) & _is_in(user.state)
        changing = update(USERS).where(condition).values({column: now if value else None})
        with self._database.begin() as connection:
            if not connection.execute(changing).rowcount:
                return False
            act = Act(
                staff, step, Subject("user", str(user.id)), reason, before={"state": user.state}, after={"state": after}
            )
            record(connection, act, now)
            renew_stamp(connection, "changes")
        return True

    def end_sessions(self, user: StaffUser, staff: str, reason: str, now: datetime) -> bool:
        """End every session of a person."""
        with self._database.begin() as connection:
            ended = connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user.id)).rowcount
            act = Act(staff, "end-sessions", Subject("user", str(user.id)), reason, before={"sessions": ended})
            record(connection, act, now)
        return True

    def join(self, user: StaffUser, earlier: StaffUser, staff: str, reason: str, now: datetime) -> bool:
        """Put an earlier account of the same learner id into `user`, and close it; False where it is joined already.

        The statistics, the terms that were accepted and a block go along, so that joining is no way around a block.
        """
        users = USERS.c
        with self._database.begin() as connection:
            closing = (
                update(USERS)
                .where(users.id == earlier.id, users.joined_to.is_(None), users.learner_hash == user.learner_hash)
                .values(joined_to=user.id, closed_at=func.coalesce(users.closed_at, now))
            )
            if user.learner_hash is None or not connection.execute(closing).rowcount:
                return False
            _take_over(connection, user.id, earlier.id)
            connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == earlier.id))
            act = Act(
                staff,
                "join",
                Subject("user", str(user.id)),
                reason,
                before={"earlier": earlier.id},
                after={"earlier_joined_to": user.id},
            )
            record(connection, act, now)
            renew_stamp(connection, "changes")
        return True

    def _find(self, condition: ColumnElement[bool]) -> tuple[StaffUser, ...]:
        query = (
            select(*_COLUMNS)
            .join_from(USERS, ACCOUNTS, ACCOUNTS.c.user_id == USERS.c.id, isouter=True)
            .where(condition)
            .order_by(USERS.c.id.desc())
            .limit(MOST_FOUND)
        )
        with self._database.begin(writes=False) as connection:
            return tuple(_user(row) for row in connection.execute(query).mappings())


_COLUMNS: Final = (
    *(
        USERS.c[name]
        for name in (
            "id",
            "uid",
            "customer",
            "held",
            "display_name",
            "last_seen",
            "blocked_at",
            "closed_at",
            "joined_to",
            "learner_hash",
        )
    ),
    ACCOUNTS.c.user_name,
)

_STATES: Final[dict[str, tuple[str, bool, UserState]]] = {
    "block": ("blocked_at", True, "blocked"),
    "unblock": ("blocked_at", False, "active"),
    "close-account": ("closed_at", True, "closed"),
    "reopen-account": ("closed_at", False, "active"),
}
"""The column a step sets or empties, and what the person is afterwards."""


def _is_in(state: UserState) -> ColumnElement[bool]:
    """Return what a row in this state fulfils: joined before closed before blocked."""
    users = USERS.c
    if state == "joined":
        return users.joined_to.is_not(None)
    if state == "closed":
        return users.closed_at.is_not(None) & users.joined_to.is_(None)
    if state == "blocked":
        return users.blocked_at.is_not(None) & users.closed_at.is_(None)
    return users.blocked_at.is_(None) & users.closed_at.is_(None)


def _user(row: RowMapping) -> StaffUser:
    return StaffUser(
        id=row["id"],
        name=row["display_name"] or str(row["held"].get("name", "")),
        known_as=row["uid"] or row["user_name"] or "",
        customer=row["customer"],
        is_account=row["uid"] is None,
        state=_state(row),
        last_seen=row["last_seen"],
        learner_hash=row["learner_hash"],
        joined_to=row["joined_to"],
    )


def _state(row: RowMapping) -> UserState:
    if row["joined_to"] is not None:
        return "joined"
    if row["closed_at"] is not None:
        return "closed"
    return "active" if row["blocked_at"] is None else "blocked"


def _take_over(connection: Connection, user: int, earlier: int) -> None:
    users = USERS.c
    names = ("pseudonym", "first_seen", "blocked_at", "terms_version", "terms_accepted_at")
    columns = [users[name] for name in names]
    old = connection.execute(select(*columns).where(users.id == earlier)).mappings().one()
    new = connection.execute(select(*columns).where(users.id == user)).mappings().one()
    kept: dict[str, Any] = {"first_seen": min(old["first_seen"], new["first_seen"])}
    kept["blocked_at"] = new["blocked_at"] or old["blocked_at"]
    if new["terms_accepted_at"] is None:
        kept |= {"terms_version": old["terms_version"], "terms_accepted_at": old["terms_accepted_at"]}
    connection.execute(update(USERS).where(users.id == user).values(kept))
    _count_as_one(connection, old["pseudonym"], new["pseudonym"])


def _count_as_one(connection: Connection, old: str, new: str) -> None:
    """Make what was counted under the pseudonym `old` count under `new`."""
    columns = OPENINGS.c
    same = ("day", "customer", "school", "product")
    for row in connection.execute(select(OPENINGS).where(columns.pseudonym == old)).mappings().all():
        place = [columns[name] == row[name] for name in same]
        adding = update(OPENINGS).where(*place, columns.pseudonym == new).values(count=columns.count + row["count"])
        if connection.execute(adding).rowcount:
            connection.execute(delete(OPENINGS).where(*place, columns.pseudonym == old))
        else:
            connection.execute(update(OPENINGS).where(*place, columns.pseudonym == old).values(pseudonym=new))
