# SPDX-License-Identifier: Apache-2.0
"""Reading a declaration: the federation, or every problem with its line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from federation.errors import DeclarationError
from federation.loader import MAX_BYTES, load, loads
from tests.builders.declarations import DECLARATION, declaration, problems_of

AT_SCHOOL = "education_providers.mansikkala.schools[0]"


def test_reads_a_declaration() -> None:
    """A valid declaration becomes the federation it declares."""
    federation = loads(declaration(), "federation.yaml")

    assert list(federation.education_providers) == ["mansikkala", "kuusikoski"]
    assert federation.education_providers["kuusikoski"].schools[0].code == "04647"
    assert federation.education_providers["kuusikoski"].allowed_services == ("publisher",)
    assert federation.services["publisher"].receives == ("uid", "school_info", "role")
    assert federation.rules.strict_school_ownership is False


def test_prints_all_problems_in_the_order_of_the_lines() -> None:
    """Problems of every sort stand in one error, by line, under the file's name."""
    text = DECLARATION.replace('code: "30078"', "code: 4647").replace("[uid, school_info, role]", "[uid, schoolinfo]")

    with pytest.raises(DeclarationError) as raised:
        loads(text.replace("publisher:\n  name", "publisher:\n  nmae: x\n  name").encode(), "federation.yaml")

    assert str(raised.value) == (
        "federation.yaml: 3 problems\n"
        '  line 8  education_providers.mansikkala.schools[1].code: got the number 4647, expected a string; quote it: "04647"\n'
        '  line 22  services.publisher.receives[1]: no attribute "schoolinfo"; did you mean "school_info"?\n'
        '  line 25  publisher.nmae: no key "nmae" here; did you mean "name"?'
    )
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        pytest.param('code: "30078"', "code: 04647", f'line 8  {AT_SCHOOL[:-3]}[1].code: got the number 4647, expected a string; quote it: "04647"', id="a number with its zero"),
        pytest.param('code: "30078"', "code: 4647", f'line 8  {AT_SCHOOL[:-3]}[1].code: got the number 4647, expected a string; quote it: "04647"', id="a number that lost its zero"),
        pytest.param('code: "30078"', "code: 2026-08-12", f'line 8  {AT_SCHOOL[:-3]}[1].code: got the date 2026-08-12, expected a string; quote it: "2026-08-12"', id="a date"),
        pytest.param('code: "30078"', "code: true", f'line 8  {AT_SCHOOL[:-3]}[1].code: got true, expected a string; quote it: "true"', id="a truth"),
        pytest.param('code: "30078"', "code: ~", f"line 8  {AT_SCHOOL[:-3]}[1].code: got nothing, expected a string", id="nothing"),
        pytest.param('code: "30078"', 'code: "3007"', f'line 8  {AT_SCHOOL[:-3]}[1].code: got "3007", expected a school code, five digits', id="four digits"),
        pytest.param('code: "30078"', 'code: "٣٠٠٧٨"', f'line 8  {AT_SCHOOL[:-3]}[1].code: got "٣٠٠٧٨", expected a school code, five digits', id="digits of another script"),
        pytest.param("given_name: Testi1", "given_name: 1.5e3", 'line 10  education_providers.mansikkala.people.demo_u0001.given_name: got the number 1.5e3, expected a string; quote it: "1.5e3"', id="a fraction as a name"),
        pytest.param('school_codes: ["30076"]', "school_codes: [30076]", 'line 10  education_providers.mansikkala.people.demo_u0001.school_codes[0]: got the number 30076, expected a string; quote it: "30076"', id="a number in a list"),
        pytest.param('school_codes: ["30076"]', 'school_codes: "30076"', 'line 10  education_providers.mansikkala.people.demo_u0001.school_codes: got "30076", expected a list', id="a text for a list"),
        pytest.param('oid: "1.2.246.562.99.00000000020"', 'oid: "1.2.246.562.98.00000000020"', "line 13  education_providers.kuusikoski.oid: got \"1.2.246.562.98.00000000020\", expected an organisation's OID, 1.2.246.562.10 or 1.2.246.562.99 and 11 digits", id="a person's OID for an organisation"),
        pytest.param("type: upper-secondary", "type: uppersecondary", f'line 8  {AT_SCHOOL[:-3]}[1].type: got "uppersecondary", expected one of basic, special, upper-secondary, combined, vocational, folk-high, early-childhood, office; did you mean "upper-secondary"?', id="an unknown type of school"),
        pytest.param("allowed_services: [publisher]", "allowed_services: publisher", 'line 15  education_providers.kuusikoski.allowed_services: got "publisher", expected all, or a list of names', id="one service that is no list"),
        pytest.param("allowed_services: [publisher]", "mpass: no", 'line 15  education_providers.kuusikoski.mpass: got "no", expected true or false', id="no is a word"),
        pytest.param("allowed_services: [publisher]", "colour: green", 'line 15  education_providers.kuusikoski.colour: got "green", expected a colour as "#" and six hexadecimal digits in lower case', id="a colour by name"),
        pytest.param("allowed_services: [publisher]", "poeple: {}", 'line 15  education_providers.kuusikoski.poeple: no key "poeple" here; did you mean "people"?', id="an unknown key"),
        pytest.param("  kuusikoski:", "  Kuusikoski:", 'line 11  education_providers.Kuusikoski: got the key "Kuusikoski", expected a name of lower-case letters, digits and hyphens, a letter first, at most 41 long', id="a key in capitals"),
        pytest.param("      oona:", "      oona/ä:", 'line 20  education_providers.kuusikoski.people."oona/ä": got the key "oona/ä", expected a user name of lower-case letters, digits, dots, hyphens and underscores, a letter first', id="a user name that cannot stand in an address"),
        pytest.param("given_name: Oona", "given_name: Oona, given_name: Aino", "line 20  education_providers.kuusikoski.people.oona.given_name: the key stands twice, first on line 20; keep one of them", id="a duplicate key"),
        pytest.param("given_name: Oona", "given_name: !!python/name:os.system Oona", 'line 20  education_providers.kuusikoski.people.oona.given_name: tags are not read, got "tag:yaml.org,2002:python/name:os.system"; remove it', id="a tag"),
        pytest.param("given_name: Oona", '<<: {surname: "x"}', 'line 20  education_providers.kuusikoski.people.oona."<<": merge keys are not read; write the values out', id="a merge key"),
        pytest.param("given_name: Oona", "given_name: *oona", "line 20  education_providers.kuusikoski.people.oona.given_name: got an alias without an anchor before it, *oona; write the value out", id="an alias without an anchor"),
        pytest.param("{given_name: Oona}", "&x {given_name: *x}", "line 20  education_providers.kuusikoski.people.oona.given_name: got an alias inside its own anchor, *x; write the value out", id="an alias of what it stands in"),
        pytest.param("given_name: Oona", "? [given_name]\n        : Oona", "line 20  education_providers.kuusikoski.people.oona: a key must be a word, not a list or a mapping", id="a list as a key"),
        pytest.param("given_name: Oona", 'given_name: "O\\x01na"', "line 20  education_providers.kuusikoski.people.oona.given_name: holds the character U+0001, which XML cannot carry; remove it", id="a control character"),
        pytest.param("given_name: Oona", 'given_name: "O\\uD800na"', "line 20  education_providers.kuusikoski.people.oona.given_name: holds the character U+D800, which XML cannot carry; remove it", id="half a character"),
        pytest.param("name: {fi: Kuusikosken kaupunki}", "name: {sv: Granfors stad}", "line 12  education_providers.kuusikoski.name.fi: is missing; add it", id="a name without Finnish"),
        pytest.param("name: {fi: Kuusikosken kaupunki}", "name: {fi: ''}", 'line 12  education_providers.kuusikoski.name.fi: got "", expected some text', id="an empty name"),
        pytest.param("name: {fi: Kuusikosken kaupunki}", "name: Kuusikoski", 'line 12  education_providers.kuusikoski.name: got "Kuusikoski", expected a mapping', id="a text for names"),
        pytest.param("name: {fi: Kuusikosken kaupunki}", "name: {fi: " + "x" * 201 + "}", f'line 12  education_providers.kuusikoski.name.fi: got "{"x" * 60}…", expected at most 200 characters', id="a name too long"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_a_value(was: str, becomes: str, problem: str) -> None:
    """Each fault is one problem: line, place, what was found, what was expected, what to do."""
    assert problems_of(declaration(was, becomes)) == [problem]


def test_says_every_duplicate_key() -> None:
    """A key that stands three times is two problems, each with the first one's line."""
    text = declaration() + b"rules: {}\nrules: {}\nrules: {}\n"

    assert problems_of(text) == [
        "line 33  rules: the key stands twice, first on line 32; keep one of them",
        "line 34  rules: the key stands twice, first on line 32; keep one of them",
    ]


EXPLODING = b"a: &a [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n" % (letter, letter, *[letter - 1] * 10)
    for letter in range(ord("b"), ord("k"))
)
LONG_TEXT_REPEATED = b"a: &a " + b"x" * 1_000_000 + b"\nb: [" + b", ".join([b"*a"] * 40) + b"]\n"
DEEP_BY_ALIASES = b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [*a%d]\n" % (n, n, n - 1) for n in range(1, 60))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(b"", "is empty, expected the keys education_providers, services and publisher", id="empty"),
        pytest.param(b"# only words\n", "is empty, expected the keys education_providers, services and publisher", id="only a comment"),
        pytest.param(b"---\n", "line 2  got nothing, expected a mapping with the keys education_providers, services and publisher", id="an empty document"),
        pytest.param(b"just words\n", 'line 1  got "just words", expected a mapping with the keys education_providers, services and publisher', id="a text"),
        pytest.param(b"- a\n- b\n", "line 1  got a list, expected a mapping with the keys education_providers, services and publisher", id="a list"),
        pytest.param(b"a: 1\n\tb: 2\n", "line 2  not YAML: while scanning for the next token found character '\\t' that cannot start any token (column 1)", id="a tab"),
        pytest.param(b"a: [1, 2\nb: 3\n", "line 2  not YAML: while parsing a flow sequence expected ',' or ']', but got ':' (column 2)", id="an open bracket"),
        pytest.param(b"<html></html>\n<p a: b: c\n", "line 2  not YAML: mapping values are not allowed here (column 5)", id="HTML"),
        pytest.param(b'a: "\\UFFFFFFFF"\n', "line 1  not YAML: ", id="an escape beyond Unicode"),
        pytest.param(b"a: b\xff\n", "line 1  not UTF-8: the byte 0xff; save the file as UTF-8", id="not UTF-8"),
        pytest.param("a: b\n".encode("utf-16"), "line 1  not UTF-8: the byte 0xff; save the file as UTF-8", id="UTF-16"),
        pytest.param(b"a: b\nc: \x00\n", "line 2  not YAML: the character U+0000 is not allowed; remove it", id="NUL"),
        pytest.param(b"[" * 100_000, "line 1  nested deeper than 32 levels; a declaration needs eight", id="deep nesting in brackets"),
        pytest.param(b"".join(b" " * n + b"a:\n" for n in range(200)), "line 33  nested deeper than 32 levels; a declaration needs eight", id="deep nesting by indentation"),
        pytest.param(DEEP_BY_ALIASES, "line 32  nested deeper than 32 levels; a declaration needs eight", id="deep nesting by aliases"),
        pytest.param(EXPLODING, "line 6  f[1]: holds more than 200,000 values or 16 MB of text once its aliases are written out; use fewer of them", id="anchors that explode"),
        pytest.param(LONG_TEXT_REPEATED, "line 2  b[16]: holds more than 200,000 values or 16 MB of text once its aliases are written out; use fewer of them", id="a long text repeated by aliases"),
    ],
)  # fmt: skip
def test_refuses_what_cannot_be_read(text: bytes, problem: str) -> None:
    """What is no declaration at all is one problem with its line."""
    found = problems_of(text)

    assert len(found) == 1
    assert found[0].startswith(problem)


