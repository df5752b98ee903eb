# SPDX-License-Identifier: Apache-2.0
"""What the publisher's side of a declaration may not say. Problems are found in the document.

- Activated schools, licensed schools and products, education providers of contracts, schools and products of courses
  and accounts, and administrators exist; nothing is listed twice.
- A day is a day of the calendar, a school year is of two years that follow each other, hours open before they close.
- A product's grades are those of its levels, and a licence's those of its products; a product holds something.
- A course is somebody's; two accounts share no mail address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from federation.document import Entry, Kind, Mapping, Node, Scalar, Step, dotted, entries, entry, items, text, value
from federation.errors import Problem
from federation.generated_people import generated_number
from federation.model import GeneratedPeople
from federation.references import reference, references
from federation.suggestion import quoted

LOWEST_LOWER_SECONDARY_GRADE: Final = 7
"""The learning environment ends with grade 6, Kampus begins with grade 7 (facts-publisher, two ways in)."""

_DAY: Final = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_DAY_OF_YEAR: Final = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_SCHOOL_YEAR: Final = re.compile(r"(20[0-9]{2})-(20[0-9]{2})")
_LEAP_YEAR: Final = "2028"
_OPENS: Final = "06:00"
_CLOSES: Final = "24:00"

_Steps = tuple[Step, ...]


@dataclass(frozen=True)
class _Known:
    """What references may name."""

    providers: Mapping | None
    schools: frozenset[str]
    products: Mapping | None


def publisher_problems(document: Node) -> Iterator[Problem]:
    """Find what the publisher's side may not say."""
    publisher = value(document, "publisher")
    providers, products = value(document, "education_providers"), value(publisher, "products")
    schools = (
        text(value(school, "code"))
        for provider in entries(providers)
        for _, school in items(value(provider.node, "schools"))
    )
    known = _Known(
        providers=providers if isinstance(providers, Mapping) else None,
        schools=frozenset(code for code in schools if code),
        products=products if isinstance(products, Mapping) else None,
    )
    for check in _CHECKS:
        yield from check(publisher, known)


def _activated(publisher: Node | None, known: _Known) -> Iterator[Problem]:
    steps = ("publisher", "activated_schools")
    yield from references(value(publisher, "activated_schools"), steps, "school", known.schools)


def _contracts(publisher: Node | None, known: _Known) -> Iterator[Problem]:
    providers = _keys(known.providers)
    for contract in entries(value(publisher, "contracts")):
        steps = ("publisher", "contracts", contract.key)
        if contract.key not in providers:
            yield _problem(contract, steps, "is no education provider; name one of education_providers")
        yield from _day(value(contract.node, "ends"), (*steps, "ends"))


def _products(publisher: Node | None, _known: _Known) -> Iterator[Problem]:
    for product in entries(value(publisher, "products")):
        steps = ("publisher", "products", product.key)
        parts = value(product.node, "parts")
        if isinstance(parts, Mapping) and not parts.entries:
            yield _problem(parts, (*steps, "parts"), "holds nothing; name a part, or leave it out for the usual ones")
        levels = [text(value(product.node, "level"))]
        for index, level in items(value(product.node, "also")):
            if text(level) in levels:
                yield _problem(level, (*steps, "also", index), f"got {quoted(text(level) or '')} again; remove it")
            levels.append(text(level))
        yield from _grades(value(product.node, "grades"), (*steps, "grades"))
        for index, node, grade in _written_grades(product.node):
            if _level(grade) not in levels:
                message = f"grade {grade} is {_level(grade)}, which the product is not for; add the level, or remove it"
                yield _problem(node, (*steps, "grades", index), message)


def _licences(publisher: Node | None, known: _Known) -> Iterator[Problem]:
    grades_of = {
        product.key: {grade for _, _, grade in _written_grades(product.node)} for product in entries(known.products)
    }
    for index, licence in items(value(publisher, "licences")):
        steps = ("publisher", "licences", index)
        products = value(licence, "products")
        yield from reference(value(licence, "school"), (*steps, "school"), "school", known.schools)
        yield from references(products, (*steps, "products"), "product", _keys(known.products))
        yield from _school_year(value(licence, "school_year"), (*steps, "school_year"))
        yield from _grades(value(licence, "grades"), (*steps, "grades"))
        for place, node, grade in _written_grades(licence):
            for _, product in items(products):
                has = grades_of.get(text(product) or "")
                if has and grade not in has:
                    message = f"grade {grade} is none of {text(product)}'s grades; remove it, or add it to the product"
                    yield _problem(node, (*steps, "grades", place), message)


def _courses(publisher: Node | None, known: _Known) -> Iterator[Problem]:
    for course in entries(value(publisher, "courses")):
        steps = ("publisher", "courses", course.key)
        schools, product = value(course.node, "schools"), value(course.node, "product")
        yield from references(schools, (*steps, "schools"), "school", known.schools)
        yield from reference(product, (*steps, "product"), "product", _keys(known.products))
        yield from _day(value(course.node, "ends"), (*steps, "ends"))
        yield from _recordings(value(course.node, "recordings"), (*steps, "recordings"))
        if product is None and not list(items(schools)) and entries(course.node):
            yield _problem(course, steps, "says neither `schools` nor `product`; say whose course it is")


