# SPDX-License-Identifier: Apache-2.0
"""What a school gives to whom: product, grade, school year."""

from __future__ import annotations

from datetime import date

import pytest

from federation.publisher import Licence
from sp_stub.rules.business import Business
from sp_stub.rules.licensing import Licensed, Withheld, licensed
from sp_stub.rules.person import RoleHere
from tests.builders.sp_business import business_of

AUTUMN = date(2026, 8, 12)


def selling(*licences: Licence) -> Business:
    return business_of(licences=licences)


def licence(**changes: object) -> Licence:
    return Licence(**{"school": "30076", "products": ("matikka-9",), **changes})


@pytest.mark.parametrize(
    ("role", "level", "given"),
    [
        (RoleHere.PUPIL, 9, Licensed(("matikka-9",), ())),
        (RoleHere.PUPIL, 8, Licensed((), (Withheld("matikka-9", "other-grade"),))),
        (RoleHere.PUPIL, None, Licensed((), (Withheld("matikka-9", "class-level-unknown"),))),
        (RoleHere.TEACHER, None, Licensed(("matikka-9",), ())),
        (RoleHere.ADMINISTRATOR, 8, Licensed(("matikka-9",), ())),
        (RoleHere.ADDITIONAL_USER, None, Licensed(("matikka-9",), ())),
    ],
)
def test_gives_a_licence_for_some_grades_to_pupils_of_these(role: RoleHere, level: int | None, given: Licensed):
    """Pupils by their grade, everybody else whatever the grade."""
    assert licensed(selling(licence(grades=(9,))), "30076", role, level, AUTUMN) == given


def test_gives_what_has_no_limit_to_a_pupil_of_whom_no_grade_is_known():
    """No class level, no loss of what is for all grades."""
    business = selling(licence(grades=(9,)), licence(products=("lukukirja-3",)))

    given = licensed(business, "30076", RoleHere.PUPIL, None, AUTUMN)

    assert given == Licensed(("lukukirja-3",), (Withheld("matikka-9", "class-level-unknown"),))


@pytest.mark.parametrize(
    ("today", "withheld"),
    [
        pytest.param(date(2026, 7, 31), Withheld("matikka-9", "school-year-not-begun", date(2026, 8, 1)), id="before"),
        pytest.param(date(2026, 8, 1), None, id="the first day"),
        pytest.param(date(2027, 7, 31), None, id="the last day"),
        pytest.param(date(2027, 8, 1), Withheld("matikka-9", "school-year-over", date(2027, 7, 31)), id="after"),
    ],
)
def test_holds_on_the_days_of_its_school_year(today: date, withheld: Withheld | None):
    """1 August to 31 July, for teachers as for pupils; outside, the school has it no more or not yet."""
    business = selling(licence(school_year="2026-2027"))

    for role in (RoleHere.PUPIL, RoleHere.TEACHER):
        given = licensed(business, "30076", role, 9, today)
        assert given == (Licensed((), (withheld,)) if withheld else Licensed(("matikka-9",), ()))


def test_gives_by_the_licence_that_holds_when_another_of_the_same_product_does_not():
    """Last year's licence takes nothing from this year's."""
    business = selling(licence(school_year="2025-2026"), licence(school_year="2026-2027"))

    assert licensed(business, "30076", RoleHere.PUPIL, 9, AUTUMN) == Licensed(("matikka-9",), ())


def test_gives_nothing_of_another_schools_licence():
    """A licence is one school's."""
    assert licensed(selling(licence()), "99905", RoleHere.TEACHER, None, AUTUMN) == Licensed((), ())


def test_gives_nothing_that_is_no_longer_sold():
    """A licence for a product that is gone opens nothing."""
    assert licensed(selling(licence(products=("gone",))), "30076", RoleHere.PUPIL, 9, AUTUMN) == Licensed((), ())


def test_shows_what_the_school_has_where_the_class_level_is_not_received():
    """The portal is not told the grade, and hides nothing by it."""
    business = business_of(simulated="portal", licences=(licence(grades=(3,)),))

    assert licensed(business, "30076", RoleHere.PUPIL, None, AUTUMN) == Licensed(("matikka-9",), ())
