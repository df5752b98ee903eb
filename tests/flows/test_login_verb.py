# SPDX-License-Identifier: Apache-2.0
"""`login` and `bench` as they are typed: output, exit codes, transcript."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from testbed.cli import main
from tests.builders.stacks import SHIPPED

Run = Callable[..., Result]


@pytest.fixture
def run(keys_folder: Path) -> Run:
    """Run a verb on the shipped declaration with the session's keys."""

    def run_with(*arguments: str) -> Result:
        options = ["--federation", str(SHIPPED), "--state", str(keys_folder)]
        return CliRunner().invoke(main, [*arguments, *options], catch_exceptions=False)

    return run_with


def test_prints_the_documented_object(run: Run) -> None:
    """`--json` has exactly the keys of the public surface, in their order."""
    result = run("login", "demo_u0020", "--json", "--expect", "refused:no-school-data")

    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(document) == [
        "person",
        "service",
        "stack",
        "outcome",
        "at",
        "because",
        "page",
        "saml_status",
        "attributes",
        "schools",
        "materials",
        "hops",
        "milliseconds",
    ]
    assert {name: document[name] for name in ("person", "outcome", "at", "because", "page", "saml_status")} == {
        "person": "mansikkala/demo_u0020",
        "outcome": "refused",
        "at": "publisher",
        "because": "no-school-data",
        "page": 106,
        "saml_status": None,
    }
    assert document["hops"][1] == {
        "from": "publisher",
        "to": "proxy",
        "method": "GET",
        "status": 303,
        "what": "AuthnRequest",
    }


@pytest.mark.parametrize(
    ("person", "expect", "code"),
    [
        pytest.param("demo_u0001", "session", 0, id="a session as expected"),
        pytest.param("demo_u0001", "refused", 1, id="a session where a refusal was expected"),
        pytest.param("demo_u0022", "session", 1, id="a refusal where a session was expected"),
        pytest.param("demo_u0022", "refused", 0, id="any refusal"),
        pytest.param("demo_u0022", "refused:learner-id-invalid", 1, id="another refusal"),
        pytest.param("demo_u0022", "refusd", 2, id="an expectation that does not exist"),
    ],
)
def test_ends_with_the_code_of_the_expectation(run: Run, person: str, expect: str, code: int) -> None:
    """0 as expected, 1 not as expected, 2 wrong input."""
    assert run("login", person, "--expect", expect).exit_code == code


def test_says_what_was_expected_and_what_came(run: Run) -> None:
    """The last line on stderr has both."""
    result = run("login", "eino.erityinen")

    assert result.stderr == "expected session, got refused at publisher: school-not-activated (105)\n"
    assert "refused at publisher: school-not-activated (105)" in result.stdout


def test_declines_the_terms_where_it_is_told_to(run: Run) -> None:
    """A plain run accepts them; `--decline-terms` shows what a person reads who does not."""
    result = run("login", "demo_u0001", "--decline-terms", "--expect", "refused:terms-not-accepted")

    assert result.exit_code == 0
    assert "refused at publisher: terms-not-accepted (118)" in result.stdout


def test_writes_a_transcript_for_the_owner_alone(run: Run, tmp_path: Path) -> None:
    """Messages, events and result; the folder is 0700, each file 0600, and `explain` reads it."""
    folder = tmp_path / "transcript"

    result = run("login", "demo_u0001", "--transcript", str(folder))

    explained = CliRunner().invoke(main, ["explain", str(folder / "transcript.json")])
    document = json.loads((folder / "transcript.json").read_text())
    assert "holds the test person's data" in result.stderr
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert [(message["from"], message["to"]) for message in document["messages"]] == [
        ("publisher", "proxy"),
        ("proxy", "idp"),
        ("idp", "proxy"),
        ("proxy", "publisher"),
    ]
    assert {(event["part"], event["event"]) for event in document["events"]} >= {
        ("publisher", "login-started"),
        ("proxy", "response-verified"),
        ("idp", "authenticated"),
        ("publisher", "session-started"),
    }
    assert explained.output.count("message ") == 4


def test_measures_each_part(run: Run) -> None:
    """`bench` counts CPU in every part that took part, and the shares make a whole."""
    document = json.loads(run("bench", "--logins", "2", "--json").stdout)

    assert document["logins"] == 2
    assert list(document["cpu_milliseconds"]) == ["proxy", "idp", "publisher", "client"]
    assert all(milliseconds > 0 for milliseconds in document["cpu_milliseconds"].values())
    assert sum(document["share"].values()) == pytest.approx(1, abs=0.01)


def test_measures_no_login_that_fails(run: Run) -> None:
    """The price of a refusal is nobody's question."""
    result = run("bench", "eino.erityinen", "--logins", "1")

    assert result.exit_code == 1
    assert "school-not-activated" in result.stderr
