# SPDX-License-Identifier: Apache-2.0
"""The people a service knows, and what becomes of them when they come again (docs/publisher-accounts.md, matching).

The rules:
- A person is known by the uid alone. A new uid is a new person here.
- What a login brings replaces what the one before it brought; the person is told when school or role are others.
- A learner id that is known under another uid takes nothing over: any education provider could assert anybody's. The
  person is told that an earlier account exists, until customer service has joined the two.
- What the person or customer service did (`display_name`, `mail`, terms, block, closing) no login touches.
- A person counts once where seats are counted: by the learner id, else by the uid.

Who a learner id belongs to is kept as a keyed hash only.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, bindparam, delete, distinct, func, insert, select, update

from sp_stub.data.people_tables import MEMBERSHIPS, USERS

Notice: TypeAlias = Literal["school-changed", "role-changed", "earlier-account"]
"""What a person is told after signing in."""
GivenBy: TypeAlias = Literal["login", "account", "administrator"]

MAX_GROUP: Final = 100
MAX_ROLE: Final = 20
LEFT_SCHOOLS: Final = "left_schools"
"""Where `held` keeps the codes of schools that came with the login before the last one and no more."""
_REGISTRY: Final[GivenBy] = "login"


@dataclass(frozen=True, order=True)
class Membership:
    """What somebody is at one school: MPASSid's number of the role, and the group where there is one."""

    school: str
    group: str
    role: str


@dataclass(frozen=True)
class Arrival:
    """What a login says of who comes; `held` is kept whole, for the person to see."""

    uid: str
    customer: str | None
    learner_hash: str | None
    held: Mapping[str, Any]
    memberships: frozenset[Membership] = field(default_factory=frozenset)


@dataclass(frozen=True)
class User:
    """A person as the service keeps them; `uid` is empty for who has an account of the service's own."""

    id: int
    uid: str | None
    customer: str | None
    pseudonym: str
    held: Mapping[str, Any]
    display_name: str | None
    mail: str | None
    first_seen: datetime
    last_seen: datetime
    blocked_at: datetime | None
    closed_at: datetime | None
    terms_version: str | None
    terms_accepted_at: datetime | None

    @property
    def name(self) -> str:
        """The name to show: the one chosen here, else the one the registry or the account holds."""
        return self.display_name or str(self.held.get("name", ""))


def user_of(row: Any) -> User:  # noqa: ANN401  # a row of whatever was selected beside them
    """Return the user whose columns stand in `row`."""
    return User(**{name: getattr(row, name) for name in User.__dataclass_fields__})


USER_COLUMNS: Final = tuple(USERS.c[name] for name in User.__dataclass_fields__)
"""What a query selects to make a `User`."""

# What every login asks is put together once.
_BY_UID: Final = select(*USER_COLUMNS).where(USERS.c.uid == bindparam("known_uid"))
_COMES_AGAIN: Final = update(USERS).where(USERS.c.id == bindparam("known_id"))
_EARLIER: Final = (
    select(USERS.c.id)
    .where(
        USERS.c.learner_hash == bindparam("known_hash"),
        USERS.c.id < bindparam("known_id"),
        USERS.c.joined_to.is_(None),
        USERS.c.closed_at.is_(None),
    )
    .limit(1)
)


def find_user(connection: Connection, condition: ColumnElement[bool]) -> User | None:
    """Return the one user who fulfils `condition`."""
    row = connection.execute(select(*USER_COLUMNS).where(condition)).one_or_none()
    return None if row is None else user_of(row)


