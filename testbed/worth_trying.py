# SPDX-License-Identifier: Apache-2.0
"""Three people of a declaration whose logins show the most: one school, several schools, a school that is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from federation.model import EducationProvider, Federation
from federation.organisations import OrganisationRegistry
from federation.people import PeopleRegistry
from testbed.attribute_path import attribute_path
from testbed.flow.people import PersonRef

MOST_PROVIDERS: Final = 20
"""How many education providers are looked at."""


@dataclass(frozen=True)
class WorthTrying:
    """A person and what their login shows."""

    person: PersonRef
    provider_name: str
    shows: str


def worth_trying(federation: Federation, service: str) -> tuple[WorthTrying, ...]:
    """Return the first person of each of three kinds, as far as the declaration has them."""
    activated = set(federation.publisher.activated_schools)
    licences = {licence.school: licence.products for licence in federation.publisher.licences}
    wanted: tuple[tuple[str, Callable[[tuple[str, ...]], bool]], ...] = (
        ("one school", lambda codes: len(codes) == 1 and set(codes) <= activated and codes[0] in licences),
        (
            "several schools with different licences",
            lambda codes: set(codes) <= activated and len({licences.get(code) for code in codes}) > 1,
        ),
        ("a school that the publisher refuses: error 105", lambda codes: not activated & set(codes)),
    )
    found: dict[str, WorthTrying] = {}
    for ref, provider, codes in _people_with_schools(federation, service):
        for shows, fits in wanted:
            if shows not in found and fits(codes):
                found[shows] = WorthTrying(ref, provider.name.fi, shows)
        if len(found) == len(wanted):
            break
    return tuple(found[shows] for shows, _ in wanted if shows in found)


def _people_with_schools(
    federation: Federation, service: str
) -> Iterator[tuple[PersonRef, EducationProvider, tuple[str, ...]]]:
    """Give everyone whose login reaches the service with a school, and the codes of their known schools.

    Of computed people it is one of each sort, of the first education providers: a declaration of national size must
    not make the greeting slow.
    """
    registry = OrganisationRegistry.of(federation)
    simulated = (each for each in federation.education_providers.items() if not each[1].idp.is_own)
    for key, provider in islice(simulated, MOST_PROVIDERS):
        for name, _ in PeopleRegistry.of(provider).examples():
            ref = PersonRef(key, name)
            path = attribute_path(federation, ref, service, registry)
            if path.refusal is None and "role" in path.released:
                yield ref, provider, _codes(path.released["role"])


def _codes(roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the school codes of role values, in their order (facts-mpassid 4: the second of seven fields)."""
    return tuple(dict.fromkeys(role.split(";")[1] for role in roles))
