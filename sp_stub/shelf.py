# SPDX-License-Identifier: Apache-2.0
"""What a signed-in person sees, put together from the decision and the service's products. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from federation.model import Language, ProductLevel
from sp_stub.config import ServiceConfig
from sp_stub.decision import Attributes, Decision, PersonSchool, SchoolRole, first_value


@dataclass(frozen=True)
class Card:
    """One material: where it opens, and the schools that give it."""

    key: str
    name: str
    level: ProductLevel
    url: str
    schools: tuple[str, ...]


@dataclass(frozen=True)
class SchoolShelf:
    """One school of the person, what they are there, and the names of what it gives."""

    code: str
    name: str
    roles: tuple[SchoolRole, ...]
    materials: tuple[str, ...]


@dataclass(frozen=True)
class Shelf:
    """Everything on the materials page."""

    person: str
    schools: tuple[SchoolShelf, ...]
    not_activated: tuple[SchoolShelf, ...]
    cards: tuple[Card, ...]


def shelf(config: ServiceConfig, attributes: Attributes, decision: Decision, language: Language) -> Shelf:
    """Return the shelf of a person in their language; products the publisher no longer sells are left out."""
    cards = tuple(
        Card(
            key=key,
            name=config.publisher.products[key].name.in_language(language),
            level=config.publisher.products[key].level,
            url=product_url(config, key),
            schools=tuple(school.name or school.code for school in decision.schools if key in school.materials),
        )
        for key in decision.materials
        if key in config.publisher.products
    )
    names = {card.key: card.name for card in cards}
    return Shelf(
        person=_person(attributes),
        schools=tuple(_school(school, names) for school in decision.schools),
        not_activated=tuple(_school(school, names) for school in decision.not_activated),
        cards=cards,
    )


def product_url(config: ServiceConfig, key: str) -> str:
    """Return where a product opens: at the publisher, from the portal by its whole address."""
    origin = "" if config.simulated == "publisher" else config.publisher_origin
    return f"{origin}/materials/{key}"


def _person(attributes: Attributes) -> str:
    """Return the name to greet with: the name in use where it is known, empty where no name came."""
    given = first_value(attributes, "nickname") or first_value(attributes, "given_name")
    return " ".join(filter(None, (given, first_value(attributes, "surname"))))


def _school(school: PersonSchool, names: Mapping[str, str]) -> SchoolShelf:
    materials = tuple(names[key] for key in school.materials if key in names)
    return SchoolShelf(school.code, school.name, school.roles, materials)
