# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a party's catalogues: every fault on its own, and none where there is none."""

from pathlib import Path

import pytest

from party.pages import catalogue_problems
from tests.builders.pages import PO_HEADER, catalogue, write_room

WHOLE = catalogue(room__heading="Otsikko", room__found=("yksi koulu", "{count} koulua"), room__hello="Hei {name}")
TEMPLATE = '{{ _("room.heading") }} {{ _("room.found", count=n) }}'
SOURCE = 'def hello(pages, language):\n    return pages.message(language, "room.hello", name="x")\n'


def problems(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    fi: str = WHOLE,
    en: str = WHOLE,
    template: str = TEMPLATE,
    source: str = SOURCE,
) -> list[str]:
    """Return the faults of a room that has none, but for what is given."""
    name = "room_" + tmp_path.name.replace("-", "_")
    write_room(
        tmp_path / name,
        catalogues={"fi": fi, "sv": WHOLE, "en": en},
        templates={"page.html": template},
        sources={"pages_of_it.py": source},
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    return catalogue_problems(name)


def test_a_whole_catalogue_has_no_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Complete, used, fitting: nothing to say."""
    assert problems(tmp_path, monkeypatch) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"en": WHOLE.replace('msgid "room.heading"\nmsgstr "Otsikko"\n', "")},
            ["room.heading: missing in en"],
            id="a message missing in one language",
        ),
        pytest.param({"en": WHOLE.replace("Otsikko", "")}, ["room.heading: no text in en"], id="an empty text"),
        pytest.param(
            {"en": WHOLE.replace('msgid "room.heading"', '#, fuzzy\nmsgid "room.heading"')},
            ["room.heading: marked fuzzy in en"],
            id="a fuzzy text",
        ),
        pytest.param(
            {"en": WHOLE.replace("{name}", "{nimi}")},
            [
                "room.hello: other placeholders in fi than elsewhere",
                "room.hello: other placeholders in sv than elsewhere",
            ],
            id="a placeholder translated",
        ),
        pytest.param(
            {"en": WHOLE + '\n#~ msgid "room.old"\n#~ msgstr "Vanha"\n'},
            ["en.po: holds an obsolete message (#~); delete it"],
            id="an obsolete message",
        ),
        pytest.param(
            {"en": WHOLE + '\nmsgid "room.heading"\nmsgstr "Otsikko"\n'},
            ["en.po: room.heading stands there twice"],
            id="a message twice",
        ),
        pytest.param(
            {"template": '{{ _("room.heading") }}'}, ["room.found: nothing says it"], id="a message nobody says"
        ),
        pytest.param(
            {"template": TEMPLATE + '\n{{ _("room.footer") }}'}, ["page.html:2: no message room.footer"], id="a slip"
        ),
        pytest.param(
            {"template": '{{ _("room.heading") }} {{ _("room.found") }}'},
            ["page.html:1: room.found takes ['count'], given []"],
            id="a template without the value",
        ),
        pytest.param(
            {"template": TEMPLATE + '{{ _("room.heading", x=1) }}'},
            ["page.html:1: room.heading takes [], given ['x']"],
            id="a template with a value too many",
        ),
        pytest.param(
            {"source": SOURCE.replace("room.hello", "room.helo")},
            ["pages_of_it.py:2: no message room.helo", "room.hello: nothing says it"],
            id="a slip in Python",
        ),
        pytest.param(
            {"source": SOURCE + 'LOOK = Look(name="room.name", owner="room.heading", accent="#1f5f3f")\n'},
            ["pages_of_it.py:3: no message room.name"],
            id="a look that names no message",
        ),
        pytest.param(
            {"source": SOURCE + 'def why(pages, r):\n    return pages.message("fi", f"room.why.{r}")\n'},
            [r"pages_of_it.py:4: no message fits room\.why\..+"],
            id="a pattern that no message fits",
        ),
    ],
)
def test_finds_each_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], expected: list[str]
) -> None:
    """One line for each fault, saying where and what."""
    assert problems(tmp_path, monkeypatch, **changes) == expected


@pytest.mark.parametrize(
    ("template", "source"),
    [
        pytest.param(TEMPLATE + '{{ _("room.why." ~ reason) }}', SOURCE, id="put together in a template"),
        pytest.param(
            TEMPLATE, SOURCE + 'def why(m, r):\n    return m.message("fi", f"room.why.{r}")\n', id="in an f-string"
        ),
        pytest.param(TEMPLATE, SOURCE + 'TABLE = {"a": "room.why.a", "b": "room.why.b"}\n', id="in a table"),
        pytest.param(
            TEMPLATE + '{{ _("room.why.a" if x else "room.why.b") }}', SOURCE, id="in either case of a condition"
        ),
    ],
)
def test_knows_every_way_to_say_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, source: str
) -> None:
    """A message that is said by a pattern or from a table is not taken for unused."""
    texts = WHOLE + "\n" + catalogue(room__why__a="A", room__why__b="B").removeprefix(PO_HEADER)
    name = "room_" + tmp_path.name.replace("-", "_")
    write_room(
        tmp_path / name,
        catalogues=dict.fromkeys(("fi", "sv", "en"), texts),
        templates={"page.html": template},
        sources={"pages_of_it.py": source},
    )
    monkeypatch.syspath_prepend(str(tmp_path))

    assert catalogue_problems(name) == []


def test_a_shared_id_is_not_for_a_party(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a party would change the words of all its common pages unseen."""
    name = "room_" + tmp_path.name.replace("-", "_")
    texts = catalogue(party__skip="Hyppää")
    write_room(
        tmp_path / name, catalogues=dict.fromkeys(("fi", "sv", "en"), texts), sources={"x.py": 'A = "party.skip"\n'}
    )
    monkeypatch.syspath_prepend(str(tmp_path))

    assert catalogue_problems(name) == ["party.skip: is an id of the shared catalogue"]
