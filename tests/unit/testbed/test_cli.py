# SPDX-License-Identifier: Apache-2.0
"""The command line: help, exit codes, and what wrong input leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from testbed.cli import VERBS
from tests.builders.stacks import SHIPPED, shipped_federation

Run = Callable[..., Result]

TWO_PROBLEMS = """\
education_providers:
  mansikkala:
    name: {fi: Mansikkala}
    oid: "1.2.246.562.99.00000000001"
    idp: {kind: saml}
    schools:
      - {code: 30076, oid: "1.2.246.562.99.00000000002", name: {fi: Koulu}, type: basic}
services:
  publisher: {simulated: publisher, receives: [uid, schoolinfo]}
publisher:
  name: {fi: Kustantaja}
  contact: {mail: a@example.org, phone: "010 000 0000", hours: {fi: "10-14"}}
"""


@pytest.mark.parametrize("verb", VERBS)
def test_shows_an_example_in_the_help_of_each_verb(run: Run, verb: str):
    """Every verb's help ends with a line to copy."""
    result = run(verb, "--help")

    assert result.exit_code == 0
    assert f"  testbed {verb}" in result.output.partition("Examples:")[2]


def test_lists_every_verb(run: Run):
    """The help of the whole names each verb, in a sentence that is not cut: it is what a newcomer reads first."""
    output = run("--help").output

    assert [verb for verb in VERBS if f"\n  {verb} " not in output] == []
    assert "..." not in output.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("typed", "meant"), [(("logn", "demo_u0001"), "login"), (("fault", "sett"), "set"), (("genrate",), "generate")]
)
def test_ends_with_2_for_a_word_that_is_no_verb_and_names_the_nearest(run: Run, typed: tuple[str, ...], meant: str):
    """A slip of the finger is answered by what was meant."""
    result = run(*typed)

    assert result.exit_code == 2
    assert f"'{meant}'" in result.output


def test_ends_with_2_for_an_option_that_does_not_exist(run: Run):
    """A slip on the command line is wrong input."""
    assert run("login", "demo_u0001", "--servise", "publisher").exit_code == 2


@pytest.mark.parametrize("verb", ["validate", "plan", "apply", "up", "bench"])
def test_ends_with_2_and_lists_every_problem_and_writes_nothing(run: Run, tmp_path: Path, verb: str):
    """An invalid declaration is refused whole by every verb that reads it."""
    declaration, state = tmp_path / "bad.yaml", tmp_path / "state"
    declaration.write_text(TWO_PROBLEMS, encoding="utf-8")
    options = [] if verb == "validate" else ["--state", str(state)]

    result = run(verb, "--federation", declaration, *options)

    assert result.exit_code == 2
    assert "bad.yaml: 2 problems" in result.stderr
    assert 'quote it: "30076"' in result.stderr
    assert 'did you mean "school_info"?' in result.stderr
    assert not state.exists()


@pytest.mark.parametrize("verb", ["validate", "apply"])
def test_ends_with_2_where_the_declaration_is_missing(run: Run, tmp_path: Path, verb: str):
    """The file that is not there is named."""
    result = run(verb, "--federation", tmp_path / "nothing.yaml")

    assert result.exit_code == 2
    assert "nothing.yaml" in result.stderr


def test_says_that_a_declaration_is_valid(run: Run, small_federation: Path):
    """`validate` tells what the file holds."""
    result = run("validate", "--federation", small_federation)

    assert result.output == f"{small_federation}: valid (1 education providers, 1 schools, 1 people, 1 services)\n"


def test_applies_and_has_nothing_left_to_plan(run: Run, small_federation: Path, tmp_path: Path):
    """After `apply`, `plan` is empty."""
    options = ("--federation", small_federation, "--state", tmp_path / "state")

    applied = run("apply", *options)
    planned = run("plan", *options)

    assert applied.output == f"{tmp_path / 'state'}: 4 keys made, 5 secrets made, 9 files made\n"
    assert (planned.exit_code, planned.output) == (0, f"{tmp_path / 'state'}: nothing to do\n")


