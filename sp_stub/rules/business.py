# SPDX-License-Identifier: Apache-2.0
"""The service's business in the form that decisions want: everything found by key, nothing searched. Pure.

A `Business` is built once from the configuration, because a publisher of a whole country has thousands of schools and
a decision is asked for at each page. What staff did since lies over it (`with_changes`), again once for each change.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from federation.publisher import Contract, Course, Licence, Product, ServiceHours
from sp_stub.config import KnownSchool, ServiceConfig
from sp_stub.rules.finnish_time import end_of
from sp_stub.rules.person import Grant

_FIRST_DAY: Final = (8, 1)
_LAST_DAY: Final = (7, 31)


@dataclass(frozen=True)
class LicensedProduct:
    """One product that a school may use: for these grades, none named meaning all, and in this time."""

    product: str
    grades: frozenset[int] = frozenset()
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Changes:
    """What staff did, over what is declared: only the differences.

    `activated` says of a school whether it is now; `contract_ends` of an education provider from which moment its
    contract is over, `None` where it goes on again. `blocked` and `closed` are ids of persons and accounts, and
    `grants` is what single people were given, by the same ids.
    """

    activated: Mapping[str, bool] = field(default_factory=dict)
    contract_ends: Mapping[str, datetime | None] = field(default_factory=dict)
    blocked: AbstractSet[str] = frozenset()
    closed: AbstractSet[str] = frozenset()
    grants: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Business:
    """What a service decides by.

    `activated` is the publisher's gate, `None` for a service without one. `contract_ends` is the moment from which an
    education provider's contract is over; one that is not named goes on. `hours` is `None` where it never closes.
    `knows_grades` tells whether licences for some grades are looked at: a service that is not told the class level
    shows what the school has. `administrators` are customers by uid.
    """

    activated: AbstractSet[str] | None
    schools: Mapping[str, KnownSchool]
    products: Mapping[str, Product]
    licences: Mapping[str, tuple[LicensedProduct, ...]]
    courses: Mapping[str, Course]
    courses_of_school: Mapping[str, tuple[str, ...]]
    courses_of_product: Mapping[str, tuple[str, ...]]
    contract_ends: Mapping[str, datetime]
    hours: ServiceHours | None
    administrators: Mapping[str, str]
    school_names: Mapping[str, str]
    knows_grades: bool = True
    blocked: AbstractSet[str] = frozenset()
    closed: AbstractSet[str] = frozenset()
    grants: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, config: ServiceConfig) -> Business:
        """Return the business that is declared; the portal has no gate, contract and hours of its own."""
        declared = config.publisher
        is_publisher = config.simulated == "publisher"
        hours = declared.service_hours if is_publisher else None
        return cls(
            activated=frozenset(declared.activated_schools) if is_publisher else None,
            schools=config.schools,
            products=declared.products,
            licences=_licences(declared.licences),
            courses=declared.courses if is_publisher else {},
            courses_of_school=_courses(declared.courses, by_product=False) if is_publisher else {},
            courses_of_product=_courses(declared.courses, by_product=True) if is_publisher else {},
            contract_ends=_contract_ends(declared.contracts) if is_publisher else {},
            hours=hours if hours is not None and hours.observed else None,
            administrators=config.administrators,
            school_names={code: school.name.fi for code, school in config.schools.items()},
            knows_grades="class_level" in config.receives,
        )

    def with_changes(self, changes: Changes) -> Business:
        """Return the business as it is after what staff did; `self` is what is declared, without any changes yet."""
        activated = self.activated
        if activated is not None:
            on = {school for school, is_on in changes.activated.items() if is_on}
            activated = (activated | on) - (changes.activated.keys() - on)
        ends = {**self.contract_ends, **changes.contract_ends}
        return replace(
            self,
            activated=activated,
            contract_ends={customer: moment for customer, moment in ends.items() if moment is not None},
            blocked=changes.blocked,
            closed=changes.closed,
            grants=changes.grants,
        )

    def customer_of(self, school: str) -> str | None:
        """Return whose school it is: the key of its education provider, `None` for a school nobody declared."""
        known = self.schools.get(school)
        return None if known is None else known.customer

    def has_contract(self, customer: str | None, now: datetime) -> bool:
        """Tell whether a customer's contract holds."""
        ends = None if customer is None else self.contract_ends.get(customer)
        return ends is None or now < ends

    def is_activated(self, school: str) -> bool:
        """Tell whether a school uses MPASSid here."""
        return self.activated is None or school in self.activated


def _licences(declared: tuple[Licence, ...]) -> Mapping[str, tuple[LicensedProduct, ...]]:
    """Return what each school has, in the order of the declaration."""
    held: dict[str, dict[LicensedProduct, None]] = {}
    for licence in declared:
        first, last = _days(licence.school_year)
        for product in licence.products:
            of_school = held.setdefault(licence.school, {})
            of_school[LicensedProduct(product, frozenset(licence.grades), first, last)] = None
    return {school: tuple(products) for school, products in held.items()}


def _days(school_year: str | None) -> tuple[date | None, date | None]:
    """Return the first and the last day of a school year."""
    if school_year is None:
        return None, None
    begins, _, ends = school_year.partition("-")
    return date(int(begins), *_FIRST_DAY), date(int(ends), *_LAST_DAY)


def _contract_ends(contracts: Mapping[str, Contract]) -> Mapping[str, datetime]:
    return {
        customer: end_of(date.fromisoformat(contract.ends))
        for customer, contract in contracts.items()
        if contract.ends is not None
    }


def _courses(courses: Mapping[str, Course], *, by_product: bool) -> Mapping[str, tuple[str, ...]]:
    """Return the courses of each product, or those of each school."""
    found: dict[str, tuple[str, ...]] = {}
    for key, course in courses.items():
        owners = (course.product,) if by_product else course.schools
        for owner in filter(None, owners):
            found[owner] = (*found.get(owner, ()), key)
    return found
