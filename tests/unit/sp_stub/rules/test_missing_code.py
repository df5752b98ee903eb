# SPDX-License-Identifier: Apache-2.0
"""When a school code seems to be missing, and when nothing is said of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from federation.publisher import Contract, Licence
from sp_stub.rules.decision import decide
from sp_stub.rules.missing_code import MissingCode, NamedSchool, missing_for_product, missing_role
from sp_stub.rules.person import Person
from tests.builders.sp_business import at_school, business_of, person_of

NOW = datetime(2026, 8, 12, 5, 0, tzinfo=UTC)
TEACHER = person_of(at_school("30076", "2"))
OF_THE_OTHER_SCHOOL = (Licence(school="30079", products=("lukukirja-3",)),)
BOTH = ("30076", "30079")


def missing(person: Person = TEACHER, **publisher: Any) -> MissingCode | None:  # noqa: ANN401  # any field
    """Return what the person is told who opens a product that only 30079 of the same customer has."""
    declared = {"licences": OF_THE_OTHER_SCHOOL, "activated_schools": BOTH, **publisher}
    business = business_of(**declared)
    return missing_for_product(person, decide(person, business, NOW), business, "lukukirja-3", NOW)


def test_names_the_school_of_the_same_customer_that_has_the_product():
    """And says which code came."""
    assert missing() == MissingCode("product", ("30076",), (NamedSchool("30079", "Lukio"),))


@pytest.mark.parametrize(
    ("person", "publisher"),
    [
        pytest.param(person_of(at_school("30076", "1")), {}, id="to a pupil"),
        pytest.param(TEACHER, {"activated_schools": ("30076",)}, id="of a school that is not activated"),
        pytest.param(
            TEACHER,
            {"licences": (Licence(school="30079", products=("lukukirja-3",), school_year="2024-2025"),)},
            id="of a licence that is over",
        ),
        pytest.param(
            TEACHER, {"licences": (Licence(school="99904", products=("lukukirja-3",)),)}, id="of another customer"
        ),
        pytest.param(TEACHER, {"licences": ()}, id="where nobody has the product"),
        pytest.param(person_of(at_school("30076", "2"), at_school("30079", "2")), {}, id="to who came with both codes"),
        pytest.param(TEACHER, {"contracts": {"mansikkala": Contract(ends="2025-07-31")}}, id="after the contract"),
    ],
)
def test_says_nothing(person: Person, publisher: dict[str, Any]):
    """A school whose code would not help, or is none of the person's business, is not named."""
    assert missing(person, **publisher) is None


def test_names_no_more_schools_than_somebody_can_tell_apart():
    """The others are counted."""
    person = person_of(at_school("30076", "2"))
    named = [f"3008{number};Koulu {number}" for number in range(7)]

    told = missing_role(person, {"school_info": ["30076;Peruskoulu", *named]})

    assert told is not None
    assert [school.code for school in told.schools] == [f"3008{number}" for number in range(5)]
    assert told.more == 2


def test_notices_a_school_that_came_without_a_role():
    """`schoolInfo` names two schools, `role` only one: the role value of the other was dropped on the way."""
    attributes = {
        "school_info": ["30076;Peruskoulu", "1.2.246.562.99.00000000002;Peruskoulu", "90101;Toinen koulu"],
    }

    assert missing_role(TEACHER, attributes) == MissingCode("role", ("30076",), (NamedSchool("90101", "Toinen koulu"),))
    assert missing_role(TEACHER, {"school_info": ["30076;Peruskoulu"]}) is None
