# SPDX-License-Identifier: Apache-2.0
"""Messages in three languages."""

from pathlib import Path

import pytest

from party.pages.catalogues import MessageError, load_catalogues, read_catalogue
from tests.builders.pages import PO_HEADER, catalogue


def folder_with(tmp_path: Path, fi: str, sv: str | None = None, en: str | None = None) -> Path:
    """Return a folder of catalogues: the Finnish one in each language, unless given."""
    for language, text in {"fi": fi, "sv": sv or fi, "en": en or fi}.items():
        (tmp_path / f"{language}.po").write_text(text)
    return tmp_path


def test_says_a_message_in_each_language(tmp_path: Path) -> None:
    """The id is the same, the text is not."""
    folder = folder_with(tmp_path, catalogue(a__b="koulu"), catalogue(a__b="skola"), catalogue(a__b="school"))

    catalogues = load_catalogues([folder])

    assert [catalogues[language].text("a.b", {}) for language in ("fi", "sv", "en")] == ["koulu", "skola", "school"]


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 koulua"), (1, "yksi koulu"), (2, "2 koulua"), (21, "21 koulua"), (1_000, "1000 koulua")]
)
def test_counts_choose_the_plural(tmp_path: Path, count: int, text: str) -> None:
    """Finnish has one form for one and another for all other numbers."""
    catalogues = load_catalogues([folder_with(tmp_path, catalogue(a__b=("yksi koulu", "{count} koulua")))])

    assert catalogues["fi"].text("a.b", {"count": count}) == text


def test_a_value_is_never_read_as_a_placeholder(tmp_path: Path) -> None:
    """What a person typed stands in the message as it is."""
    catalogues = load_catalogues([folder_with(tmp_path, catalogue(a__b="{q} ja {other}"))])

    assert (
        catalogues["fi"].text("a.b", {"q": "{other} {0.__class__} %s", "other": "x"}) == "{other} {0.__class__} %s ja x"
    )


@pytest.mark.parametrize(
    ("message_id", "values", "error"),
    [
        pytest.param("a.x", {}, "no message 'a.x' in fi", id="an id that is not there"),
        pytest.param("", {}, "no message '' in fi", id="the header's id"),
        pytest.param("a.b", {}, r"message 'a.b': expected \['q'\], found \[\]", id="a value missing"),
        pytest.param("a.b", {"q": 1, "r": 2}, r"expected \['q'\], found \['q', 'r'\]", id="a value without a place"),
        pytest.param("a.n", {}, r"message 'a.n': expected \['count'\], found \[\]", id="a count missing"),
        pytest.param("a.n", {"count": "3"}, "count must be a whole number, found '3'", id="a count that is text"),
    ],
)
def test_a_message_is_said_wholly_or_not_at_all(
    tmp_path: Path, message_id: str, values: dict[str, object], error: str
) -> None:
    """No id and no empty placeholder ever reaches a page."""
    catalogues = load_catalogues([folder_with(tmp_path, catalogue(a__b="etsit {q}", a__n=("yksi", "monta")))])

    with pytest.raises(MessageError, match=error):
        catalogues["fi"].text(message_id, values)


@pytest.mark.parametrize(
    "english",
    [
        pytest.param(PO_HEADER, id="missing"),
        pytest.param(catalogue(a__b=""), id="empty"),
        pytest.param(catalogue(a__b=("one", "")), id="one plural form empty"),
        pytest.param(PO_HEADER + '\n#, fuzzy\nmsgid "a.b"\nmsgstr "school"\n', id="fuzzy"),
    ],
)
def test_a_part_does_not_start_without_all_its_messages(tmp_path: Path, english: str) -> None:
    """A page that cannot be shown in one language is found before a person asks for it."""
    folder = folder_with(tmp_path, catalogue(a__b="koulu"), en=english)

    with pytest.raises(MessageError, match=r"en: no text for a\.b"):
        load_catalogues([folder])


def test_says_which_file_is_no_catalogue(tmp_path: Path) -> None:
    """A slip of the keyboard in a .po file is told with its file."""
    path = tmp_path / "fi.po"
    path.write_text(PO_HEADER + "\nmsgid a.b\n")

    with pytest.raises(ValueError, match=r"fi\.po: "):
        read_catalogue(path, "fi")


def test_catalogues_of_several_folders_are_put_together(tmp_path: Path) -> None:
    """A party's own messages and those all parties share."""
    (tmp_path / "own").mkdir()
    (tmp_path / "shared").mkdir()
    own = folder_with(tmp_path / "own", catalogue(a__b="oma"))
    shared = folder_with(tmp_path / "shared", catalogue(s__b="yhteinen"))

    finnish = load_catalogues([own, shared])["fi"]

    assert (finnish.text("a.b", {}), finnish.text("s.b", {})) == ("oma", "yhteinen")
