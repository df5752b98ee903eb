# SPDX-License-Identifier: Apache-2.0
"""How names are compared, put in order and marked."""

from __future__ import annotations

import pytest

from proxy.picker.letters import alphabetical, fold, marked, needles


def test_folds_letters_to_what_is_compared():
    """Case, marks and signs do not count."""
    assert fold("  Äkäs-Öyrin  KOULU å") == "akas oyrin koulu a"


def test_folds_the_letters_of_the_neighbours():
    """A stroke through a letter is no mark to Unicode, but to whoever types without it."""
    assert fold("Ohcejohnjálmmi Æblø, Đ Ŋ") == "ohcejohnjalmmi aeblo d n"


@pytest.mark.parametrize(
    ("name", "query", "shown"),
    [
        pytest.param("Kirkonkylän koulu", "kirkon", "[Kirkon]kylän koulu", id="the beginning"),
        pytest.param("Kirkonkylän koulu", "KYLAN", "Kirkon[kylän] koulu", id="without the dots, in capitals"),
        pytest.param("Äijälän koulu", "äijä koulu", "[Äijä]län [koulu]", id="two words"),
        pytest.param("Ala-aste", "ala-as", "[Ala]-[as]te", id="a hyphen"),
        pytest.param("Aapa aapa", "aa", "[Aa]pa [aa]pa", id="every place"),
        pytest.param("Aaa", "aa", "[Aaa]", id="places that overlap"),
        pytest.param("Koulu a Ala", "a koulu", "[Koulu] [a] [A]la", id="a single letter begins a word"),
        pytest.param("A\u0308ija\u0308la\u0308", "äijä", "[Äijä]lä", id="marks as letters of their own"),
        pytest.param("Straße", "strasse", "[Straße]", id="one letter that folds to two"),
        pytest.param("<b>koulu</b>", "b", "<[b]>koulu</[b]>", id="markup is text like any other"),
        pytest.param("Koulu", "muu", "Koulu", id="nothing"),
    ],
)
def test_marks_what_was_typed(name: str, query: str, shown: str):
    """The whole name comes back in pieces, and what matches is marked."""
    pieces = marked(name, needles(query))

    assert "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in pieces) == shown


def test_puts_names_in_the_order_of_the_finnish_alphabet():
    """Å, ä and ö come last, in this order; other marks do not count."""
    names = ["Öja", "Zetan", "Ähtäri", "Åbo", "Šakki", "Saari", "aho"]

    assert sorted(names, key=alphabetical) == ["aho", "Saari", "Šakki", "Zetan", "Åbo", "Ähtäri", "Öja"]
