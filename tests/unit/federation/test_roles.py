# SPDX-License-Identifier: Apache-2.0
"""The allowed roles and the words for them (facts-mpassid 2)."""

from __future__ import annotations

import pytest

from federation.roles import find_role

TABLE = {
    ("Oppilas", "1", True): ["oppilas", "opiskelija", "oppija", "student", "learner", "inlärare"],
    ("Opettaja", "2", False): ["opettaja", "teacher", "lärare"],
    ("Hallintohenkilö", "3", False): ["hallintohenkilö", "staff"],
    ("Koulusihteeri", "4", False): ["koulusihteeri", "school secretary", "skolsekreterare"],
    ("Sijaisopettaja", "5", False): ["sijaisopettaja", "substitute teacher", "lärarvikarie"],
    ("Rehtori", "6", False): ["rehtori", "principal", "rektor"],
}


@pytest.mark.parametrize(
    ("expected", "word"), [(expected, word) for expected, words in TABLE.items() for word in words]
)
def test_knows_each_word(expected: tuple[str, str, bool], word: str) -> None:
    """Each accepted word means its Finnish role and code, whatever the case."""
    for written in (word, word.upper(), word.capitalize(), f" {word} "):
        role = find_role(written)

        assert role is not None
        assert (role.name, role.code, role.is_student) == expected


@pytest.mark.parametrize("word", ["huoltaja", "guardian", "oppilaat", "-1", "", " ", None, "O p p i l a s"])
def test_knows_no_other_word(word: str | None) -> None:
    """Anything else is not allowed, guardians among it."""
    assert find_role(word) is None