def test_refuses_a_second_document() -> None:
    """A file holds one declaration; the first one's problems are still told."""
    text = declaration("given_name: Oona", "given_name: 1") + b"---\na: b\n"

    assert problems_of(text) == [
        'line 20  education_providers.kuusikoski.people.oona.given_name: got the number 1, expected a string; quote it: "1"',
        'line 32  a second document begins; expected one: remove the line "---" and what follows it',
    ]


def test_takes_a_byte_order_mark() -> None:
    """Some editors of Windows put one first; it is no fault."""
    assert problems_of(b"\xef\xbb\xbf" + declaration()) == []


def test_takes_anchors_that_do_not_explode() -> None:
    """Anchors and aliases are plain YAML, and fine within the bounds."""
    text = declaration("{given_name: Oona}", "&oona {given_name: Oona}\n      iida: *oona")

    federation = loads(text, "federation.yaml")

    assert federation.education_providers["kuusikoski"].people["iida"].given_name == "Oona"


def test_reads_a_file(tmp_path: Path) -> None:
    """A declaration is read from a file."""
    path = tmp_path / "federation.yaml"
    path.write_bytes(declaration())

    assert list(load(path).services) == ["publisher", "portal"]


def test_refuses_a_directory(tmp_path: Path) -> None:
    """A directory is no declaration."""
    with pytest.raises(DeclarationError, match="is a directory, expected a file"):
        load(tmp_path)


