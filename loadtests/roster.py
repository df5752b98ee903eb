# SPDX-License-Identifier: Apache-2.0
"""Who the arrivals are, and what each of them does: drawn from the declaration, the same on every worker.

Education providers are drawn by how often their people sign in, a class comes from one of them, and within one nobody
comes twice before everybody has come once.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate
from math import gcd

from federation.errors import InputError
from federation.generated_people import generated_user_name
from federation.model import EducationProvider, Federation
from federation.people import PeopleRegistry, login_shares
from loadtests.schedule import Arrival
from testbed.flow.people import PersonRef


class Behaviour(StrEnum):
    """What a person does at the login."""

    ORDINARY = "ordinary"
    """Picks the school, signs in, sees what comes."""
    ABANDONS = "abandons"
    """Closes the browser at the school picker."""
    WRONG_PASSWORD = "wrong-password"  # noqa: S105  # a behaviour's name
    """Mistypes the password once, then types the right one."""
    SIGNED_IN = "signed-in"
    """Goes on to the second service after the first: single sign-on."""


@dataclass(frozen=True)
class Mix:
    """The shares of what people do beside signing in; who they are is the declaration's."""

    abandons: float = 0.03
    wrong_password: float = 0.04
    signed_in: float = 0.10

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        shares = (self.abandons, self.wrong_password, self.signed_in)
        if not all(share >= 0 for share in shares) or sum(shares) > 1:
            message = f"mix: expected shares from 0 that make at most 1 together, found {shares}"
            raise InputError(message)

    def drawn(self, chance: float) -> Behaviour:
        """Return the behaviour at `chance`, a number from 0 up to 1."""
        shares = {
            Behaviour.ABANDONS: self.abandons,
            Behaviour.WRONG_PASSWORD: self.wrong_password,
            Behaviour.SIGNED_IN: self.signed_in,
        }
        reached = accumulate(shares.values())
        return next((one for one, end in zip(shares, reached, strict=True) if chance < end), Behaviour.ORDINARY)


@dataclass(frozen=True)
class Visit:
    """An arrival with who it is and what they do."""

    arrival: Arrival
    person: PersonRef
    behaviour: Behaviour


@dataclass
class _Crowd:
    """One education provider's people in an order of their own, each once before anybody comes again."""

    key: str
    names: tuple[str, ...]
    """Who is written down; after them come the computed ones."""
    count: int
    start: int
    stride: int
    taken: int = field(default=0)

    @classmethod
    def of(cls, key: str, provider: EducationProvider, chance: random.Random) -> _Crowd:
        names = tuple(sorted(provider.people))
        computed = provider.generated_people.count if provider.generated_people else 0
        count = len(names) + computed
        stride = next(step for step in iter(lambda: chance.randint(1, count), None) if gcd(step, count) == 1)
        return cls(key, names, count, chance.randrange(count), stride)

    def next_person(self) -> PersonRef:
        index = (self.start + self.taken * self.stride) % self.count
        self.taken += 1
        written_down = len(self.names)
        name = self.names[index] if index < written_down else generated_user_name(index - written_down + 1)
        return PersonRef(self.key, name)


def visits(federation: Federation, schedule: Iterable[Arrival], seed: int, mix: Mix | None = None) -> Iterator[Visit]:
    """Give who comes at each arrival of the whole schedule, and what they do; repeatable.

    Raises `InputError` where nobody can sign in: no provider that is in MPASSid, is simulated and has people.
    """
    mix = mix or Mix()
    shares = {key: share for key, share in login_shares(federation).items() if share and _is_here(federation, key)}
    if not shares:
        message = "the declaration has no education provider whose people could sign in"
        raise InputError(message)
    crowds = {key: _Crowd.of(key, federation.education_providers[key], _chance(seed, key)) for key in sorted(shares)}
    chance, doing = _chance(seed, "providers"), _chance(seed, "behaviours")
    of_class: dict[int, str] = {}
    for arrival in schedule:
        key = _provider(shares, chance, of_class, arrival.class_number)
        yield Visit(arrival, crowds[key].next_person(), mix.drawn(doing.random()))


def _provider(
    shares: Mapping[str, float], chance: random.Random, of_class: dict[int, str], class_number: int | None
) -> str:
    if class_number is not None and class_number in of_class:
        return of_class[class_number]
    (key,) = chance.choices(list(shares), list(shares.values()))
    if class_number is not None:
        of_class[class_number] = key
    return key


def _is_here(federation: Federation, key: str) -> bool:
    provider = federation.education_providers[key]
    return not provider.idp.is_own and len(PeopleRegistry.of(provider)) > 0


def _chance(seed: int, purpose: str) -> random.Random:
    return random.Random(f"{seed} {purpose}")  # noqa: S311 -- a roster that can be repeated, not a secret
