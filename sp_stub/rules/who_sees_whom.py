# SPDX-License-Identifier: Apache-2.0
"""Whose data somebody may see and change besides their own (facts-publisher, accounts). Pure.

- A teacher: the pupils of their own groups, which is the same group of the same school.
- A teacher with administrator rights: the teachers of their own customer's schools.
- Nobody else anybody: neither pupils nor additional users, and an administrator no other customer's teachers.

What counts is what a person is now: a school whose contract is over, or that is not activated, gives no right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from federation.roles import ROLES_BY_CODE
from sp_stub.rules.decision import Decision
from sp_stub.rules.person import RoleHere

PUPIL_NUMBERS: Final = frozenset(code for code, role in ROLES_BY_CODE.items() if role.is_student)
TEACHER_NUMBERS: Final = frozenset(code for code, role in ROLES_BY_CODE.items() if role.is_teaching)


class Group(NamedTuple):
    """A group of a school: `7B` of one school is not `7B` of another."""

    school: str
    name: str


@dataclass(frozen=True)
class Rights:
    """Whom somebody may see: the pupils of `groups`, and the teachers of `customers`."""

    groups: frozenset[Group] = frozenset()
    schools: frozenset[str] = frozenset()
    """Where they teach: a group that an administrator gave them counts in these schools alone."""
    customers: frozenset[str] = frozenset()

    def with_given(self, given: Iterable[Group]) -> Rights:
        """Return the rights with the groups that an administrator gave beside the registry's."""
        return replace(self, groups=self.groups | {group for group in given if group.school in self.schools})


def rights(decision: Decision, customer_of: Callable[[str], str | None]) -> Rights:
    """Return whom the person of a decision may see; `customer_of` tells whose school one is."""
    if decision.outcome != "session":
        return Rights()
    teaches = [here for here in decision.schools if here.role.is_teaching]
    groups = {
        Group(here.code, role.group)
        for here in teaches
        for role in here.roles
        if role.group and role.code in TEACHER_NUMBERS
    }
    customers = {customer_of(here.code) for here in teaches if here.role is RoleHere.ADMINISTRATOR}
    return Rights(
        frozenset(groups),
        frozenset(here.code for here in teaches),
        frozenset(customer for customer in customers if customer is not None),
    )
