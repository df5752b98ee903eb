# SPDX-License-Identifier: Apache-2.0
"""Finding a school by what people type: pure, over an index that is made once.

Every word that was typed must stand in the school's or the municipality's name, in any of its languages; case and
marks on letters do not count (ä, ö and å are found by a and o). Schools whose name begins with the words come first.
An education provider without schools is found by its own name. The chosen school only selects its source; which
schools a person has comes from their data (facts-mpassid 8).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from federation.model import Language, Names, SchoolType
from proxy.configuration import SourceConfiguration

SHORTEST_QUERY: Final = 2
LONGEST_QUERY: Final = 100
MOST_RESULTS: Final = 40


@dataclass(frozen=True)
class Choice:
    """One line of the picker: a school, or an education provider that lists none (`school_type` is None)."""

    flow: str
    name: Names
    education_provider: Names
    school_type: SchoolType | None


@dataclass(frozen=True)
class Found:
    """What a search gave: the lines to show, and how many there are in all."""

    choices: tuple[Choice, ...]
    total: int


@dataclass(frozen=True)
class _Entry:
    choice: Choice
    names: tuple[str, ...]
    text: str


class PickerIndex:
    """All schools of the education providers that have joined, ready to be searched."""

    def __init__(self, sources: Iterable[SourceConfiguration]) -> None:
        """Index the schools that are to be shown."""
        choices = (choice for source in sources if source.gate.mpass for choice in _choices(source))
        self._entries = tuple(sorted(map(_entry, choices), key=lambda entry: entry.text))

    def search(self, query: str, language: Language, flows: frozenset[str]) -> Found:
        """Return the schools of `flows` that match `query`, best first; none for less than two letters."""
        words = fold(query[:LONGEST_QUERY]).split()
        if sum(map(len, words)) < SHORTEST_QUERY:
            return Found((), 0)
        found = [
            entry for entry in self._entries if entry.choice.flow in flows and all(word in entry.text for word in words)
        ]
        start = " ".join(words)
        found.sort(
            key=lambda entry: (
                not any(name.startswith(start) for name in entry.names),
                fold(entry.choice.name.in_language(language)),
                fold(entry.choice.education_provider.in_language(language)),
            )
        )
        return Found(tuple(entry.choice for entry in found[:MOST_RESULTS]), len(found))


def fold(text: str) -> str:
    """Return `text` as it is compared: lower case, without marks, words apart by one space."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = (letter if letter.isalnum() else " " for letter in decomposed if not unicodedata.combining(letter))
    return " ".join("".join(letters).split())


def _choices(source: SourceConfiguration) -> Iterable[Choice]:
    flow = source.source.flow
    if not source.schools:
        yield Choice(flow, source.name, source.name, None)
    for school in source.schools:
        yield Choice(flow, school.name, source.name, school.type)


def _entry(choice: Choice) -> _Entry:
    names = tuple(map(fold, _all_names(choice.name)))
    return _Entry(choice, names, " ".join([*names, *map(fold, _all_names(choice.education_provider))]))


def _all_names(names: Names) -> list[str]:
    return list(dict.fromkeys(name for name in (names.fi, names.sv, names.en) if name))
