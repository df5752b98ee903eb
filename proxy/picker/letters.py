# SPDX-License-Identifier: Apache-2.0
"""How names are compared, put in order, and marked where they match what was typed. Pure.

The rules:

- Case does not count, and neither do marks on letters: ä and å are found by a, ö by o, š by s.
- Signs count as spaces.
- A word of two letters or more may stand anywhere in a name; a single letter must begin a word of it.
- Names stand in the order of the Finnish and Swedish alphabet, where å, ä and ö are the last letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_WITHOUT_MARK: Final = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ŧ": "t", "ŋ": "n", "ł": "l"})
"""Letters of Sámi and of our neighbours whose stroke is no combining mark."""
_AFTER_Z: Final = str.maketrans({"å": "z\ue000", "æ": "z\ue001", "ä": "z\ue001", "ø": "z\ue002", "ö": "z\ue002"})


@dataclass(frozen=True)
class Piece:
    """A part of a name as it is shown, and whether it is what was typed."""

    text: str
    is_match: bool


@lru_cache(maxsize=8192)  # the names of a whole country, and what people type in between
def fold(text: str) -> str:
    """Return `text` as it is compared: lower case, without marks, words apart by one space."""
    return " ".join("".join(map(_folded, text)).split())


def needles(query: str) -> tuple[str, ...]:
    """Return what must stand in a folded name, with a space before it, so that `query` finds it."""
    return tuple(word if len(word) > 1 else f" {word}" for word in dict.fromkeys(fold(query).split()))


def marked(text: str, wanted: Iterable[str]) -> tuple[Piece, ...]:
    """Return `text` in pieces: where one of `wanted` (as `needles` returns them) stands, and the rest."""
    composed = unicodedata.normalize("NFC", text)
    folded, origins = " ", [-1]
    for place, letter in enumerate(composed):
        compared = _folded(letter)
        folded += compared
        origins += [place] * len(compared)
    matches = [False] * len(composed)
    for start, end in _found(folded, wanted):
        for place in origins[start:end]:
            matches[place] = True
    return tuple(_pieces(composed, matches))


def alphabetical(text: str) -> str:
    """Return a key that sorts names as a Finnish or Swedish reader expects them."""
    composed = unicodedata.normalize("NFC", text.casefold()).translate(_AFTER_Z)
    return "".join(letter if "\ue000" <= letter <= "\ue002" else _folded(letter) for letter in composed)


@lru_cache(maxsize=1024)  # all names together have few different letters
def _folded(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter.casefold().translate(_WITHOUT_MARK))
    return "".join(one if one.isalnum() else " " for one in decomposed if not unicodedata.combining(one))


def _found(folded: str, wanted: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where the letters of each needle stand, its leading space left out."""
    for needle in wanted:
        skipped = len(needle) - len(needle.lstrip())
        start = folded.find(needle)
        while start >= 0:
            yield start + skipped, start + len(needle)
            start = folded.find(needle, start + 1)


def _pieces(text: str, matches: list[bool]) -> Iterator[Piece]:
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or matches[place] != matches[start]:
            yield Piece(text[start:place], matches[start])
            start = place