def test_refuses_a_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(DeclarationError, match="there is no such file") as raised:
        load(tmp_path / "nowhere.yaml")

    assert str(tmp_path / "nowhere.yaml") in str(raised.value)


def test_refuses_a_name_that_no_file_has() -> None:
    """A NUL in the name is an answer, not a traceback."""
    with pytest.raises(DeclarationError, match="is no name of a file"):
        load(Path("federation\0.yaml"))


def test_refuses_a_path_through_a_file(tmp_path: Path) -> None:
    """What the operating system says is passed on in its words."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(DeclarationError, match=r"cannot be read \(Not a directory\)"):
        load(tmp_path / "file" / "federation.yaml")


def test_refuses_a_pipe(tmp_path: Path) -> None:
    """A pipe is not waited for."""
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(DeclarationError, match="is no regular file"):
        load(tmp_path / "pipe")


def test_refuses_a_large_file_before_reading_it(tmp_path: Path) -> None:
    """A file of 50 MB is refused by its size."""
    path = tmp_path / "federation.yaml"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    with pytest.raises(DeclarationError) as raised:
        load(path)

    assert str(raised.value).endswith("is 50.0 MB large, expected at most 8 MB; declare fewer people")


def test_refuses_a_large_text() -> None:
    """The limit holds for text from elsewhere too."""
    with pytest.raises(DeclarationError, match="expected at most 8 MB"):
        loads(b" " * (MAX_BYTES + 1), "standard input")
