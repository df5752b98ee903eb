# SPDX-License-Identifier: Apache-2.0
"""Who is signed in, as the rules see them: who they are, at which schools, in which role. Pure.

A person comes by MPASSid, and is what the login brought, or by a personal account of the publisher's own. Nothing here
says what they may use: that is `sp_stub.rules.decision`'s.

- A school counts when a role value names it (`role`, field 2: for an office, the code of its parent school).
  `schoolInfo` only gives it its name: a school whose role was dropped on the way says nothing about the person.
- A value that does not have the documented form is passed over, never guessed at (facts-mpassid 3 and 4).
- A role is a teacher's when MPASSid's list says so, a pupil's likewise; whoever else a school sends is an additional
  user, and so is a role that nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal, TypeAlias

from federation.roles import ROLES_BY_CODE

Attributes: TypeAlias = Mapping[str, Sequence[str]]
"""Values by the names of `federation.attributes`, in the order they came."""

ROLE_FIELDS: Final = 7
_SCHOOL_CODE: Final = re.compile(r"[0-9]{5}")
_CLASS_LEVEL: Final = re.compile(r"10|[0-9]")


class RoleHere(IntEnum):
    """What a person is at the publisher; of two roles at one school the greater one counts."""

    PUPIL = 1
    ADDITIONAL_USER = 2
    TEACHER = 3
    ADMINISTRATOR = 4
    """A teacher with administrator rights at their own customer."""

    @property
    def is_teaching(self) -> bool:
        """Whether teachers' content is for them."""
        return self >= RoleHere.TEACHER


@dataclass(frozen=True)
class SchoolRole:
    """What a person is at one school; `code` is MPASSid's number of the role, empty or -1 where it has none."""

    name: str
    code: str
    group: str
    office: str = ""


@dataclass(frozen=True)
class PersonSchool:
    """One school of a person, with what they are there."""

    code: str
    oid: str
    name: str
    roles: tuple[SchoolRole, ...]

    @property
    def role(self) -> RoleHere:
        """The greatest of the roles, administrator rights aside."""
        return max(map(_role_here, self.roles), default=RoleHere.ADDITIONAL_USER)


@dataclass(frozen=True)
class Grant:
    """A product that one person may use beside what their schools have: bought by themselves, or given by staff.

    `school` is the code of the school it is for, where it is for one, and `role` what the person is there.
    """

    product: str
    school: str | None = None
    role: RoleHere = RoleHere.PUPIL


@dataclass(frozen=True)
class Person:
    """Who is signed in.

    `id` is the uid of MPASSid, or the personal account's own id; empty where the login brought none.
    """

    came_by: Literal["mpassid", "account"]
    id: str
    schools: tuple[PersonSchool, ...] = ()
    class_level: int | None = None
    grants: tuple[Grant, ...] = ()
    name: str = ""


def mpassid_person(attributes: Attributes, known_names: Mapping[str, str]) -> Person:
    """Return whom a login by MPASSid brought.

    `known_names` are the service's own names of schools by code, used where the login brings none.
    """
    level = first_value(attributes, "class_level") or ""
    return Person(
        came_by="mpassid",
        id=first_value(attributes, "uid") or "",
        schools=_schools(attributes, known_names),
        class_level=int(level) if _CLASS_LEVEL.fullmatch(level) else None,
        name=_name(attributes),
    )


def first_value(attributes: Attributes, name: str) -> str | None:
    """Return the first value of an attribute, `None` where there is none."""
    return next(iter(attributes.get(name, ())), None)


def _role_here(role: SchoolRole) -> RoleHere:
    known = ROLES_BY_CODE.get(role.code)
    if known is None:
        return RoleHere.ADDITIONAL_USER
    if known.is_student:
        return RoleHere.PUPIL
    return RoleHere.TEACHER if known.is_teaching else RoleHere.ADDITIONAL_USER


def _name(attributes: Attributes) -> str:
    """Return the name to greet with: the name in use where it is known, empty where no name came."""
    given = first_value(attributes, "nickname") or first_value(attributes, "given_name")
    return " ".join(filter(None, (given, first_value(attributes, "surname"))))


def _schools(attributes: Attributes, known_names: Mapping[str, str]) -> tuple[PersonSchool, ...]:
    """Return the schools that role values name, in their order, each once with all of its roles."""
    names = _organisation_names(attributes)
    roles: dict[str, list[SchoolRole]] = {}
    oids: dict[str, str] = {}
    for value in attributes.get("role", ()):
        fields = value.split(";")
        if len(fields) != ROLE_FIELDS or not _SCHOOL_CODE.fullmatch(fields[1]):
            continue
        _, code, group, name, number, oid, office_oid = fields
        held = roles.setdefault(code, [])
        role = SchoolRole(name, number, group, office=names.get(office_oid, office_oid))
        if role not in held:
            held.append(role)
        oids.setdefault(code, oid)
    return tuple(
        PersonSchool(code, oids[code], names.get(code) or known_names.get(code, ""), tuple(held))
        for code, held in roles.items()
    )


def _organisation_names(attributes: Attributes) -> dict[str, str]:
    """Return names by school code and by OID, from `schoolInfo` (`code;name` and `OID;name`)."""
    names: dict[str, str] = {}
    for value in attributes.get("school_info", ()):
        identifier, separator, name = value.partition(";")
        if separator and identifier:
            names.setdefault(identifier, name)
    return names
