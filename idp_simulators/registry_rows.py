# SPDX-License-Identifier: Apache-2.0
"""A person's roles as a school administration system holds them: rows of a school, a class and a role.

The declaration holds a registry's independent lists; here they become rows, as far as they match (home-protocols 2):

- one row per school code, with the role at its place, or the one role that there is;
- the class at its place, none where the list is shorter or the element empty;
- no row where there is no role left for it;
- the system maps roles itself: a pupil's is `student`, a teacher's `teacher`, any other stands as it is held;
- a guardian signs in and has no row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from federation.model import Person
from federation.roles import find_role

GUARDIANS: Final = frozenset({"huoltaja", "vårdnadshavare", "guardian"})

_TEACHER: Final = "Opettaja"


@dataclass(frozen=True)
class Row:
    """One role at one school."""

    school: str
    group: str | None
    role: str


def rows_of(person: Person) -> tuple[Row, ...]:
    """Return the person's rows, in the order of the school codes."""
    return tuple(_rows(person))


def first_charge(person: Person) -> str | None:
    """Return the one charge of learning materials that these systems hold."""
    return person.charges[0] if person.charges else None


def _rows(person: Person) -> Iterator[Row]:
    groups, roles = person.groups, person.roles
    if len(roles) == 1:
        roles = roles * len(person.school_codes)
    for index, (school, role) in enumerate(zip(person.school_codes, roles, strict=False)):
        if role.strip().lower() not in GUARDIANS:
            yield Row(school, (groups[index] if index < len(groups) else None) or None, _mapped(role))


def _mapped(word: str) -> str:
    role = find_role(word)
    if role is None:
        return word
    if role.is_student:
        return "student"
    return "teacher" if role.name == _TEACHER else word
