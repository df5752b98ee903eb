# SPDX-License-Identifier: Apache-2.0
"""What people do to their own data and, where they may, to others': names, mail, terms, groups.

Who changes somebody else's data leaves a trace in the audit trail, in the same transaction: who, whose, which fields,
when, and never what was written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from sp_stub.data.audit_trail import Act, Subject, record
from sp_stub.data.database import Database
from sp_stub.data.memberships import (
    Member,
    give_groups,
    given_groups,
    pupil,
    pupils_of,
    teacher,
    teachers_of,
)
from sp_stub.data.people_tables import USERS
from sp_stub.data.users import Membership, User, memberships_of, seats
from sp_stub.rules.who_sees_whom import Group


@dataclass(frozen=True)
class Edit:
    """What a form makes of somebody's data."""

    display_name: str | None
    mail: str | None


class People:
    """The people of one service, as they and their teachers see them."""

    def __init__(self, database: Database) -> None:
        """Find them in `database`."""
        self._database = database

    def accept_terms(self, user_id: int, version: str, now: datetime) -> None:
        """Remember that a person accepts a version of the terms."""
        with self._database.begin() as connection:
            _change(connection, user_id, terms_version=version, terms_accepted_at=now)

    def save_own(self, user_id: int, edit: Edit, *, with_mail: bool) -> None:
        """Save what a person changed of their own; the mail of an account changes by its own way alone."""
        with self._database.begin() as connection:
            values = {"display_name": edit.display_name} | ({"mail": edit.mail} if with_mail else {})
            _change(connection, user_id, **values)

    def pupils(self, groups: Collection[Group]) -> tuple[Member, ...]:
        """Return the pupils of `groups`."""
        with self._database.begin(writes=False) as connection:
            return pupils_of(connection, groups)

    def teachers(self, schools: Collection[str]) -> tuple[tuple[Member, ...], int]:
        """Return the teachers of `schools`, and how many people of theirs have signed in, each counted once."""
        with self._database.begin(writes=False) as connection:
            return teachers_of(connection, schools), seats(connection, schools)

    def pupil(self, user_id: int, groups: Collection[Group]) -> User | None:
        """Return a pupil of `groups`, `None` for everybody else."""
        with self._database.begin(writes=False) as connection:
            return pupil(connection, user_id, groups)

    def teacher(self, user_id: int, schools: Collection[str]) -> User | None:
        """Return a teacher of `schools`, `None` for everybody else."""
        with self._database.begin(writes=False) as connection:
            return teacher(connection, user_id, schools)

    def groups_of(self, user_id: int) -> tuple[frozenset[Membership], frozenset[Group]]:
        """Return what a person is where as their registry says, and the groups an administrator gave them."""
        with self._database.begin(writes=False) as connection:
            return memberships_of(connection, user_id, None), given_groups(connection, user_id)

    def edit_pupil(self, editor: User, user_id: int, edit: Edit, groups: Collection[Group], now: datetime) -> bool:
        """Save what a teacher changed of a pupil of `groups`; False, and nothing saved, for everybody else."""
        with self._database.begin() as connection:
            found = pupil(connection, user_id, groups)
            if found is None:
                return False
            changed = _changed(found, edit, with_mail=False)
            _change(connection, user_id, display_name=edit.display_name)
            _note(connection, editor, user_id, "pupil-edited", changed, now)
        return True

    def edit_teacher(  # who, whom, what, and within which right
        self,
        editor: User,
        user_id: int,
        edit: Edit,
        given: Iterable[Group],
        schools: Collection[str],
        now: datetime,
    ) -> bool:
        """Save what an administrator changed of a teacher of `schools`; False, and nothing saved, for others."""
        with self._database.begin() as connection:
            found = teacher(connection, user_id, schools)
            if found is None:
                return False
            with_mail = found.uid is not None
            changed = _changed(found, edit, with_mail=with_mail)
            wanted = {group for group in given if group.school in schools}
            if wanted != {group for group in given_groups(connection, user_id) if group.school in schools}:
                changed.append("groups")
                give_groups(connection, user_id, schools, wanted)
            values = {"display_name": edit.display_name} | ({"mail": edit.mail} if with_mail else {})
            _change(connection, user_id, **values)
            _note(connection, editor, user_id, "teacher-edited", changed, now)
        return True


def _changed(user: User, edit: Edit, *, with_mail: bool) -> list[str]:
    fields = ["display_name"] if edit.display_name != user.display_name else []
    return [*fields, "mail"] if with_mail and edit.mail != user.mail else fields


def _note(connection: Connection, editor: User, user_id: int, action: str, changed: list[str], now: datetime) -> None:
    if changed:
        act = Act(f"user {editor.id}", action, Subject("user", str(user_id)), after={"changed": changed})
        record(connection, act, now)


def _change(connection: Connection, user_id: int, **values: object) -> None:
    connection.execute(update(USERS).where(USERS.c.id == user_id).values(values))