def _recordings(listing: Node | None, steps: _Steps) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, recording in items(listing):
        node = value(recording, "key")
        key = text(node)
        if node is not None and key is not None:
            if key in seen:
                yield _problem(node, (*steps, index, "key"), f"got {quoted(key)} again; give each recording its own")
            seen.add(key)


def _hours(publisher: Node | None, _known: _Known) -> Iterator[Problem]:
    steps = ("publisher", "service_hours")
    hours = value(publisher, "service_hours")
    if hours is None:
        return
    yield from _opens_before_it_closes(hours, steps)
    for index, period in items(value(hours, "periods")):
        here = (*steps, "periods", index)
        yield from _opens_before_it_closes(period, here)
        for key in ("begins", "ends"):
            yield from _day(value(period, key), (*here, key), _DAY_OF_YEAR, f"{_LEAP_YEAR}-")


def _administrators(publisher: Node | None, known: _Known) -> Iterator[Problem]:
    people = ("publisher", "administrators")
    listed = value(publisher, "administrators")
    written = [name for _, node in items(listed) if (name := text(node))]
    existing = [name for name in written if "/" not in name or _is_somebody(name, known.providers)]
    yield from references(listed, people, "person", existing)


def _accounts(publisher: Node | None, known: _Known) -> Iterator[Problem]:
    first: dict[str, Entry] = {}
    for account in entries(value(publisher, "accounts")):
        steps = ("publisher", "accounts", account.key)
        yield from references(value(account.node, "schools"), (*steps, "schools"), "school", known.schools)
        yield from references(value(account.node, "products"), (*steps, "products"), "product", _keys(known.products))
        node = value(account.node, "mail")
        mail = text(node)
        if node is None or mail is None:
            continue
        other = first.setdefault(mail.lower(), account)
        if other is not account:
            message = f"got {quoted(mail)}, as {other.key} on line {other.line} has; give each its own"
            yield _problem(node, (*steps, "mail"), message)


def _terms(publisher: Node | None, _known: _Known) -> Iterator[Problem]:
    yield from _day(value(publisher, "terms", "since"), ("publisher", "terms", "since"))


def _is_somebody(name: str, providers: Mapping | None) -> bool:
    key, _, user_name = name.partition("/")
    provider = value(providers, key)
    if entry(value(provider, "people"), user_name) is not None:
        return True
    count = value(provider, "generated_people", "count")
    if not isinstance(count, Scalar) or not count.text.isdecimal():
        return False
    # only the number of people is looked at, whatever else is wrong with what is declared of them
    return generated_number(user_name, GeneratedPeople.model_construct(count=int(count.text[:9]), seed=0)) is not None


def _written_grades(holder: Node | None) -> Iterator[tuple[int, Node, int]]:
    """Give the grades that are numbers, with their place in the list."""
    for index, node in items(value(holder, "grades")):
        if isinstance(node, Scalar) and node.kind is Kind.NUMBER and re.fullmatch("[0-9]|10", node.text):
            yield index, node, int(node.text)


def _level(grade: int) -> str:
    return "lower-secondary" if grade >= LOWEST_LOWER_SECONDARY_GRADE else "primary"


def _grades(listing: Node | None, steps: _Steps) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, node in items(listing):
        written = node.text if isinstance(node, Scalar) else ""
        if written and written in seen:
            yield _problem(node, (*steps, index), f"got grade {written} again; remove it")
        seen.add(written)


def _opens_before_it_closes(hours: Node, steps: _Steps) -> Iterator[Problem]:
    opens, closes = value(hours, "opens"), value(hours, "closes")
    first, last = text(opens) or _OPENS, text(closes) or _CLOSES
    if _TIME.fullmatch(first) and _TIME.fullmatch(last) and first >= last:
        message = f"opens at {first} and closes at {last}; it must open first"
        yield _problem(closes or opens or hours, (*steps, "closes"), message)


def _day(node: Node | None, steps: _Steps, form: re.Pattern[str] = _DAY, year: str = "") -> Iterator[Problem]:
    """Find a day that has the right form and that no calendar has."""
    day = text(node)
    if node is None or day is None or not form.fullmatch(day):
        return
    try:
        date.fromisoformat(f"{year}{day}")
    except ValueError:
        yield _problem(node, steps, f"got {quoted(day)}, which is no day of the calendar")


def _school_year(node: Node | None, steps: _Steps) -> Iterator[Problem]:
    written = text(node)
    years = _SCHOOL_YEAR.fullmatch(written or "")
    if node is not None and years and int(years[2]) != int(years[1]) + 1:
        following = f"{years[1]}-{int(years[1]) + 1}"
        yield _problem(node, steps, f'got {quoted(written or "")}, expected two years in a row, such as "{following}"')


def _keys(mapping: Mapping | None) -> list[str]:
    return [held.key for held in entries(mapping)]


def _problem(node: Node | Entry, steps: _Steps, message: str) -> Problem:
    return Problem(node.line, dotted(steps), message)


_CHECKS: Final[tuple[Callable[[Node | None, _Known], Iterator[Problem]], ...]] = (
    _activated,
    _contracts,
    _products,
    _licences,
    _courses,
    _hours,
    _administrators,
    _accounts,
    _terms,
)
