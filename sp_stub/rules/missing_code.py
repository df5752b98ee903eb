# SPDX-License-Identifier: Apache-2.0
"""When a school code seems to be missing from what a login brought (facts-publisher, teacher at two schools). Pure.

An itinerant teacher's registry holds several school codes, and the platform may pass on only the first. No service can
see what was left out. What makes it likely:

- a teacher asks for a product that none of their schools has, and another school of the same customer has it;
- a school came by its name alone (`schoolInfo`), and no role says what the person is there;
- a teacher's login brings fewer schools than the one before it, and no new one.

A pupil is told nothing of other schools.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sp_stub.rules.business import Business
from sp_stub.rules.decision import Decision
from sp_stub.rules.finnish_time import finnish_day
from sp_stub.rules.licensing import licensed
from sp_stub.rules.person import Attributes, Person, RoleHere

MAX_NAMED: Final = 5
"""How many schools are named: of more than that nobody could tell which is meant."""
_CODED_NAME: Final = re.compile(r"([0-9]{5});(.*)")


@dataclass(frozen=True)
class NamedSchool:
    """A school by its code and name; the name is empty where nobody knows it."""

    code: str
    name: str


@dataclass(frozen=True)
class MissingCode:
    """What a person is told: the codes that came, the schools whose code may be missing, and how many more there are.

    `why` is `product` where another school has what was asked for, `role` where a school came without a role,
    `earlier` where one came at the login before.
    """

    why: str
    came: tuple[str, ...]
    schools: tuple[NamedSchool, ...]
    more: int = 0


def missing_for_product(
    person: Person, decision: Decision, business: Business, key: str, now: datetime
) -> MissingCode | None:
    """Return which schools of the same customers have a product that this teacher's own do not give; `None` for none.

    Only schools that would give it: with a contract that holds, activated, and with a licence for today.
    """
    if not any(school.role.is_teaching for school in person.schools) or key in decision.materials:
        return None
    own = {school.code for school in person.schools}
    customers = {business.customer_of(code) for code in own} - {None}
    today = finnish_day(now)
    found = tuple(
        NamedSchool(code, business.school_names.get(code, ""))
        for code, school in sorted(business.schools.items())
        if school.customer in customers
        and code not in own
        and business.is_activated(code)
        and business.has_contract(school.customer, now)
        and key in licensed(business, code, RoleHere.TEACHER, None, today).products
    )
    return _told("product", person, found)


def missing_role(person: Person, attributes: Attributes) -> MissingCode | None:
    """Return the schools that came by name and without a role; `None` for none."""
    own = {school.code for school in person.schools}
    named = (_CODED_NAME.fullmatch(value) for value in attributes.get("school_info", ()))
    found = {match[1]: NamedSchool(match[1], match[2]) for match in named if match and match[1] not in own}
    return _told("role", person, tuple(found.values()))


def missing_since(person: Person, business: Business, left: Iterable[str]) -> MissingCode | None:
    """Return the schools that a teacher's login before this one brought and this one does not; `None` for none."""
    if not any(school.role.is_teaching for school in person.schools):
        return None
    own = {school.code for school in person.schools}
    return _told(
        "earlier",
        person,
        tuple(NamedSchool(code, business.school_names.get(code, "")) for code in left if code not in own),
    )


def _told(why: str, person: Person, schools: tuple[NamedSchool, ...]) -> MissingCode | None:
    if not schools:
        return None
    came = tuple(school.code for school in person.schools)
    return MissingCode(why, came, schools[:MAX_NAMED], len(schools[MAX_NAMED:]))
