# SPDX-License-Identifier: Apache-2.0
"""Finding a school by what people type: pure, over an index that is made once.

Every word that was typed must stand in the school's or the municipality's name, in any of its languages. The order:
names that begin with what was typed, names with words that begin so, schools of a municipality that does, all others;
within each by the alphabet. An education provider without schools is found by its own name.

The chosen school only selects its source; which schools a person has comes from their data (facts-mpassid 8). Offices,
hidden and inactive schools are left out where the configuration is rendered, education providers that have not joined
are left out here. How letters compare is `proxy.picker.letters`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from federation.model import LANGUAGES, Language, Names, SchoolType
from proxy.configuration import SourceConfiguration
from proxy.picker.letters import alphabetical, fold, needles

SHORTEST_QUERY: Final = 2
LONGEST_QUERY: Final = 100
MOST_RESULTS: Final = 40
_RANKS: Final = 4


@dataclass(frozen=True)
class Choice:
    """One line of the picker: a school, or an education provider that lists none (no `code`, no `school_type`)."""

    flow: str
    name: Names
    education_provider: Names
    code: str | None = None
    school_type: SchoolType | None = None


@dataclass(frozen=True)
class Found:
    """What a search gave: the lines to show, and how many there are in all.

    `needles` are what the names matched; `is_long_enough` tells whether there was enough to search for.
    """

    choices: tuple[Choice, ...]
    total: int
    needles: tuple[str, ...] = ()
    is_long_enough: bool = True


@dataclass(frozen=True)
class _Entry:
    """A choice with its folded names, each after a space, so that a space and a word find the beginning of a word."""

    choice: Choice
    names: tuple[str, ...]
    name_text: str
    text: str


class PickerIndex:
    """All schools of the education providers that have joined, ready to be searched."""

    def __init__(self, sources: Iterable[SourceConfiguration]) -> None:
        """Index the schools that are to be shown."""
        choices = (choice for source in sources if source.gate.mpass for choice in _choices(source))
        entries = [_entry(choice) for choice in choices]
        self._in_order: Mapping[Language, tuple[_Entry, ...]] = {
            language: tuple(sorted(entries, key=lambda entry: _place_in_order(entry.choice, language)))
            for language in LANGUAGES
        }

    def search(self, query: str, language: Language, flows: AbstractSet[str], most: int = MOST_RESULTS) -> Found:
        """Return the schools of `flows` that match `query`, best first and `most` of them; none for under two letters."""
        wanted = needles(query[:LONGEST_QUERY])
        if sum(len(needle.strip()) for needle in wanted) < SHORTEST_QUERY:
            return Found((), 0, is_long_enough=False)
        start = f" {fold(query[:LONGEST_QUERY])}"
        beginnings = tuple(f" {needle.strip()}" for needle in wanted)
        ranked: tuple[list[Choice], ...] = tuple([] for _ in range(_RANKS))
        found = self._in_order[language]
        for needle in sorted(wanted, key=len, reverse=True):  # the longest leaves the fewest for the others
            found = tuple([entry for entry in found if needle in entry.text])
        for entry in found:
            if entry.choice.flow in flows:
                ranked[_rank(entry, start, beginnings)].append(entry.choice)
        return Found(tuple(islice(chain(*ranked), most)), sum(map(len, ranked)), wanted)


def _rank(entry: _Entry, start: str, beginnings: tuple[str, ...]) -> int:
    """Return how well an entry fits, 0 best."""
    if any(name.startswith(start) for name in entry.names):
        return 0
    if all(word in entry.name_text for word in beginnings):
        return 1
    return 2 if all(word in entry.text for word in beginnings) else 3


def _choices(source: SourceConfiguration) -> Iterable[Choice]:
    flow = source.source.flow
    if not source.schools:
        yield Choice(flow, source.name, source.name)
    for school in source.schools:
        yield Choice(flow, school.name, source.name, school.code, school.type)


def _entry(choice: Choice) -> _Entry:
    names = tuple(f" {fold(name)}" for name in _all_names(choice.name))
    name_text = "".join(names)
    return _Entry(
        choice,
        names,
        name_text,
        name_text + "".join(f" {fold(name)}" for name in _all_names(choice.education_provider)),
    )


def _place_in_order(choice: Choice, language: Language) -> tuple[str, str, str]:
    name, municipality = choice.name.in_language(language), choice.education_provider.in_language(language)
    return alphabetical(name), alphabetical(municipality), choice.code or ""


def _all_names(names: Names) -> list[str]:
    return list(dict.fromkeys(name for name in (names.fi, names.sv, names.en) if name))
