# SPDX-License-Identifier: Apache-2.0
"""The roles MPASSid lets through, in the words home organisations use for them (facts-mpassid 2, allowed roles)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Role:
    """An allowed role: its Finnish name and its code as they go out."""

    name: str
    code: str
    is_student: bool = False
    """Whether the charge of learning materials is told for it (facts-mpassid 3)."""
    is_teaching: bool = False
    """Whether teachers' content is for it."""


_INPUTS: Final[dict[Role, tuple[str, ...]]] = {
    Role("Oppilas", "1", is_student=True): ("oppilas", "opiskelija", "oppija", "student", "learner", "inlärare"),
    Role("Opettaja", "2", is_teaching=True): ("opettaja", "teacher", "lärare"),
    Role("Hallintohenkilö", "3"): ("hallintohenkilö", "staff"),
    Role("Koulusihteeri", "4"): ("koulusihteeri", "school secretary", "skolsekreterare"),
    Role("Sijaisopettaja", "5", is_teaching=True): ("sijaisopettaja", "substitute teacher", "lärarvikarie"),
    Role("Rehtori", "6", is_teaching=True): ("rehtori", "principal", "rektor"),
}

ROLES: Final[dict[str, Role]] = {word: role for role, words in _INPUTS.items() for word in words}
"""Each accepted word, in lower case, and the role it means."""

ROLES_BY_CODE: Final[dict[str, Role]] = {role.code: role for role in _INPUTS}
"""The roles by the code that goes out."""


def find_role(word: str | None) -> Role | None:
    """Return the role a home organisation's word means, `None` when it is missing or not allowed; case is ignored."""
    return ROLES.get(word.strip().lower()) if word else None
