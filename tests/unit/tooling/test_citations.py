# SPDX-License-Identifier: Apache-2.0
"""What the code cites stands in docs/: a reader of a comment can look up what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

NUMBERED = ("facts-mpassid", "design", "saml-libraries", "home-protocols")
"""Pages that are cited by section number."""

NAMED = ("facts-publisher",)
"""Pages that are cited whole, or by a heading: `facts-publisher, school not activated`."""

# `design 7`, `facts-mpassid 1 and 5`, `facts-mpassid 2 to 4`; a line may be broken inside, also by a comment's sign
_BREAK = r"(?:[ ]|\s*\n[ \t]*(?:#[ ])?)"
_NUMBERS = rf"[0-9]+(?:(?:,|{_BREAK}and|{_BREAK}to){_BREAK}[0-9]+)*"
_BY_NUMBER = re.compile(rf"\b({'|'.join(NUMBERED)}){_BREAK}({_NUMBERS})")
_BY_HEADING = re.compile(rf"\b({'|'.join(NAMED)}), ([a-z][a-z ]+[a-z])")
_SECTION = re.compile(r"^## ([0-9]+)\. ", re.MULTILINE)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_PAGE = re.compile(r"(?<![\w/.-])([a-z]+(?:-[a-z0-9]+)*\.md)\b")
_MODULE = re.compile(r"`([a-z_]+(?:/[a-z_]+)+\.(?:py|yaml|html))`")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")

_SUFFIXES = {".py", ".html", ".css", ".js", ".po", ".yaml", ".toml", ".md"}


def written_files() -> list[Path]:
    """Return the files that may cite: those of the root and of its folders, generated ones (`.venv`, `build`) left out."""
    folders = [ROOT / ".ci", *(path for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._")]
    paths = [*ROOT.iterdir(), *(path for folder in folders if folder.name != "build" for path in folder.rglob("*"))]
    return [path for path in paths if path.suffix in _SUFFIXES and path.is_file() and path != Path(__file__).resolve()]


def cited_numbers(text: str) -> Iterator[tuple[str, int]]:
    """Yield each page and section number that `text` cites; the sections of a range one by one."""
    for page, numbers in _BY_NUMBER.findall(text):
        words = re.findall(r"[0-9]+|to", numbers)
        for position, word in enumerate(words):
            if word == "to":
                yield from ((page, number) for number in range(int(words[position - 1]) + 1, int(words[position + 1])))
            else:
                yield page, int(word)


def sections(page: str) -> set[int]:
    """Return the section numbers of a page of docs/."""
    return {int(number) for number in _SECTION.findall((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"))}


def citing(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield every file's name and its text, for files in which `pattern` occurs."""
    for path in written_files():
        text = path.read_text(encoding="utf-8")
        if pattern.search(text):
            yield str(path.relative_to(ROOT)), text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(design 7)", [("design", 7)]),
        ("(facts-mpassid 1 and 5)", [("facts-mpassid", 1), ("facts-mpassid", 5)]),
        ("(facts-mpassid 2 to 4)", [("facts-mpassid", 2), ("facts-mpassid", 3), ("facts-mpassid", 4)]),
        ("(design 4, hops 4 to 7)", [("design", 4)]),
        ("as in facts-mpassid\n    12: one", [("facts-mpassid", 12)]),
        ("# as in facts-mpassid\n    # 12: one", [("facts-mpassid", 12)]),
        ("redesign 7, a design of 7", []),
    ],
)
def test_finds_what_a_text_cites(text: str, found: list[tuple[str, int]]) -> None:
    """One section, several, a range, also over the end of a line."""
    assert sorted(cited_numbers(text)) == found


def test_a_cited_section_exists() -> None:
    """A number that the page does not have leads nowhere."""
    existing = {page: sections(page) for page in NUMBERED}
    cited = [(name, *each) for name, text in citing(_BY_NUMBER) for each in cited_numbers(text)]

    assert [each for each in cited if each[2] not in existing[each[1]]] == []
    assert len(cited) > 100, "the pattern finds what is cited"


def test_sections_are_numbered_without_a_gap() -> None:
    """So that a citation means the same section for good."""
    assert sections("facts-mpassid") == set(range(1, 14))
    assert sections("design") == set(range(1, 11))
    assert sections("saml-libraries") == set(range(1, 7))


def test_a_cited_heading_exists() -> None:
    """A page that is cited by heading has it."""
    headings = {
        page: {heading.lower() for heading in _HEADING.findall((ROOT / "docs" / f"{page}.md").read_text("utf-8"))}
        for page in NAMED
    }
    cited = [(name, *each) for name, text in citing(_BY_HEADING) for each in _BY_HEADING.findall(text)]

    assert [each for each in cited if each[2] not in headings[each[1]]] == []
    assert cited, "the pattern finds what is cited"


def test_a_page_that_is_named_exists() -> None:
    """`pages.md` in a comment is a page of docs/ or of the root."""
    existing = {path.name for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "adr") for path in folder.glob("*.md")}
    named = [(name, page) for name, text in citing(_PAGE) for page in _PAGE.findall(text)]

    assert [each for each in named if each[1] not in existing] == []


def test_a_link_between_pages_leads_somewhere() -> None:
    """Relative links of README, CONTRIBUTING and docs/ lead to a file or folder."""
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
        for target in _LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]

    assert broken == []


def test_every_page_is_in_the_index() -> None:
    """Whoever opens docs/ finds each page."""
    index = set(_LINK.findall((ROOT / "docs" / "README.md").read_text(encoding="utf-8")))

    assert {path.name for path in (ROOT / "docs").glob("*.md")} - index == {"README.md"}


def test_a_module_that_a_page_names_exists() -> None:
    """`proxy/saml/response.py` on a page is a file."""
    named = [
        (path.name, module)
        for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
        for module in _MODULE.findall(path.read_text(encoding="utf-8"))
    ]

    assert [each for each in named if not (ROOT / each[1]).is_file()] == []
    assert len(named) > 50, "the pattern finds what is named"
