# SPDX-License-Identifier: Apache-2.0
"""Finding by name what a person typed: a person, an education provider, a service; else saying what is near."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from federation.errors import InputError
from federation.model import EducationProvider, Federation, Person, Service
from federation.suggestion import did_you_mean, quoted


@dataclass(frozen=True)
class FoundPerson:
    """A person with their education provider, and the names both have in the declaration."""

    provider_key: str
    provider: EducationProvider
    person_key: str
    person: Person

    @property
    def name(self) -> str:
        """The name that is always unique: `provider/person`."""
        return f"{self.provider_key}/{self.person_key}"


def find_person(federation: Federation, name: str) -> FoundPerson:
    """Return the person called `provider/person`, or by the bare name where only one provider has it.

    Raises `InputError` for a name that nobody has, or that several have.
    """
    provider_key, separator, person_key = name.rpartition("/")
    if separator:
        provider = find_provider(federation, provider_key)
        if person_key in provider.people:
            return FoundPerson(provider_key, provider, person_key, provider.people[person_key])
        near = did_you_mean(person_key, provider.people)
        message = f"no person {quoted(person_key)} at {provider_key}{near}"
        raise InputError(message)
    found = [person for person in people(federation) if person.person_key == name]
    if len(found) == 1:
        return found[0]
    if found:
        message = f"several people are called {quoted(name)}; say which: {', '.join(person.name for person in found)}"
        raise InputError(message)
    near = did_you_mean(name, (person.person_key for person in people(federation)))
    message = f"no person {quoted(name)}{near}"
    raise InputError(message)


def people(federation: Federation) -> Iterable[FoundPerson]:
    """Yield everybody, in the order of the declaration."""
    for provider_key, provider in federation.education_providers.items():
        for person_key, person in provider.people.items():
            yield FoundPerson(provider_key, provider, person_key, person)


def find_provider(federation: Federation, key: str) -> EducationProvider:
    """Return a declared education provider; raises `InputError` for a key that none has."""
    providers = federation.education_providers
    if key not in providers:
        message = f"no education provider {quoted(key)}{did_you_mean(key, providers)}"
        raise InputError(message)
    return providers[key]


def find_service(federation: Federation, key: str) -> Service:
    """Return a declared service; raises `InputError` for a key that none has."""
    if key not in federation.services:
        message = f"no service {quoted(key)}{did_you_mean(key, federation.services)}"
        raise InputError(message)
    return federation.services[key]


def allowed_services(federation: Federation, provider_key: str) -> tuple[str, ...]:
    """Return the services that an education provider allows, by key; raises `InputError` for a key that none has."""
    allowed = find_provider(federation, provider_key).allowed_services
    return tuple(federation.services) if allowed == "all" else allowed
