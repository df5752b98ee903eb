# SPDX-License-Identifier: Apache-2.0
"""What a decision opens: products, their parts, courses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from federation.model import Names
from federation.publisher import Course, Licence, PartKind
from sp_stub.rules.access import Giver, course_refused, own_courses, product_access
from sp_stub.rules.decision import decide
from sp_stub.rules.person import Grant, Person, RoleHere
from sp_stub.rules.rooms import Room
from tests.builders.sp_business import at_school, business_of, person_of

NOW = datetime(2026, 8, 12, 5, 0, tzinfo=UTC)
BOTH = ("30076", "99904", "99905")
FOR_ALL = (PartKind.BOOK, PartKind.EXERCISES)
TEACHERS = (PartKind.GUIDE, PartKind.PRESENTATION, PartKind.TESTS, PartKind.SOLUTIONS)


def access(person: Person, key: str = "matikka-9", **publisher: object):
    business = business_of(activated_schools=BOTH, **publisher)
    return product_access(person, decide(person, business, NOW), business, key)


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        pytest.param("1", FOR_ALL, id="a pupil"),
        pytest.param("2", (*FOR_ALL, *TEACHERS), id="a teacher"),
        pytest.param("6", (*FOR_ALL, *TEACHERS), id="a principal"),
        pytest.param("3", FOR_ALL, id="staff who do not teach"),
        pytest.param("4", FOR_ALL, id="a school secretary"),
    ],
)
def test_opens_teachers_parts_to_teachers_only(role: str, parts: tuple[PartKind, ...]):
    """Guides, presentations, tests and solutions are for teachers (facts-publisher, licences)."""
    opened = access(person_of(at_school(role=role)))

    assert opened is not None
    assert tuple(part for part, _ in opened.parts) == parts
    assert [part for part in TEACHERS if opened.refuses(part)] == [part for part in TEACHERS if part not in parts]


def test_gives_no_teachers_part_for_being_a_teacher_elsewhere():
    """A pupil of the school that has the product who teaches at one that has not."""
    opened = access(person_of(at_school("30076", role="1"), at_school("99904", role="2")))

    assert opened is not None
    assert [giver.role for giver in opened.givers] == [RoleHere.PUPIL]
    assert opened.refuses(PartKind.SOLUTIONS) == "wrong-role"


def test_names_every_school_that_gives_a_product():
    """The union says which school gives what."""
    opened = access(person_of(at_school("30076", role="2"), at_school("99905", role="2")))

    assert opened is not None
    assert opened.givers == (
        Giver("30076", "30076", RoleHere.TEACHER),
        Giver("99905", "99905", RoleHere.TEACHER),
    )
    assert opened.rooms == (Room.KAMPUS,)


@pytest.mark.parametrize("key", ["lukukirja-3", "no-such-product"])
def test_opens_nothing_that_no_school_of_the_person_has(key: str):
    """A product of another school, and one that nobody sells."""
    assert access(person_of(), key) is None


def test_opens_nothing_for_a_guessed_grade():
    """A licence for grade 8 is no licence for a ninth-grader of the same school."""
    licences = (Licence(school="30076", products=("matikka-9",), grades=(8,)),)

    assert access(person_of(class_level=9), licences=licences) is None
    assert access(person_of(class_level=8), licences=licences) is not None


def test_opens_what_is_a_persons_own():
    """A contract of one's own has no school; the role is the one that was agreed."""
    opened = access(person_of(came_by="account", id="7", schools=(), grants=(Grant("lukukirja-3"),)), "lukukirja-3")

    assert opened is not None
    assert opened.givers == (Giver(None, "", RoleHere.PUPIL),)
    assert opened.rooms == (Room.LEARNING_ENVIRONMENT,)


COURSES = {
    "fysiikka": Course(name=Names(fi="F"), schools=("30076",), ends="2026-08-12"),
    "matikka": Course(name=Names(fi="M"), product="matikka-9", ends="2026-12-31"),
    "muiden": Course(name=Names(fi="X"), schools=("99905",), ends="2026-12-31"),
}


def test_has_the_courses_of_its_schools_and_of_its_products():
    """By the institution's agreement, or with a product."""
    business = business_of(courses=COURSES)

    assert own_courses(decide(person_of(), business, NOW), business) == ("fysiikka", "matikka")


@pytest.mark.parametrize(
    ("key", "now", "because"),
    [
        pytest.param("fysiikka", NOW, None, id="until the course ends"),
        pytest.param("fysiikka", datetime(2026, 8, 12, 20, 59, 59, tzinfo=UTC), None, id="its last second in Finland"),
        pytest.param("fysiikka", datetime(2026, 8, 12, 21, 0, tzinfo=UTC), "course-ended", id="when it has ended"),
        pytest.param("muiden", NOW, "no-licence", id="another school's"),
        pytest.param("muiden", NOW + timedelta(days=365), "no-licence", id="another school's that has ended"),
    ],
)
def test_opens_a_course_until_it_ends(key: str, now: datetime, because: str | None):
    """Not after; and whose course it never was learns nothing of its end."""
    business = business_of(courses=COURSES)
    decision = decide(person_of(), business, now)

    assert course_refused(decision, business, key, now) == because
