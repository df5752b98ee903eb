# SPDX-License-Identifier: Apache-2.0
"""The verbs of `testbed load` on runs that have ended."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from loadtests.report.assembly import report_of
from loadtests.report.document import json_schema
from loadtests.report.recorded import RecordedRun
from tests.builders.load_runs import records_of, run_of, samples_of

ROOT = Path(__file__).resolve().parents[4]


def load(*words: str) -> subprocess.CompletedProcess[str]:
    """Run `testbed load` with these words."""
    return subprocess.run(  # noqa: S603 -- ours
        [sys.executable, "-m", "testbed", "load", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the reports of a quick run and of two slow ones."""
    folder = tmp_path_factory.mktemp("runs")
    for name, strength in {"quick": 60.0, "slow-1": 8.0, "slow-2": 7.5}.items():
        run = run_of()
        records = records_of(run, strength)
        document = report_of(RecordedRun(run, tuple(records), tuple(samples_of(records, 125)), "0" * 64))
        (folder / name).mkdir()
        (folder / name / "report.json").write_text(document.model_dump_json())
    return folder


def test_compares_one_run_with_several_and_ends_with_1_where_it_is_worse(runs: Path):
    """Runs of a side stand with commas between them."""
    ended = load("compare", str(runs / "quick"), f"{runs / 'slow-1'},{runs / 'slow-2'}")

    assert (ended.returncode, ended.stdout.splitlines()[-1], ended.stderr) == (1, "worse", "")


def test_the_same_run_is_noise(runs: Path):
    """It ends with 0."""
    ended = load("compare", str(runs / "quick"), str(runs / "quick"))

    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "noise")


def test_a_comparison_can_be_read_by_a_script(runs: Path):
    """The same rows, spreads and verdict."""
    ended = load("compare", str(runs / "quick"), str(runs / "slow-1"), "--json")

    document = json.loads(ended.stdout)
    (login,) = [row for row in document["rows"] if row["name"] == "login p95"]
    assert (ended.returncode, document["change"], login["change"], login["decides"]) == (1, "worse", "worse", True)
    assert login["before"]["middle"] < login["after"]["low"]


@pytest.mark.parametrize("words", [("compare", "nowhere", "nowhere"), ("report", "nowhere")])
def test_a_run_that_is_not_there_ends_with_2(words: tuple[str, ...]):
    """One line on stderr, and no traceback."""
    ended = load(*words)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "cannot be read" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_prints_the_schema():
    """As JSON, for a script that reads report.json."""
    assert json.loads(load("schema").stdout) == json_schema()
