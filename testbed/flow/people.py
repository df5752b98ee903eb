# SPDX-License-Identifier: Apache-2.0
"""Which person is meant: `provider/person`, or the bare user name where only one education provider has it.

Computed people are found as those who are written down; suggestions for a slip come from the latter, and from the
names of education providers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from federation.errors import InputError
from federation.model import EducationProvider, Federation, Person, Service
from federation.people import PeopleRegistry
from federation.suggestion import did_you_mean, quoted

MOST_NAMED: Final = 5
"""How many people of one name an error lists."""


@dataclass(frozen=True)
class PersonRef:
    """A person of the declaration, by the two keys that find them."""

    provider: str
    user_name: str

    def __str__(self) -> str:
        """Return the form a command takes."""
        return f"{self.provider}/{self.user_name}"

    def declared(self, federation: Federation) -> tuple[EducationProvider, Person]:
        """Return the education provider and what its registry holds; raises `InputError` where there is nobody."""
        provider = federation.education_providers.get(self.provider)
        person = PeopleRegistry.of(provider).person(self.user_name) if provider else None
        if provider is None or person is None:
            raise _nobody(federation, str(self))
        return provider, person


def find_person(federation: Federation, text: str) -> PersonRef:
    """Return the one person `text` names; raises `InputError` where it is none or several."""
    key, slash, rest = text.partition("/")
    user_name = rest if slash else text
    registries = {key: federation.education_providers[key]} if key in federation.education_providers else {}
    if not slash:
        registries = dict(federation.education_providers)
    found = [
        PersonRef(provider, user_name)
        for provider, declared in registries.items()
        if PeopleRegistry.of(declared).person(user_name) is not None
    ]
    if len(found) == 1:
        return found[0]
    if found:
        count = len(found)
        message = f"person {quoted(text)}: {count} education providers have one of this name; write {_some_of(found)}"
        raise InputError(message)
    raise _nobody(federation, text)


def _some_of(people: Sequence[PersonRef]) -> str:
    names = ", ".join(str(person) for person in people[:MOST_NAMED])
    return f"one of {names}" if len(people) <= MOST_NAMED else f"for example one of {names}"


def _nobody(federation: Federation, text: str) -> InputError:
    """Return the error that says so, with the nearest name or the user names that there are."""
    providers = federation.education_providers
    key, slash, user_name = text.partition("/")
    generated = PeopleRegistry.of(providers[key]).generated_range() if slash and key in providers else None
    if generated:
        hint = f"; {key} has {generated[0]} to {generated[1]}"
        return InputError(f"person {quoted(text)}: there is none in the declaration{hint}")
    candidates = set()
    for name, provider in providers.items():
        candidates |= {f"{name}/{person}" for person in provider.people} | set(provider.people)
        if slash and PeopleRegistry.of(provider).person(user_name) is not None:
            candidates.add(f"{name}/{user_name}")
    return InputError(f"person {quoted(text)}: there is none in the declaration{did_you_mean(text, candidates)}")


def check_is_simulated(federation: Federation, person: PersonRef) -> None:
    """Raise `InputError` where the person signs in at somebody's own identity provider."""
    if federation.education_providers[person.provider].idp.is_own:
        message = (
            f"person {quoted(str(person))}: {person.provider} has an identity provider of its own, which is signed in "
            "to with a browser; this signs in people of the simulated ones"
        )
        raise InputError(message)


def find_simulated_service(federation: Federation, name: str) -> Literal["publisher", "portal"]:
    """Return which simulated service `name` is; raises `InputError` where there is none, or it is somebody's own."""
    simulated = find_service(federation, name).simulated
    if simulated is not None:
        return simulated
    others = [key for key, service in federation.services.items() if service.simulated is not None]
    message = (
        f"service {quoted(name)}: is your own, which is signed in to with a browser at its own login page; "
        f"this signs in at the simulated ones ({', '.join(others) or 'none is declared'})"
    )
    raise InputError(message)


def find_service(federation: Federation, name: str) -> Service:
    """Return the service called `name`; raises `InputError` where there is none."""
    if name in federation.services:
        return federation.services[name]
    message = f"service {quoted(name)}: there is none in the declaration{did_you_mean(name, federation.services)}"
    raise InputError(message)
