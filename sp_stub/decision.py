# SPDX-License-Identifier: Apache-2.0
"""What a login is worth at a service, decided from the attributes alone (design 6). Pure.

The rules, in the order they are asked:

1. Without a uid nobody is known: `no-user-id` (107).
2. A school counts when a role value names it (`role`, field 2: for an office, the code of its parent school).
   `schoolInfo` only gives it its name: a school whose role was dropped on the way says nothing about the person.
   No school left: `no-school-data` (106).
3. The publisher's gate: only activated schools count. None left: `school-not-activated` (105); some left: a session
   for those, and the others are shown as not activated. The portal has no gate.
4. A school without a licence gives an empty shelf, not a refusal.

A value that does not have the documented form is passed over, never guessed at (facts-mpassid 3 and 4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from federation.reasons import REASONS

Attributes: TypeAlias = Mapping[str, Sequence[str]]
"""Values by the names of `federation.attributes`, in the order they came."""

ROLE_FIELDS: Final = 7
_SCHOOL_CODE: Final = re.compile(r"[0-9]{5}")


@dataclass(frozen=True)
class SchoolRole:
    """What a person is at one school; `code` is MPASSid's number of the role, empty or -1 where it has none."""

    name: str
    code: str
    group: str
    office: str = ""


@dataclass(frozen=True)
class PersonSchool:
    """One school of a person, with what they are there and what it gives them here."""

    code: str
    oid: str
    name: str
    roles: tuple[SchoolRole, ...]
    materials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The outcome of a login at this service.

    `because` and `page` are empty for a session. `schools` are the ones the service acts on, each with its materials.
    """

    outcome: Literal["session", "refused"]
    because: str | None = None
    page: int | None = None
    schools: tuple[PersonSchool, ...] = ()
    not_activated: tuple[PersonSchool, ...] = field(default=())

    @property
    def materials(self) -> tuple[str, ...]:
        """Every material some school gives, once, in the order of the schools."""
        return tuple(dict.fromkeys(product for school in self.schools for product in school.materials))


def decide(
    attributes: Attributes,
    activated_schools: AbstractSet[str] | None,
    licences: Mapping[str, Sequence[str]],
    known_names: Mapping[str, str] | None = None,
) -> Decision:
    """Return what this login gives.

    `activated_schools` is the publisher's gate, `None` for a service without one; `known_names` are the service's own
    names of schools, used where the login brings none.
    """
    if not first_value(attributes, "uid"):
        return _refused("no-user-id")
    schools = _schools(attributes, known_names or {})
    if not schools:
        return _refused("no-school-data")
    closed = tuple(school for school in schools if not _is_open(school, activated_schools))
    if len(closed) == len(schools):
        return _refused("school-not-activated", not_activated=closed)
    return Decision(
        "session",
        schools=tuple(
            PersonSchool(school.code, school.oid, school.name, school.roles, tuple(licences.get(school.code, ())))
            for school in schools
            if _is_open(school, activated_schools)
        ),
        not_activated=closed,
    )


def first_value(attributes: Attributes, name: str) -> str | None:
    """Return the first value of an attribute, `None` where there is none."""
    return next(iter(attributes.get(name, ())), None)


def _refused(because: str, not_activated: tuple[PersonSchool, ...] = ()) -> Decision:
    return Decision("refused", because, REASONS[because].page, not_activated=not_activated)


def _is_open(school: PersonSchool, activated_schools: AbstractSet[str] | None) -> bool:
    return activated_schools is None or school.code in activated_schools


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
