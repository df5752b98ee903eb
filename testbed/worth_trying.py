# SPDX-License-Identifier: Apache-2.0
"""Three people of a declaration whose logins show the most: one school, several schools, a school that is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from federation.endpoints import flow_name
from federation.model import EducationProvider, Federation, Person
from federation.multivalue import split_values
from testbed.attribute_path import attribute_path
from testbed.flow.people import PersonRef


@dataclass(frozen=True)
class WorthTrying:
    """A person and what their login shows."""

    person: PersonRef
    provider_name: str
    shows: str


def worth_trying(federation: Federation, service: str) -> tuple[WorthTrying, ...]:
    """Return the first person of each of three kinds, as far as the declaration has them."""
    activated = set(federation.publisher.activated_schools)
    wanted: tuple[tuple[str, Callable[[tuple[str, ...]], bool]], ...] = (
        ("a pupil of one school", lambda codes: len(codes) == 1 and set(codes) <= activated),
        ("several schools, and what each of them gives", lambda codes: len(activated.intersection(codes)) > 1),
        ("a school that does not use MPASSid at the publisher: error 105", lambda codes: not activated & set(codes)),
    )
    found: list[WorthTrying] = []
    for shows, fits in wanted:
        for ref, provider, codes in _people_with_schools(federation, service):
            if fits(codes) and all(ref != other.person for other in found):
                found.append(WorthTrying(ref, provider.name.fi, shows))
                break
    return tuple(found)


def _people_with_schools(
    federation: Federation, service: str
) -> Iterator[tuple[PersonRef, EducationProvider, tuple[str, ...]]]:
    """Give everyone whose login reaches the service with a school, and the codes of their known schools."""
    for key, provider in federation.education_providers.items():
        for name, person in provider.people.items():
            ref = PersonRef(key, name)
            path = attribute_path(federation, ref, service)
            if path.refusal is None and "role" in path.released:
                yield ref, provider, _codes(person, path.released["role"])


def _codes(person: Person, roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the registry's school codes that made it into a role value, in their order."""
    in_roles = {field for role in roles for field in role.split(";")}
    return tuple(dict.fromkeys(code for code in split_values(person.school_codes) if code in in_roles and code))


def source_of(federation: Federation, person: PersonRef) -> str:
    """Return the flow name of a person's source."""
    return flow_name(federation.education_providers[person.provider].idp.kind, person.provider)
