# SPDX-License-Identifier: Apache-2.0
"""Checks of a declaration that look at more than one place, or at more than the form of a value.

They read the document rather than the model, and pass over what is not there or of another type: so they find their
problems in the same run as `federation.model` finds its own. The rules:

- a school code and an OID are held once in the whole federation; names of organisations hold no `;`;
- an office belongs to a school of the same education provider that is not an office itself;
- two education providers have different flow names, and none takes an address of the simulators' own;
- generated people have a school to be at, and each education provider's a seed of their own;
- a colour can be read on a light page, and so white on it; `allowed_services` names declared services, or is `all`;
- a service receives known attributes, each once; each simulated part is one service;
- what `federation.own_parts` asks of parts that are somebody's own, and `federation.kind_problems` of the kinds;
- what `federation.publisher_problems` asks of the publisher's side; nothing is listed twice.

What a person holds is never checked: broken values are what the testbed is for (design 1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from federation.attributes import BY_NAME
from federation.colour import LIGHT_SURFACE, TEXT_CONTRAST, contrast
from federation.document import (
    Entry,
    Kind,
    Listing,
    Node,
    Scalar,
    Step,
    described,
    dotted,
    entries,
    entry,
    items,
    text,
    value,
)
from federation.endpoints import flow_name
from federation.errors import Problem
from federation.kind_problems import kind_problems
from federation.model import LANGUAGES
from federation.own_parts import own_part_problems
from federation.publisher_problems import publisher_problems
from federation.references import references
from federation.suggestion import did_you_mean, quoted

RESERVED_PROVIDERS: Final = ("static", "healthz", "readyz", "control")
"""Names that stand first in an address of the identity provider simulators."""

_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_OFFICE: Final = "office"
_LONGEST_SEED: Final = 15


def validation_problems(document: Node) -> list[Problem]:
    """Return every problem that these checks find."""
    return [problem for check in _CHECKS for problem in check(document)]


def _problem(node: Node | Entry, steps: tuple[Step, ...], message: str) -> Problem:
    return Problem(node.line, dotted(steps), message)


def _providers(document: Node) -> Iterator[tuple[Entry, tuple[Step, ...]]]:
    for provider in entries(value(document, "education_providers")):
        yield provider, ("education_providers", provider.key)


def _schools(document: Node) -> Iterator[tuple[Node, tuple[Step, ...]]]:
    for provider, steps in _providers(document):
        for index, school in items(value(provider.node, "schools")):
            yield school, (*steps, "schools", index)


def _organisations(document: Node) -> Iterator[tuple[Node, tuple[Step, ...]]]:
    for provider, steps in _providers(document):
        yield provider.node, steps
    yield from _schools(document)


def _held_once(document: Node) -> Iterator[Problem]:
    """Find school codes and OIDs that stand twice."""
    yield from _repeated((school, steps, "code") for school, steps in _schools(document))
    yield from _repeated((organisation, steps, "oid") for organisation, steps in _organisations(document))


def _repeated(places: Iterator[tuple[Node, tuple[Step, ...], str]]) -> Iterator[Problem]:
    first: dict[str, tuple[tuple[Step, ...], int]] = {}
    for holder, steps, key in places:
        node = value(holder, key)
        held = text(node)
        if node is None or held is None:
            continue
        if held in first:
            other, line = first[held]
            where = f"{dotted((*other, key))} on line {line}"
            yield _problem(node, (*steps, key), f"got {quoted(held)}, which is also {where}; give each its own")
        else:
            first[held] = (steps, node.line)


def _names_without_separator(document: Node) -> Iterator[Problem]:
    for organisation, steps in _organisations(document):
        for language in LANGUAGES:
            node = value(organisation, "name", language)
            if node is not None and ";" in (text(node) or ""):
                message = 'holds a ";", which would be read as two fields of a composite value; remove it'
                yield _problem(node, (*steps, "name", language), message)


def _offices(document: Node) -> Iterator[Problem]:
    for provider, steps in _providers(document):
        schools = list(items(value(provider.node, "schools")))
        types = {text(value(school, "code")): text(value(school, "type")) for _, school in schools}
        places = [code for code, kind in types.items() if code and kind != _OFFICE]
        for index, school in schools:
            yield from _office(school, (*steps, "schools", index), places)


def _office(school: Node, steps: tuple[Step, ...], schools: list[str]) -> Iterator[Problem]:
    is_office = text(value(school, "type")) == _OFFICE
    node = value(school, "office_of")
    of = text(node)
    if is_office and node is None:
        yield _problem(school, (*steps, "office_of"), "is missing; an office says of which school it is one")
    elif not is_office and node is not None:
        yield _problem(node, (*steps, "office_of"), "only an office has it; remove it, or write type: office")
    elif node is not None and of is not None and of not in schools:
        message = f"no school {quoted(of)} of this education provider{did_you_mean(of, schools)}"
        yield _problem(node, (*steps, "office_of"), message)


def _flow_names(document: Node) -> Iterator[Problem]:
    first: dict[str, Entry] = {}
    for provider, steps in _providers(document):
        if provider.key in RESERVED_PROVIDERS:
            yield _problem(provider, steps, "is an address of the simulators themselves; choose another name")
        flow = flow_name(text(value(provider.node, "idp", "kind")) or "", provider.key)
        other = first.setdefault(flow, provider)
        if other is not provider:
            message = f"has the flow name {flow}, as {other.key} on line {other.line} has; choose another name"
            yield _problem(provider, steps, message)


def _generated_people(document: Node) -> Iterator[Problem]:
    first: dict[int, Entry] = {}
    for provider, steps in _providers(document):
        generated = entry(provider.node, "generated_people")
        if generated is None:
            continue
        here = (*steps, "generated_people")
        if all(text(value(school, "type")) == _OFFICE for _, school in items(value(provider.node, "schools"))):
            yield _problem(generated, here, "needs a school that is no office: they are at the provider's own schools")
        node = value(generated.node, "seed")
        seed = node.text if isinstance(node, Scalar) and node.kind is Kind.NUMBER and node.text.isdecimal() else None
        if node is None or seed is None:
            continue
        other = first.setdefault(int(seed[:_LONGEST_SEED]), provider)
        if other is not provider:
            message = f"got {described(node)}, as {other.key} on line {other.line} has; give each its own"
            yield _problem(node, (*here, "seed"), message)


def _colours(document: Node) -> Iterator[Problem]:
    for provider, steps in _providers(document):
        node = value(provider.node, "colour")
        colour = text(node)
        if node is None or colour is None or not _COLOUR.fullmatch(colour):
            continue
        ratio = contrast(colour, LIGHT_SURFACE)
        if ratio < TEXT_CONTRAST:
            message = (
                f"got {quoted(colour)}, which has a contrast of {ratio:.1f}:1 with a light page, "
                f"expected {TEXT_CONTRAST}:1; choose a darker one"
            )
            yield _problem(node, (*steps, "colour"), message)


def _allowed_services(document: Node) -> Iterator[Problem]:
    services = [service.key for service in entries(value(document, "services"))]
    for provider, steps in _providers(document):
        node = value(provider.node, "allowed_services")
        here = (*steps, "allowed_services")
        if isinstance(node, Listing) and not node.items:
            yield _problem(node, here, "got an empty list; write all, or at least one service")
        yield from references(node, here, "service", services)


def _received(document: Node) -> Iterator[Problem]:
    for service in entries(value(document, "services")):
        steps = ("services", service.key, "receives")
        yield from references(value(service.node, "receives"), steps, "attribute", BY_NAME)


def _simulated(document: Node) -> Iterator[Problem]:
    first: dict[str, Entry] = {}
    for service in entries(value(document, "services")):
        node = value(service.node, "simulated")
        part = text(node)
        if node is None or part is None:
            continue
        other = first.setdefault(part, service)
        if other is not service:
            message = f"got {quoted(part)}, which services.{other.key} on line {other.line} is; keep one of them"
            yield _problem(node, ("services", service.key, "simulated"), message)


_CHECKS: Final[tuple[Callable[[Node], Iterator[Problem]], ...]] = (
    _held_once,
    _names_without_separator,
    _offices,
    _flow_names,
    _generated_people,
    _colours,
    _allowed_services,
    _received,
    _simulated,
    own_part_problems,
    kind_problems,
    publisher_problems,
)
