# SPDX-License-Identifier: Apache-2.0
"""Finding a school."""

from __future__ import annotations

import pytest

from federation.gates import SourceGate
from federation.model import Names, SchoolType
from federation.source import Source
from proxy.configuration import PickerSchool, SourceConfiguration
from proxy.picker.search import PickerIndex, fold


def source(
    provider: str, name: Names, schools: dict[str, Names] | None = None, *, mpass: bool = True
) -> SourceConfiguration:
    """Return an education provider with basic schools by code."""
    return SourceConfiguration(
        source=Source(provider, "1.2.246.562.99.00000000001", f"saml_{provider}", f"Shib{provider.capitalize()}"),
        gate=SourceGate(provider, mpass, "all"),
        name=name,
        tags=(),
        home_names={},
        schools=tuple(
            PickerSchool(code=code, name=school, type=SchoolType.BASIC) for code, school in (schools or {}).items()
        ),
    )


INDEX = PickerIndex(
    [
        source(
            "kuusi",
            Names(fi="Kuusikylä", sv="Granby"),
            {"00001": Names(fi="Kirkonkylän koulu", sv="Kyrkoby skola"), "00002": Names(fi="Äijälän koulu")},
        ),
        source("manty", Names(fi="Mäntyniemi"), {"00003": Names(fi="Kirkonkylän koulu")}),
        source("omena", Names(fi="Omenakunta")),
        source("poissa", Names(fi="Poissaolo"), {"00004": Names(fi="Kirkonkylän koulu")}, mpass=False),
    ]
)
EVERY_FLOW = frozenset({"ShibKuusi", "ShibManty", "ShibOmena", "ShibPoissa"})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param(
            "kirkonkylän",
            [("Kirkonkylän koulu", "Kuusikylä"), ("Kirkonkylän koulu", "Mäntyniemi")],
            id="one name in two municipalities",
        ),
        pytest.param("kirkon mänty", [("Kirkonkylän koulu", "Mäntyniemi")], id="told apart by the municipality"),
        pytest.param("aijalan", [("Äijälän koulu", "Kuusikylä")], id="without the dots"),
        pytest.param("ÄIJÄ", [("Äijälän koulu", "Kuusikylä")], id="in capitals"),
        pytest.param("kyrkoby", [("Kirkonkylän koulu", "Kuusikylä")], id="by the Swedish name"),
        pytest.param("omena", [("Omenakunta", "Omenakunta")], id="a provider that lists no schools"),
        pytest.param("ä", [], id="one letter is too few"),
        pytest.param("  ;-- ", [], id="no letters at all"),
        pytest.param("poissa", [], id="a municipality that has not joined"),
        pytest.param("x" * 5000, [], id="far too long"),
    ],
)
def test_finds_schools_by_what_people_type(query: str, found: list[tuple[str, str]]):
    """It finds the schools whose names hold every word."""
    result = INDEX.search(query, "fi", EVERY_FLOW)

    assert [(choice.name.fi, choice.education_provider.fi) for choice in result.choices] == found
    assert result.total == len(found)


def test_puts_names_that_begin_with_the_words_first():
    """Typing the beginning of a name brings it to the top."""
    index = PickerIndex(
        [source("a", Names(fi="Aho"), {"00001": Names(fi="Alakoulu Puro"), "00002": Names(fi="Puron koulu")})]
    )

    names = [choice.name.fi for choice in index.search("puro", "fi", frozenset({"ShibA"})).choices]

    assert names == ["Puron koulu", "Alakoulu Puro"]


def test_stays_within_the_requested_sources():
    """A narrowed login offers no school of another source."""
    result = INDEX.search("kirkonkylän", "fi", frozenset({"ShibManty"}))

    assert [choice.flow for choice in result.choices] == ["ShibManty"]


def test_shows_forty_and_counts_all():
    """A word that fits everything does not make an endless page."""
    schools = {f"{number:05}": Names(fi=f"Koulu {number}") for number in range(100)}
    index = PickerIndex([source("a", Names(fi="Aho"), schools)])

    result = index.search("koulu", "fi", frozenset({"ShibA"}))

    assert (len(result.choices), result.total) == (40, 100)


def test_folds_letters_to_what_is_compared():
    """Case, marks and signs do not count."""
    assert fold("  Äkäs-Öyrin  KOULU å") == "akas oyrin koulu a"
