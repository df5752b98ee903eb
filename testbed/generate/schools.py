# SPDX-License-Identifier: Apache-2.0
"""Which schools the education providers have: level, name, code and OID of each.

Vocational institutes and folk high schools belong to joint authorities that run nothing else; other levels are dealt
out by chance. Most codes begin with a zero. Names are unique but for those that many municipalities have.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, cycle, islice
from typing import Final, TypeAlias

from federation.model import Names, School, SchoolType
from testbed.generate.names import REPEATED_NAMES, Place
from testbed.generate.shape import SCHOOL_TYPES, school_types, schools_per_provider

Types: TypeAlias = tuple[SchoolType, ...]

OF_JOINT_AUTHORITIES: Final = (SchoolType.VOCATIONAL, SchoolType.FOLK_HIGH)

_ZERO_SHARE: Final = 0.7
"""The share of codes that begin with a zero (estimated)."""
_IN_TWO_LANGUAGES: Final = 0.16
"""The share of municipalities whose schools have Swedish names too: bilingual ones and Swedish-speaking ones."""


def types_of_providers(providers: int, schools: int, chance: random.Random) -> list[Types]:
    """Return the levels of each education provider's schools, the provider with the most schools first."""
    counts = schools_per_provider(providers, schools)
    deck = list(school_types(schools))
    alone = [index for index, count in enumerate(counts) if count == 1]
    institutes = [kind for kind in deck if kind in OF_JOINT_AUTHORITIES][: len(alone)]
    for kind in institutes:
        deck.remove(kind)
    chance.shuffle(deck)
    by_provider = dict(zip(reversed(alone), institutes, strict=False))
    rest = iter(deck)
    return [
        (by_provider[index],) if index in by_provider else tuple(islice(rest, count))
        for index, count in enumerate(counts)
    ]


def schools_of_providers(
    types: Sequence[Types], municipalities: Sequence[Place], others: Sequence[Place], chance: random.Random
) -> list[tuple[School, ...]]:
    """Return each education provider's schools; `others` are the places to name schools after."""
    names = _school_names(types, municipalities, others, chance)
    in_all = sum(map(len, types))
    codes = _codes(in_all, chance)
    starts = accumulate(map(len, types), initial=0)
    return [
        tuple(
            School(
                code=codes[start + position],
                # after the OIDs of the education providers themselves
                oid=organisation_oid(len(types) + start + position),
                name=name,
                type=kind,
                in_picker=not is_joint_authority(own),
            )
            for position, (kind, name) in enumerate(zip(own, own_names, strict=True))
        )
        for own, own_names, start in zip(types, names, starts, strict=False)
    ]


def is_joint_authority(types: Types) -> bool:
    """Tell whether an education provider with these schools is a joint authority: the picker shows its own name."""
    return len(types) == 1 and types[0] in OF_JOINT_AUTHORITIES


def organisation_oid(number: int) -> str:
    """Return the OID of an invented organisation, class 99 of the test environment (facts-mpassid 2)."""
    return f"1.2.246.562.99.{90_000_000_000 + number}"


def _school_names(
    types: Sequence[Types], municipalities: Sequence[Place], others: Sequence[Place], chance: random.Random
) -> list[list[Names]]:
    shared = _shared_names(types, chance)
    # no word of one level is another's, so that each level may go through all places
    after: dict[SchoolType, Iterator[Place]] = {kind: cycle(others) for kind in SCHOOL_TYPES}
    named = []
    for provider, own in enumerate(types):
        is_bilingual = chance.random() < _IN_TWO_LANGUAGES
        seen: set[SchoolType] = set()
        names = []
        for kind in own:
            name = shared[provider].pop() if kind is SchoolType.BASIC and shared[provider] else None
            if name is None:
                is_first = kind is not SchoolType.BASIC and kind not in seen
                name = (municipalities[provider] if is_first else next(after[kind])).school(kind)
            seen.add(kind)
            names.append(name if is_bilingual else Names(fi=name.fi))
        named.append(names)
    return named


def _shared_names(types: Sequence[Types], chance: random.Random) -> list[list[Names]]:
    """Return the names of each provider that other providers' schools have too, no name twice at one provider."""
    published = sum(SCHOOL_TYPES.values())
    schools = sum(map(len, types))
    left = [own.count(SchoolType.BASIC) for own in types]
    shared: list[list[Names]] = [[] for _ in types]
    for name, count in REPEATED_NAMES:
        with_room = [provider for provider, room in enumerate(left) if room]
        wanted = min(round(count * schools / published), len(with_room))
        for provider in chance.sample(with_room, wanted):
            shared[provider].append(name)
            left[provider] -= 1
    return shared


def _codes(count: int, chance: random.Random) -> list[str]:
    with_zero = round(count * _ZERO_SHARE)
    numbers = chain(
        chance.sample(range(1, 10_000), with_zero), chance.sample(range(10_000, 100_000), count - with_zero)
    )
    codes = [f"{number:05}" for number in numbers]
    chance.shuffle(codes)
    return codes
