# SPDX-License-Identifier: Apache-2.0
"""Which person is meant: `provider/person`, or the bare user name where only one education provider has it."""

from __future__ import annotations

from dataclasses import dataclass

from federation.errors import InputError
from federation.model import EducationProvider, Federation, Person, Service
from federation.suggestion import did_you_mean, quoted


@dataclass(frozen=True)
class PersonRef:
    """A person of the declaration, by the two keys that find them."""

    provider: str
    user_name: str

    def __str__(self) -> str:
        """Return the form a command takes."""
        return f"{self.provider}/{self.user_name}"

    def declared(self, federation: Federation) -> tuple[EducationProvider, Person]:
        """Return what the declaration holds."""
        provider = federation.education_providers[self.provider]
        return provider, provider.people[self.user_name]


def find_person(federation: Federation, text: str) -> PersonRef:
    """Return the one person `text` names; raises `InputError` where it is none or several."""
    everyone = [
        PersonRef(key, name) for key, provider in federation.education_providers.items() for name in provider.people
    ]
    found = [person for person in everyone if text in (str(person), person.user_name)]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(str(person) for person in found)
        message = f"person {quoted(text)}: {len(found)} education providers have one of this name; write one of {names}"
        raise InputError(message)
    candidates = {str(person) for person in everyone} | {person.user_name for person in everyone}
    message = f"person {quoted(text)}: there is none in the declaration{did_you_mean(text, candidates)}"
    raise InputError(message)


def find_service(federation: Federation, name: str) -> Service:
    """Return the service called `name`; raises `InputError` where there is none."""
    if name in federation.services:
        return federation.services[name]
    message = f"service {quoted(name)}: there is none in the declaration{did_you_mean(name, federation.services)}"
    raise InputError(message)
