# SPDX-License-Identifier: Apache-2.0
"""What a person may use here and now (design 6). Pure, and asked anew at each page.

The rules, in the order they are asked:

1. Outside the service hours nobody gets in: `service-break` (110).
2. Without a uid nobody is known: `no-user-id` (107). Blocked: `user-blocked` (109); reported lost or closed:
   `account-closed` (117).
3. No school, and nothing of one's own: `no-school-data` (106); to a personal account an empty shelf.
4. The schools of a customer whose contract is over count no more; then the publisher's gate: by MPASSid only activated
   schools count, a personal account needs none. None left: `contract-ended` (108) if a contract is over, else
   `school-not-activated` (105). Some left: a session for those, and the others are shown as what they are.
5. Each school that is left gives what `sp_stub.rules.licensing` says, and nothing is an empty shelf, not a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from federation.reasons import REASONS
from sp_stub.rules.business import Business
from sp_stub.rules.finnish_time import closed_until, finnish_day
from sp_stub.rules.licensing import Withheld, licensed
from sp_stub.rules.person import Grant, Person, PersonSchool, RoleHere, SchoolRole


@dataclass(frozen=True)
class SchoolHere:
    """One school that the service acts on: what the person is there, what it gives them and what it keeps back."""

    school: PersonSchool
    role: RoleHere
    materials: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()

    @property
    def code(self) -> str:
        """The school's code."""
        return self.school.code

    @property
    def name(self) -> str:
        """The school's name, empty where nobody knows it."""
        return self.school.name

    @property
    def roles(self) -> tuple[SchoolRole, ...]:
        """The person's roles there, as the login brought them."""
        return self.school.roles


@dataclass(frozen=True)
class Decision:
    """What a person may use.

    `because` and `page` are empty for a session. `schools` are the ones the service acts on; `not_activated` and
    `ended` are the others. `grants` is what is the person's own. `opens_at` is set in a service break.
    """

    outcome: Literal["session", "refused"]
    because: str | None = None
    page: int | None = None
    schools: tuple[SchoolHere, ...] = ()
    not_activated: tuple[PersonSchool, ...] = ()
    ended: tuple[PersonSchool, ...] = ()
    grants: tuple[Grant, ...] = ()
    opens_at: datetime | None = None

    @property
    def materials(self) -> tuple[str, ...]:
        """Every material that a school or a grant gives, once, in the order of the schools."""
        of_schools = [product for school in self.schools for product in school.materials]
        return tuple(dict.fromkeys([*of_schools, *(grant.product for grant in self.grants)]))


def refused(because: str) -> Decision:
    """Return a decision against, with the number of its page."""
    return Decision("refused", because, REASONS[because].page)


def decide(person: Person, business: Business, now: datetime) -> Decision:
    """Return what a person may use at a moment."""
    opens_at = None if business.hours is None else closed_until(business.hours, now)
    if opens_at is not None:
        return replace(refused("service-break"), opens_at=opens_at)
    stopped = _stopped(person, business)
    if stopped is not None:
        return refused(stopped)
    grants = tuple(
        grant
        for grant in (*person.grants, *business.grants.get(person.id, ()))
        if grant.school is None or business.has_contract(business.customer_of(grant.school), now)
    )
    if not person.schools and not grants:
        if _all_grants(person, business):
            return refused("contract-ended")
        return Decision("session") if person.came_by == "account" else refused("no-school-data")
    return _by_schools(person, business, grants, now)


def _stopped(person: Person, business: Business) -> str | None:
    """Return why this person gets in nowhere, whatever their schools."""
    if not person.id:
        return "no-user-id"
    if person.id in business.blocked:
        return "user-blocked"
    return "account-closed" if person.id in business.closed else None


def _all_grants(person: Person, business: Business) -> bool:
    return bool(person.grants or business.grants.get(person.id))


def _by_schools(person: Person, business: Business, grants: tuple[Grant, ...], now: datetime) -> Decision:
    """Return what the schools give that are left."""
    left, closed, ended = list[PersonSchool](), list[PersonSchool](), list[PersonSchool]()
    for school in person.schools:
        if not business.has_contract(business.customer_of(school.code), now):
            ended.append(school)
        elif person.came_by == "mpassid" and not business.is_activated(school.code):
            closed.append(school)
        else:
            left.append(school)
    if not left and not grants:
        why = refused("contract-ended" if ended else "school-not-activated")
        return replace(why, not_activated=tuple(closed), ended=tuple(ended))
    return Decision(
        "session",
        schools=tuple(_school_here(person, school, business, now) for school in left),
        not_activated=tuple(closed),
        ended=tuple(ended),
        grants=grants,
    )


def _school_here(person: Person, school: PersonSchool, business: Business, now: datetime) -> SchoolHere:
    role = school.role
    customer = business.customer_of(school.code)
    if role is RoleHere.TEACHER and customer is not None and business.administrators.get(person.id) == customer:
        role = RoleHere.ADMINISTRATOR
    given = licensed(business, school.code, role, person.class_level, finnish_day(now))
    return SchoolHere(school, role, given.products, given.withheld)
