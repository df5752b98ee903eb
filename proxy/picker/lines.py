# SPDX-License-Identifier: Apache-2.0
"""A found school as one line: its names in the reader's language with the match marked, and what the browser keeps.

A name that is not there in the reader's language is shown in Finnish and says so, for whoever reads it aloud. A match
in a name of another language brings that name along: who types "kyrkoby" sees why Kirkonkylän koulu was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from federation.model import LANGUAGES, Language, Names
from proxy.picker.letters import Piece, fold, marked
from proxy.picker.search import Choice, Found


@dataclass(frozen=True)
class ShownName:
    """One name in pieces, and the language it is in."""

    pieces: tuple[Piece, ...]
    language: Language


@dataclass(frozen=True)
class Line:
    """One line of the picker: the school's name, and the municipality's unless they are the same; each maybe twice."""

    flow: str
    name: tuple[ShownName, ...]
    place: tuple[ShownName, ...]
    level: str | None
    remembered: dict[str, Any]
    """What "last selected" keeps of it in the browser: nothing of the person."""


def lines(found: Found, language: Language) -> tuple[Line, ...]:
    """Return the lines of a search's result in `language`."""
    return tuple(_line(choice, found.needles, language) for choice in found.choices)


def _line(choice: Choice, needles: Sequence[str], language: Language) -> Line:
    has_place = choice.name != choice.education_provider
    shown = [choice.name.in_language(language)] + [choice.education_provider.in_language(language)] * has_place
    seen = "".join(f" {fold(name)}" for name in shown)
    unseen = [needle for needle in needles if needle not in seen]
    name = _shown(choice.name, needles, unseen, language)
    unseen = [needle for needle in unseen if not _is_match(name[-1], needle)]
    level = choice.school_type.value if choice.school_type else None
    return Line(
        flow=choice.flow,
        name=name,
        place=_shown(choice.education_provider, needles, unseen, language) if has_place else (),
        level=level,
        remembered={
            "source": choice.flow,
            "code": choice.code,
            "name": choice.name.model_dump(exclude_none=True),
            "place": choice.education_provider.model_dump(exclude_none=True) if has_place else None,
            "level": level,
        },
    )


def _is_match(name: ShownName, needle: str) -> bool:
    return needle in f" {fold(''.join(piece.text for piece in name.pieces))}"


def _shown(names: Names, needles: Sequence[str], unseen: Sequence[str], language: Language) -> tuple[ShownName, ...]:
    own: Language = language if getattr(names, language) else "fi"
    first = ShownName(marked(names.in_language(own), needles), own)
    for other in LANGUAGES:
        name = getattr(names, other)
        if other != own and name and any(needle in f" {fold(name)}" for needle in unseen):
            return first, ShownName(marked(name, needles), other)
    return (first,)