def arrive(connection: Connection, arrival: Arrival, now: datetime) -> tuple[User, tuple[Notice, ...]]:
    """Make the person known, or bring up to date what is known of them; returns them with what they are told.

    Within the transaction of the login: three statements where nothing has changed.
    """
    row = connection.execute(_BY_UID, {"known_uid": arrival.uid}).one_or_none()
    known = None if row is None else user_of(row)
    values = {
        "customer": arrival.customer,
        "learner_hash": arrival.learner_hash,
        "held": dict(arrival.held),
        "last_seen": now,
    }
    if known is None:
        user = add_user(connection, {**values, "uid": arrival.uid}, now)
        before: frozenset[Membership] | None = None
    else:
        before = memberships_of(connection, known.id) if known.held != arrival.held else arrival.memberships
        held = {**arrival.held, **_left_schools(before, arrival.memberships)}
        user = replace(known, customer=arrival.customer, held=held, last_seen=now)
        connection.execute(_COMES_AGAIN, {"known_id": user.id, **values, "held": held})
    if before != arrival.memberships:
        _replace_memberships(connection, user.id, arrival.memberships)
    told = list(_changes(before, arrival.memberships))
    if _is_known_otherwise(connection, user.id, arrival.learner_hash):
        told.append("earlier-account")
    return user, tuple(told)


def add_user(connection: Connection, values: Mapping[str, Any], now: datetime) -> User:
    """Add a person with a pseudonym of their own."""
    written = {"held": {}, "pseudonym": secrets.token_urlsafe(32), "first_seen": now, "last_seen": now, **values}
    return user_of(connection.execute(insert(USERS).values(written).returning(*USER_COLUMNS)).one())


def memberships_of(connection: Connection, user_id: int, given_by: GivenBy | None = _REGISTRY) -> frozenset[Membership]:
    """Return what a person is where, as the last login brought it; `None` for what anybody gave."""
    columns = MEMBERSHIPS.c
    query = select(columns.school, columns.group_name, columns.role).where(columns.user_id == user_id)
    if given_by is not None:
        query = query.where(columns.given_by == given_by)
    return frozenset(Membership(row.school, row.group_name, row.role) for row in connection.execute(query))


def seats(connection: Connection, schools: Iterable[str]) -> int:
    """Return how many people of `schools` there are: each once, under however many uids they came."""
    person = func.coalesce(USERS.c.learner_hash, USERS.c.uid, USERS.c.pseudonym)
    query = (
        select(func.count(distinct(person)))
        .join_from(USERS, MEMBERSHIPS, MEMBERSHIPS.c.user_id == USERS.c.id)
        .where(MEMBERSHIPS.c.school.in_(list(schools)), USERS.c.closed_at.is_(None))
    )
    return connection.scalar(query) or 0


def _replace_memberships(connection: Connection, user_id: int, memberships: Iterable[Membership]) -> None:
    columns = MEMBERSHIPS.c
    connection.execute(delete(MEMBERSHIPS).where(columns.user_id == user_id, columns.given_by == _REGISTRY))
    rows = [
        {
            "user_id": user_id,
            "school": one.school,
            "group_name": one.group,
            "role": one.role,
            "given_by": _REGISTRY,
        }
        for one in sorted(memberships)
    ]
    if rows:
        connection.execute(insert(MEMBERSHIPS), rows)


def _changes(before: frozenset[Membership] | None, after: frozenset[Membership]) -> Iterable[Notice]:
    if before is None or before == after:
        return
    if {one.school for one in before} != {one.school for one in after}:
        yield "school-changed"
    if {one.role for one in before} != {one.role for one in after}:
        yield "role-changed"


def _left_schools(before: frozenset[Membership], after: frozenset[Membership]) -> Mapping[str, list[str]]:
    """Return, as `held` keeps it, which schools the login before brought and this one does not, where none is new.

    A person who moves brings another school; whose platform forgets one brings only fewer.
    """
    earlier, now = {one.school for one in before}, {one.school for one in after}
    return {LEFT_SCHOOLS: sorted(earlier - now)} if now and now < earlier else {}


def _is_known_otherwise(connection: Connection, user_id: int, learner_hash: str | None) -> bool:
    if learner_hash is None:
        return False
    known = {"known_hash": learner_hash, "known_id": user_id}
    return connection.execute(_EARLIER, known).one_or_none() is not None
