# SPDX-License-Identifier: Apache-2.0
"""The portal's shop front: what the person's schools have ordered, as cards, and what of it a search finds. Pure.

- A card is a product that a school gives to this person; it leads to the product at the publisher.
- A search finds a card by words of its name, in any language, or of a school that gives it; every word must be found.
- What a school has ordered and does not give today stands apart, with the day.

The portal does not know which schools the publisher has activated: that is the publisher's to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import quote

from federation.model import Language, Names
from federation.publisher import ProductLevel
from sp_stub.config import ServiceConfig
from sp_stub.rules.access import ProductAccess, product_access
from sp_stub.rules.business import Business, LicensedProduct
from sp_stub.rules.covers import Cover, cover_of
from sp_stub.rules.days_in_words import day_in_words
from sp_stub.rules.decision import Decision
from sp_stub.rules.finnish_time import finnish_day
from sp_stub.rules.person import Person, PersonSchool
from sp_stub.rules.rooms import Room
from sp_stub.rules.shelf import span_of
from sp_stub.rules.target import HOME, VIA_PORTAL

MAX_WORDS: Final = 100
"""How much of what was typed is looked for, in characters."""


@dataclass(frozen=True)
class Search:
    """What somebody looks for; what is empty limits nothing."""

    words: str = ""
    level: ProductLevel | None = None
    school: str = ""

    @classmethod
    def of(cls, words: str, level: str, school: str, schools: frozenset[str]) -> Search:
        """Return what a form's fields ask for; a level or a school that there is not limits nothing."""
        known = next((each for each in ProductLevel if each == level), None)
        return cls(" ".join(words[:MAX_WORDS].split()), known, school if school in schools else "")

    @property
    def limits(self) -> bool:
        """Whether it may leave anything out."""
        return bool(self.words or self.level or self.school)


@dataclass(frozen=True)
class Offer:
    """One card: a product, who gives it, and what one must know of it; `until` is its last day, in words."""

    key: str
    name: str
    url: str
    cover: Cover
    levels: tuple[ProductLevel, ...]
    grades: str
    schools: tuple[str, ...]
    rooms: tuple[Room, ...]
    has_teachers_parts: bool
    until: str


@dataclass(frozen=True)
class HeldBack:
    """A product that a school has ordered and that does not open today."""

    name: str
    school: str
    is_over: bool
    day: str


@dataclass(frozen=True)
class Storefront:
    """Everything on the portal's page: `offers` is what the search found of `ordered` products."""

    schools: tuple[PersonSchool, ...]
    search: Search
    offers: tuple[Offer, ...]
    ordered: int
    levels: tuple[ProductLevel, ...]
    held_back: tuple[HeldBack, ...]


@dataclass(frozen=True)
class StorefrontMaker:
    """Makes the shop front of one portal at one moment, in one language."""

    config: ServiceConfig
    business: Business
    now: datetime
    language: Language

    def storefront(self, person: Person, decision: Decision, search: Search) -> Storefront:
        """Return what a person sees."""
        found = (product_access(person, decision, self.business, key) for key in decision.materials)
        given = [access for access in found if access is not None]
        ordered_levels = {level for access in given for level in _levels(access)}
        return Storefront(
            schools=tuple(school.school for school in decision.schools),
            search=search,
            offers=tuple(self._offer(access) for access in given if _fits(access, search)),
            ordered=len(given),
            levels=tuple(level for level in ProductLevel if level in ordered_levels),
            held_back=tuple(self._held_back(decision)),
        )

    def _offer(self, access: ProductAccess) -> Offer:
        return Offer(
            key=access.key,
            name=access.product.name.in_language(self.language),
            url=publisher_link(self.config, access.key),
            cover=cover_of(access.key),
            levels=_levels(access),
            grades=span_of(access.product.grades),
            schools=tuple(dict.fromkeys(giver.name for giver in access.givers if giver.name)),
            rooms=access.rooms,
            has_teachers_parts=any(audience == "teachers" for _, audience in access.parts),
            until=self._until(access),
        )

    def _until(self, access: ProductAccess) -> str:
        """Return the last day that any school gives the product, empty where it is given for good."""
        today, last_days = finnish_day(self.now), list[date]()
        for giver in access.givers:
            for licence in self.business.licences.get(giver.school or "", ()):
                if licence.product != access.key or not _holds(licence, today):
                    continue
                if licence.last_day is None:
                    return ""
                last_days.append(licence.last_day)
        return day_in_words(max(last_days), self.language) if last_days else ""

    def _held_back(self, decision: Decision) -> Iterator[HeldBack]:
        given = decision.materials
        for school in decision.schools:
            for withheld in school.withheld:
                if withheld.day is not None and withheld.product not in given:
                    yield HeldBack(
                        name=self.business.products[withheld.product].name.in_language(self.language),
                        school=school.name or school.code,
                        is_over=withheld.because == "school-year-over",
                        day=day_in_words(withheld.day, self.language),
                    )


def publisher_link(config: ServiceConfig, key: str, query: str = "") -> str:
    """Return the deep link of a product at the publisher: with the query that came, and the mark of who comes from here.

    By the mark the publisher knows whither a person goes back whom it cannot let in.
    """
    kept = "&".join(part for part in query.split("&") if part and part != VIA_PORTAL)
    return f"{config.publisher_origin}{HOME}/{quote(key)}?{kept}{'&' if kept else ''}{VIA_PORTAL}"


def _levels(access: ProductAccess) -> tuple[ProductLevel, ...]:
    return tuple(dict.fromkeys((access.product.level, *access.product.also)))


def _holds(licence: LicensedProduct, today: date) -> bool:
    begun = licence.first_day is None or licence.first_day <= today
    return begun and (licence.last_day is None or today <= licence.last_day)


def _fits(access: ProductAccess, search: Search) -> bool:
    if search.level is not None and search.level not in _levels(access):
        return False
    if search.school and all(giver.school != search.school for giver in access.givers):
        return False
    text = " ".join([*_every_name(access.product.name), *(giver.name for giver in access.givers)]).casefold()
    return all(word in text for word in search.words.casefold().split())


def _every_name(names: Names) -> tuple[str, ...]:
    return tuple(names.in_language(language) for language in ("fi", "sv", "en"))
