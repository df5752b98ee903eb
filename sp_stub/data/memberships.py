# SPDX-License-Identifier: Apache-2.0
"""Who is in which school and group: the pupils of a teacher's groups, the teachers of a customer.

Only people who have signed in here are known. Every question carries the right it is asked with: a person whom the
right does not reach is not found, however they are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, false, insert, or_, select

from sp_stub.data.people_tables import MEMBERSHIPS, USERS
from sp_stub.data.users import USER_COLUMNS, GivenBy, Membership, User, find_user, user_of
from sp_stub.rules.who_sees_whom import PUPIL_NUMBERS, TEACHER_NUMBERS, Group

_ADMINISTRATOR: GivenBy = "administrator"


@dataclass(frozen=True)
class Member:
    """Somebody in a group of a school."""

    user: User
    group: Group


def pupils_of(connection: Connection, groups: Collection[Group]) -> tuple[Member, ...]:
    """Return the pupils of `groups`, by group and name."""
    return _members(connection, and_(_in_groups(groups), MEMBERSHIPS.c.role.in_(PUPIL_NUMBERS)))


def teachers_of(connection: Connection, schools: Collection[str]) -> tuple[Member, ...]:
    """Return the teachers of `schools`, by school and name, each once for a school."""
    found = _members(connection, _teaches_in(schools))
    by_school = {
        (member.group.school, member.user.id): Member(member.user, Group(member.group.school, "")) for member in found
    }
    return tuple(by_school.values())


def pupil(connection: Connection, user_id: int, groups: Collection[Group]) -> User | None:
    """Return a pupil of `groups`, `None` for everybody else."""
    is_pupil = and_(_in_groups(groups), MEMBERSHIPS.c.role.in_(PUPIL_NUMBERS))
    return _one(connection, user_id, is_pupil)


def teacher(connection: Connection, user_id: int, schools: Collection[str]) -> User | None:
    """Return a teacher of `schools`, `None` for everybody else."""
    return _one(connection, user_id, _teaches_in(schools))


def given_groups(connection: Connection, user_id: int) -> frozenset[Group]:
    """Return the groups that an administrator gave somebody beside the registry's."""
    columns = MEMBERSHIPS.c
    query = select(columns.school, columns.group_name).where(
        columns.user_id == user_id, columns.given_by == _ADMINISTRATOR
    )
    return frozenset(Group(row.school, row.group_name) for row in connection.execute(query))


def give_groups(connection: Connection, user_id: int, schools: Collection[str], groups: Iterable[Group]) -> None:
    """Make `groups` all that is given to somebody in `schools`; what they have elsewhere stays."""
    columns = MEMBERSHIPS.c
    connection.execute(
        delete(MEMBERSHIPS).where(
            columns.user_id == user_id, columns.given_by == _ADMINISTRATOR, columns.school.in_(list(schools))
        )
    )
    rows = [
        {"user_id": user_id, "school": group.school, "group_name": group.name, "role": "", "given_by": _ADMINISTRATOR}
        for group in sorted(set(groups))
        if group.school in schools
    ]
    if rows:
        connection.execute(insert(MEMBERSHIPS), rows)


def account_membership(connection: Connection, user_id: int, schools: Iterable[str], role: str) -> None:
    """Make the schools of an account known, as a login makes those of a person known."""
    columns = MEMBERSHIPS.c
    connection.execute(delete(MEMBERSHIPS).where(columns.user_id == user_id, columns.given_by == "account"))
    rows = [
        {"user_id": user_id, "school": school, "group_name": "", "role": role, "given_by": "account"}
        for school in dict.fromkeys(schools)
    ]
    if rows:
        connection.execute(insert(MEMBERSHIPS), rows)


def registry_groups(memberships: Iterable[Membership]) -> dict[str, tuple[str, ...]]:
    """Return the groups by school."""
    found: dict[str, tuple[str, ...]] = {}
    for one in sorted(memberships):
        found[one.school] = (*found.get(one.school, ()), *([one.group] if one.group else []))
    return found


def _in_groups(groups: Collection[Group]) -> ColumnElement[bool]:
    columns = MEMBERSHIPS.c
    each = [and_(columns.school == group.school, columns.group_name == group.name) for group in groups]
    return or_(*each) if each else false()


def _teaches_in(schools: Collection[str]) -> ColumnElement[bool]:
    return and_(MEMBERSHIPS.c.school.in_(list(schools)), MEMBERSHIPS.c.role.in_(TEACHER_NUMBERS))


def _members(connection: Connection, condition: ColumnElement[bool]) -> tuple[Member, ...]:
    columns = MEMBERSHIPS.c
    query = (
        select(*USER_COLUMNS, columns.school, columns.group_name)
        .join_from(MEMBERSHIPS, USERS, USERS.c.id == columns.user_id)
        .where(condition, USERS.c.closed_at.is_(None), USERS.c.joined_to.is_(None))
    )
    members = [Member(user_of(row), Group(row.school, row.group_name)) for row in connection.execute(query)]
    return tuple(sorted(members, key=lambda member: (member.group, member.user.name, member.user.id)))


def _one(connection: Connection, user_id: int, condition: ColumnElement[bool]) -> User | None:
    reached = exists().where(MEMBERSHIPS.c.user_id == USERS.c.id, condition)
    return find_user(
        connection, and_(USERS.c.id == user_id, USERS.c.closed_at.is_(None), USERS.c.joined_to.is_(None), reached)
    )
