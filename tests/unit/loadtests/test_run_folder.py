# SPDX-License-Identifier: Apache-2.0
"""The folder of a load run: what is written comes back, and what is not a run's is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from federation.errors import InputError
from loadtests.records import Record
from loadtests.run_folder import Machine, Run, RunFolder, Sample, TroubleSeen, append

MORNING = datetime(2025, 8, 12, 5, 0, 0, tzinfo=UTC)


def a_run() -> Run:
    """Return a spike that still runs."""
    return Run(
        scenario="spike",
        points=((0.0, 0.1), (30.0, 1.0)),
        peak=24.0,
        targets={"proxy": "http://localhost:8000"},
        started=MORNING,
        scheduled=396,
        machine=Machine(cores=2, memory=4_000_000_000),
        trouble=(TroubleSeen(at_seconds=12.5, what="idp-dead", where="mansikkala"),),
    )


def a_record(number: int, worker: int) -> Record:
    """Return a login that went well."""
    return Record(number, "mansikkala", "ordinary", 1.0, 1.1, 1.5, worker=worker)


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """The report reads what the generator wrote."""
    folder = RunFolder.create(tmp_path, "spike", MORNING)

    folder.write_run(a_run())

    assert folder.path == tmp_path / "load" / "20250812T050000Z-spike"
    assert folder.read_run() == a_run()


def test_two_runs_of_one_second_have_a_folder_each(tmp_path: Path) -> None:
    """Neither writes over the other."""
    RunFolder.create(tmp_path, "spike", MORNING)

    second = RunFolder.create(tmp_path, "spike", MORNING)

    assert second.path.name == "20250812T050000Z-spike-2"


def test_the_files_are_private(tmp_path: Path) -> None:
    """A declaration may hold people that are somebody's test persons."""
    folder = RunFolder.create(tmp_path, "spike", MORNING)

    folder.write_run(a_run())
    append(folder.samples_path, ["{}"])

    assert {path.stat().st_mode & 0o777 for path in folder.path.iterdir()} == {0o600}
    assert folder.path.stat().st_mode & 0o777 == 0o700


def test_the_records_of_all_workers_come_in_the_order_of_the_schedule(tmp_path: Path) -> None:
    """Who generated a login does not matter to the report."""
    folder = RunFolder.create(tmp_path, "spike", MORNING)
    append(folder.records_path(0), [a_record(0, 0).to_json(), a_record(2, 0).to_json()])
    append(folder.records_path(1), [a_record(1, 1).to_json()])

    found = folder.records()

    assert found == (a_record(0, 0), a_record(1, 1), a_record(2, 0))


def test_samples_come_in_the_order_of_time_without_one_that_was_cut_off(tmp_path: Path) -> None:
    """A run that was killed in the middle of a line has a report all the same."""
    folder = RunFolder.create(tmp_path, "spike", MORNING)
    early, late = Sample(1.0, "proxy", 0.5, 90_000_000, 31), Sample(2.0, "proxy", 0.9, 91_000_000, 33)
    append(folder.samples_path, [late.to_json(), early.to_json()])
    with folder.samples_path.open("a") as file:
        file.write('{"at":3.0,"part":"pro')

    found = folder.samples()

    assert found == (early, late)


def test_a_line_that_is_no_sample_is_named(tmp_path: Path) -> None:
    """Somebody edited the file."""
    folder = RunFolder.create(tmp_path, "spike", MORNING)
    append(folder.samples_path, ['{"at":"soon"}'])

    with pytest.raises(InputError, match=r"samples\.jsonl:1: no sample of a part"):
        folder.samples()


def test_a_folder_that_is_no_runs_is_named(tmp_path: Path) -> None:
    """Somebody compares the wrong folder."""
    with pytest.raises(InputError, match=r"run\.json: cannot be read .* expected the folder of a load run"):
        RunFolder(tmp_path).read_run()


def test_a_run_that_says_something_else_is_named(tmp_path: Path) -> None:
    """The place of the first fault stands in the error."""
    folder = RunFolder.create(tmp_path, "spike", MORNING)
    folder.write_run(a_run())
    path = folder.path / "run.json"
    path.write_text(path.read_text().replace('"peak": 24.0', '"peak": "many"'))

    with pytest.raises(InputError, match=r"run\.json: peak: "):
        folder.read_run()
