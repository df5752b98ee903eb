# SPDX-License-Identifier: Apache-2.0
"""What a decision opens: a product with its parts and rooms, a course with its recordings. Pure.

- A product opens to whom one of their schools, or a grant of their own, gives it: else `no-licence` (115).
- A part for teachers opens to whom such a school knows as a teacher: what somebody is at another school, which does not
  have the product, gives them nothing here. Else `wrong-role` (116).
- A course opens to people of its schools, and to whoever may use its product; until its last day is over in Finland,
  its recordings with it. Afterwards: `course-ended` (123), but only to those whose course it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from federation.model import SchoolType
from federation.publisher import Audience, Course, PartKind, Product
from sp_stub.rules.business import Business
from sp_stub.rules.decision import Decision
from sp_stub.rules.finnish_time import end_of
from sp_stub.rules.person import Person, RoleHere
from sp_stub.rules.rooms import Room, rooms_of


@dataclass(frozen=True)
class Giver:
    """A school that gives a product, or nobody's school for what is a person's own."""

    school: str | None
    name: str
    role: RoleHere


@dataclass(frozen=True)
class ProductAccess:
    """A product that a person may open: who gives it, and where it opens, the likeliest room first."""

    key: str
    product: Product
    givers: tuple[Giver, ...]
    rooms: tuple[Room, ...]

    @property
    def is_teaching(self) -> bool:
        """Whether teachers' parts are for this person."""
        return any(giver.role.is_teaching for giver in self.givers)

    @property
    def parts(self) -> tuple[tuple[PartKind, Audience], ...]:
        """The parts that open to this person, with whom they are for, in the order of the kinds."""
        held = self.product.parts
        return tuple((part, held[part]) for part in PartKind if part in held and self.refuses(part) is None)

    def refuses(self, part: PartKind) -> str | None:
        """Return why a part that the product has does not open; `None` when it does."""
        is_for_them = self.product.parts[part] == "everyone" or self.is_teaching
        return None if is_for_them else "wrong-role"


def product_access(person: Person, decision: Decision, business: Business, key: str) -> ProductAccess | None:
    """Return what a person may do with a product, `None` where nobody gives it to them."""
    product = business.products.get(key)
    givers = (
        *(Giver(each.code, each.name or each.code, each.role) for each in decision.schools if key in each.materials),
        *(_grantor(grant.school, grant.role, business) for grant in decision.grants if grant.product == key),
    )
    if product is None or not givers:
        return None
    rooms = (room for giver in givers for room in rooms_of(product, _type_of(giver, business), _grade(giver, person)))
    return ProductAccess(key, product, givers, tuple(dict.fromkeys(rooms)))


def _grantor(school: str | None, role: RoleHere, business: Business) -> Giver:
    return Giver(school, "" if school is None else business.school_names.get(school, school), role)


def _type_of(giver: Giver, business: Business) -> SchoolType | None:
    known = None if giver.school is None else business.schools.get(giver.school)
    return None if known is None else known.type


def _grade(giver: Giver, person: Person) -> int | None:
    return person.class_level if giver.role is RoleHere.PUPIL else None


def own_courses(decision: Decision, business: Business) -> tuple[str, ...]:
    """Return the courses of a person, over or not, in the order of their schools and products."""
    of_schools = [key for school in decision.schools for key in business.courses_of_school.get(school.code, ())]
    of_products = [key for product in decision.materials for key in business.courses_of_product.get(product, ())]
    return tuple(dict.fromkeys((*of_schools, *of_products)))


def course_refused(decision: Decision, business: Business, key: str, now: datetime) -> str | None:
    """Return why a course that there is does not open; `None` when it does."""
    if key not in own_courses(decision, business):
        return "no-licence"
    return "course-ended" if is_over(business.courses[key], now) else None


def is_over(course: Course, now: datetime) -> bool:
    """Tell whether a course's last day is over in Finland."""
    return now >= end_of(date.fromisoformat(course.ends))
