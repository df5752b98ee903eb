# SPDX-License-Identifier: Apache-2.0
"""`python -m loadtests.report`, as `testbed load` and a person start it."""

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


def report(*words: str) -> subprocess.CompletedProcess[str]:
    """Run it from anywhere but a run's folder."""
    return subprocess.run(  # noqa: S603 -- ours
        [sys.executable, "-m", "loadtests.report", *words], cwd=ROOT, capture_output=True, text=True, check=False
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
    ended = report("compare", str(runs / "quick"), f"{runs / 'slow-1'},{runs / 'slow-2'}")

    assert (ended.returncode, ended.stdout.splitlines()[-1], ended.stderr) == (1, "worse", "")


def test_the_same_run_is_noise(runs: Path):
    """It ends with 0."""
    ended = report("compare", str(runs / "quick"), str(runs / "quick"))

    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "noise")


def test_shows_a_verdict_that_was_written(runs: Path):
    """With its exit code."""
    quick, slow = (report("show", str(runs / name)) for name in ("quick", "slow-1"))

    assert (quick.returncode, slow.returncode) == (0, 1)
    assert quick.stdout.startswith("first-bell: 815 of 815 logins")


@pytest.mark.parametrize("words", [("compare", "nowhere", "nowhere"), ("write", "nowhere"), ("show", "nowhere")])
def test_a_run_that_is_not_there_ends_with_2(words: tuple[str, ...]):
    """One line on stderr, and no traceback."""
    ended = report(*words)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "cannot be read" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_prints_the_schema():
    """As JSON, for a script that reads report.json."""
    assert json.loads(report("schema").stdout) == json_schema()
