# SPDX-License-Identifier: Apache-2.0
"""The people of an education provider, however they are declared: the one place where a user name becomes a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from federation.generated_people import (
    SchoolPlace,
    generated_number,
    generated_person,
    generated_user_name,
    school_places,
)
from federation.model import EducationProvider, Federation, GeneratedPeople, Person

_LOOKED_THROUGH: Final = 300
"""How many computed people are looked through for one of each sort."""


@dataclass(frozen=True)
class PeopleRegistry:
    """Whom an education provider knows: people who are written down, and people who are computed.

    Where a user name is both, the one who is written down is meant.
    """

    declared: Mapping[str, Person]
    generated: GeneratedPeople | None = None
    schools: tuple[SchoolPlace, ...] = ()

    @classmethod
    def of(cls, provider: EducationProvider) -> PeopleRegistry:
        """Return the people of a declared education provider."""
        schools = school_places(provider) if provider.generated_people else ()
        return cls(provider.people, provider.generated_people, schools)

    def person(self, user_name: str) -> Person | None:
        """Return who has this user name, `None` when nobody has."""
        declared = self.declared.get(user_name)
        if declared is not None or self.generated is None:
            return declared
        number = generated_number(user_name, self.generated)
        return None if number is None else generated_person(self.generated, self.schools, number)

    def __len__(self) -> int:
        """Return how many people there are."""
        generated = self.generated
        if generated is None:
            return len(self.declared)
        return generated.count + sum(generated_number(name, generated) is None for name in self.declared)

    def generated_range(self) -> tuple[str, str] | None:
        """Return the first and the last user name of the computed people, `None` when there are none."""
        if self.generated is None:
            return None
        return generated_user_name(1), generated_user_name(self.generated.count)

    def examples(self) -> Iterator[tuple[str, Person]]:
        """Give everybody who is written down, then the first of each sort of computed person, by user name."""
        yield from self.declared.items()
        if self.generated is None:
            return
        sorts = set()
        for number in range(1, min(self.generated.count, _LOOKED_THROUGH) + 1):
            user_name = generated_user_name(number)
            person = self.person(user_name)
            if person is not None and user_name not in self.declared and person.note not in sorts:
                sorts.add(person.note)
                yield user_name, person


def login_shares(federation: Federation) -> dict[str, float]:
    """Return each education provider's share of all logins, 0 to 1: its weight, against the others'.

    A provider that has not joined has none; all are 0 where nobody has a weight.
    """
    weights = {
        key: _login_weight(provider) if provider.mpass else 0
        for key, provider in federation.education_providers.items()
    }
    total = sum(weights.values()) or 1
    return {key: weight / total for key, weight in weights.items()}


def _login_weight(provider: EducationProvider) -> int:
    return len(PeopleRegistry.of(provider)) if provider.login_weight is None else provider.login_weight
