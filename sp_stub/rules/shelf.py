# SPDX-License-Identifier: Apache-2.0
"""What a signed-in person sees on their shelf, put together from the decision and the service's products. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from federation.model import Language
from sp_stub.config import ServiceConfig
from sp_stub.rules.access import ProductAccess, is_over, own_courses, product_access
from sp_stub.rules.business import Business
from sp_stub.rules.days_in_words import day_in_words
from sp_stub.rules.decision import Decision, SchoolHere
from sp_stub.rules.licensing import WithheldBecause
from sp_stub.rules.person import Person, PersonSchool, RoleHere, SchoolRole
from sp_stub.rules.rooms import Room
from sp_stub.rules.target import COURSES


@dataclass(frozen=True)
class Card:
    """One material: where it opens, and the schools that give it."""

    key: str
    name: str
    url: str
    schools: tuple[str, ...]
    grades: str = ""
    has_teachers_parts: bool = False


@dataclass(frozen=True)
class RoomShelf:
    """The materials of one reading room."""

    room: Room
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class WithheldLine:
    """A material that a school has and that the person does not get now; `day` is the last or first day, in words."""

    name: str
    because: WithheldBecause
    day: str


@dataclass(frozen=True)
class SchoolShelf:
    """One school of the person: what they are there, the names of what it gives, and what it keeps back."""

    code: str
    name: str
    roles: tuple[SchoolRole, ...]
    materials: tuple[str, ...] = ()
    withheld: tuple[WithheldLine, ...] = ()
    is_administrator: bool = False


@dataclass(frozen=True)
class CourseCard:
    """One course, and until when its recordings can be watched."""

    key: str
    name: str
    url: str
    ends: str
    is_over: bool
    recordings: int


@dataclass(frozen=True)
class Shelf:
    """Everything on the materials page.

    `cards` is every material once, `rooms` the same by where they open; `notices` is what the person should know first,
    in their language.
    """

    person: str
    schools: tuple[SchoolShelf, ...]
    not_activated: tuple[SchoolShelf, ...]
    ended: tuple[SchoolShelf, ...]
    cards: tuple[Card, ...]
    rooms: tuple[RoomShelf, ...]
    courses: tuple[CourseCard, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShelfMaker:
    """Makes the shelves of one service at one moment, in one language."""

    config: ServiceConfig
    business: Business
    now: datetime
    language: Language

    def shelf(self, person: Person, decision: Decision, notices: tuple[str, ...] = ()) -> Shelf:
        """Return the shelf of a person; products the publisher no longer sells are left out."""
        found = (product_access(person, decision, self.business, key) for key in decision.materials)
        opened = [access for access in found if access is not None]
        return Shelf(
            person=person.name,
            schools=tuple(map(self._school, decision.schools)),
            not_activated=tuple(map(_other_school, decision.not_activated)),
            ended=tuple(map(_other_school, decision.ended)),
            cards=tuple(self.card(access, access.rooms[0]) for access in opened),
            rooms=tuple(self._rooms(opened)),
            courses=tuple(self.course(key) for key in own_courses(decision, self.business)),
            notices=notices,
        )

    def card(self, access: ProductAccess, room: Room) -> Card:
        """Return a material as it stands in a room."""
        product = access.product
        return Card(
            key=access.key,
            name=product.name.in_language(self.language),
            url=f"/{room}/{access.key}",
            schools=tuple(dict.fromkeys(giver.name for giver in access.givers if giver.name)),
            grades=span_of(product.grades),
            has_teachers_parts=any(audience == "teachers" for _, audience in access.parts),
        )

    def course(self, key: str) -> CourseCard:
        """Return a course as it stands on the shelf."""
        course = self.business.courses[key]
        return CourseCard(
            key=key,
            name=course.name.in_language(self.language),
            url=f"{COURSES}/{key}",
            ends=day_in_words(date.fromisoformat(course.ends), self.language),
            is_over=is_over(course, self.now),
            recordings=len(course.recordings),
        )

    def _rooms(self, opened: list[ProductAccess]) -> Iterator[RoomShelf]:
        for room in Room:
            cards = tuple(self.card(access, room) for access in opened if room in access.rooms)
            if cards:
                yield RoomShelf(room, cards)

    def _school(self, school: SchoolHere) -> SchoolShelf:
        return SchoolShelf(
            code=school.code,
            name=school.name,
            roles=school.roles,
            materials=tuple(map(self._name, school.materials)),
            withheld=tuple(
                WithheldLine(
                    self._name(withheld.product),
                    withheld.because,
                    "" if withheld.day is None else day_in_words(withheld.day, self.language),
                )
                for withheld in school.withheld
                if withheld.because != "other-grade"
            ),
            is_administrator=school.role is RoleHere.ADMINISTRATOR,
        )

    def _name(self, product: str) -> str:
        return self.business.products[product].name.in_language(self.language)


def _other_school(school: PersonSchool) -> SchoolShelf:
    return SchoolShelf(school.code, school.name, school.roles)


def span_of(grades: tuple[int, ...]) -> str:
    """Return grades as `3–6`, or one by one where some between them are missing; empty where there are none."""
    ordered = sorted(grades)
    if len(ordered) > 1 and ordered[-1] - ordered[0] + 1 == len(ordered):
        return f"{ordered[0]}–{ordered[-1]}"
    return ", ".join(map(str, ordered))
