# SPDX-License-Identifier: Apache-2.0
"""What one school gives to one of its people: licence by product, grade and school year. Pure.

- A licence holds on the days of its school year, 1 August to 31 July; one without a school year holds on.
- A licence for some grades gives a pupil of those grades the product. A pupil of whom no grade is known gets what has
  no limit of grades. Everybody else at the school gets it whatever the grade.
- Products that the publisher no longer sells are left out.

Of what is held back, a person is told what they may miss: a school year that is over or has not begun, and what their
own missing class level costs. What is simply for other grades is no news.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from sp_stub.rules.business import Business, LicensedProduct
from sp_stub.rules.person import RoleHere

WithheldBecause: TypeAlias = Literal["school-year-over", "school-year-not-begun", "class-level-unknown", "other-grade"]


@dataclass(frozen=True)
class Withheld:
    """A product that the school has, and why this person does not get it now."""

    product: str
    because: WithheldBecause
    day: date | None = None
    """The last or first day of the school year."""


@dataclass(frozen=True)
class Licensed:
    """What a school gives and keeps back, in the order of its licences; each product once, in one of the two."""

    products: tuple[str, ...]
    withheld: tuple[Withheld, ...]


def licensed(business: Business, school: str, role: RoleHere, class_level: int | None, today: date) -> Licensed:
    """Return what a school gives to somebody in this role and of this class level."""
    given: dict[str, None] = {}
    withheld: dict[str, Withheld] = {}
    for licence, because in _judged(business, school, role, class_level, today):
        if because is None:
            given[licence.product] = None
        else:
            day = licence.first_day if because == "school-year-not-begun" else licence.last_day
            withheld.setdefault(licence.product, Withheld(licence.product, because, day))
    return Licensed(tuple(given), tuple(each for each in withheld.values() if each.product not in given))


def _judged(
    business: Business, school: str, role: RoleHere, class_level: int | None, today: date
) -> Iterator[tuple[LicensedProduct, WithheldBecause | None]]:
    """Give each licence of the school with why it gives nothing, `None` where it gives its product."""
    for licence in business.licences.get(school, ()):
        if licence.product in business.products:
            looks_at_grade = role is RoleHere.PUPIL and business.knows_grades
            yield licence, _out_of_time(licence, today) or (_of_grade(licence, class_level) if looks_at_grade else None)


def _out_of_time(licence: LicensedProduct, today: date) -> WithheldBecause | None:
    if licence.last_day is not None and today > licence.last_day:
        return "school-year-over"
    if licence.first_day is not None and today < licence.first_day:
        return "school-year-not-begun"
    return None


def _of_grade(licence: LicensedProduct, class_level: int | None) -> WithheldBecause | None:
    if not licence.grades or class_level in licence.grades:
        return None
    return "class-level-unknown" if class_level is None else "other-grade"