def test_ends_with_3_where_nothing_runs(run: Run, tmp_path: Path):
    """`status` and `login --stack local` need a testbed that runs."""
    result = run("status", "--state", tmp_path)

    assert result.exit_code == 3
    assert result.stderr == f"no testbed runs from {tmp_path}; `testbed up` starts one\n"


@pytest.mark.parametrize("arguments", [["list"], ["set", "expired"], ["clear"]], ids=lambda words: words[0])
def test_ends_with_3_where_no_fault_can_be_switched(
    run: Run, small_federation: Path, tmp_path: Path, arguments: list[str]
):
    """`fault` needs a testbed that runs."""
    result = run("fault", *arguments, "--federation", small_federation, "--state", tmp_path)

    assert result.exit_code == 3
    assert result.stderr == f"no testbed runs from {tmp_path}; `testbed up` starts one\n"


def test_stops_nothing_without_fault(run: Run, tmp_path: Path):
    """`down` where nothing runs is done already."""
    result = run("down", "--state", tmp_path)

    assert (result.exit_code, result.output) == (0, f"no testbed runs from {tmp_path}\n")


@pytest.mark.parametrize("base", ["80", "65533", "-1", "70000"])
def test_ends_with_2_for_a_port_base_without_room(run: Run, small_federation: Path, tmp_path: Path, base: str):
    """Four ports must fit above the privileged ones."""
    result = run("up", "--federation", small_federation, "--state", tmp_path / "state", "--port-base", base)

    assert result.exit_code == 2
    assert "expected 1024 to 65532" in result.stderr


def test_ends_with_2_for_a_person_that_is_not_declared(run: Run, small_federation: Path, tmp_path: Path):
    """The nearest person is suggested, and no key is made."""
    options = ("--federation", small_federation, "--state", tmp_path / "state")

    result = run("login", "demo_u0002", *options)

    assert result.exit_code == 2
    assert 'did you mean "demo_u0001"?' in result.stderr
    assert not (tmp_path / "state").exists()


def test_explains_a_file(run: Run, tmp_path: Path):
    """A message becomes lines of what it says, without anything that steers a terminal."""
    path = tmp_path / "message.xml"
    path.write_text('<a ID="_1" Destination="x\x9b31m"/>', encoding="utf-8")

    result = run("explain", path)

    assert result.output.splitlines()[:4] == [
        "message      a",
        "encoding     XML",
        "ID           _1",
        "destination  x\\x9b31m",
    ]


def test_ends_with_2_for_a_file_that_is_no_message(run: Run, tmp_path: Path):
    """The file is named, and what was expected."""
    path = tmp_path / "notes.txt"
    path.write_text("hello world!")

    result = run("explain", path)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"{path}: neither XML nor base64")


def test_shows_the_way_of_the_attributes(run: Run, small_federation: Path):
    """Registry, what the proxy builds, what the service receives, and the rule that dropped the rest."""
    result = run("attributes", "demo_u0001", "--federation", small_federation, "--json")

    document = json.loads(result.output)
    assert document["person"] == "mansikkala/demo_u0001"
    assert document["registry"]["school_codes"] == ["30076"]
    assert document["released"]["role"] == ["1.2.246.562.99.00000000001;30076;;Oppilas;1;1.2.246.562.99.00000000002;"]
    assert sorted(document["released"]) == ["learner_id", "role", "uid"]
    assert {"attribute": "given_name", "rule": "value-missing"}.items() <= document["dropped"][0].items()
    assert document["refused"] is None


def test_says_of_the_attributes_that_the_providers_secret_has_expired(run: Run):
    """The login stops before anything is released, and the day is named."""
    person = next(iter(shipped_federation().education_providers["hiidenlampi"].people))
    arguments = ("attributes", f"hiidenlampi/{person}", "--federation", str(SHIPPED))
    document, text = json.loads(run(*arguments, "--json").output), run(*arguments).output

    assert (document["refused"], document["released"]) == ("source-secret-expired", {})
    assert "Found: hiidenlampi: 2025-12-31." in text


def test_prints_a_schema(run: Run):
    """The schema names the three top-level keys that must be there."""
    document = json.loads(run("schema").output)

    assert document["required"] == ["education_providers", "services", "publisher"]
