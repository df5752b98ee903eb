# SPDX-License-Identifier: Apache-2.0
"""A run's folder is read with nothing trusted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from federation.errors import InputError
from loadtests.report.recorded import read_recorded_run
from loadtests.run_folder import Sample
from tests.builders.load_runs import DECLARED, RECORD, run_of, write_run

SAMPLE = Sample(1.0, "proxy", 0.5, 60_000_000, 20)


def record_line(**changes: object) -> str:
    """Return the line of a record that something was done to."""
    return json.dumps(asdict(RECORD) | changes) + "\n"


def test_reads_every_workers_records_in_the_order_of_the_schedule(tmp_path: Path):
    """Which worker did what is forgotten; the samples come in the order of time."""
    records = [replace(RECORD, number=number, worker=number % 2) for number in range(4)]
    folder = write_run(tmp_path, run_of(workers=2), records, [replace(SAMPLE, at=2.0), SAMPLE])

    found = read_recorded_run(folder)

    assert found.records == tuple(records)
    assert [sample.at for sample in found.samples] == [1.0, 2.0]
    assert found.declaration_sha256 == hashlib.sha256(DECLARED).hexdigest()


def test_a_run_that_was_broken_off_keeps_what_was_whole(tmp_path: Path):
    """The last line of each file may be half written, and samples may be missing."""
    folder = write_run(tmp_path, run_of(), [RECORD])
    with (folder / "records-0.jsonl").open("a") as file:
        file.write(record_line()[:40])
    (folder / "samples.jsonl").unlink()

    found = read_recorded_run(folder)

    assert (found.records, found.samples) == ((RECORD,), ())


def test_a_login_that_two_workers_recorded_is_named(tmp_path: Path):
    """The schedule was not split; two records of one worker are somebody who went on to another service."""
    records = [RECORD, replace(RECORD, worker=1), replace(RECORD, number=1), replace(RECORD, number=1, finished=2.0)]

    assert read_recorded_run(write_run(tmp_path, run_of(workers=2), records)).twice == (0,)


def _without(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def _with(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text)


def _changed_run(**changes: object) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        found = json.loads((folder / "run.json").read_text())
        (folder / "run.json").write_text(json.dumps(found | changes))

    return change


def _folder_instead(name: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(_without("run.json"), r"run\.json: cannot be read", id="it has no run.json"),
        pytest.param(_with("run.json", "{"), r"run\.json: the file: ", id="run.json is no JSON"),
        pytest.param(_changed_run(weather="rain"), r"run\.json: weather: ", id="run.json says what nobody knows"),
        pytest.param(_changed_run(peak=-1), r"run\.json: peak: ", id="the peak is less than nothing"),
        pytest.param(_with("run.json", "x" * 1_000_001), "at most 1,000,000", id="run.json is far too large"),
        pytest.param(_folder_instead("run.json"), "is no file", id="run.json is a folder"),
        pytest.param(_without("federation.yaml"), r"federation\.yaml: cannot be read", id="it has no declaration"),
        pytest.param(_without("records-0.jsonl"), r"no records-<worker>\.jsonl", id="nobody recorded anything"),
        pytest.param(_with("records-0.jsonl", "{}\n"), r"records-0\.jsonl:1: number: ", id="a line is no record"),
        pytest.param(
            _with("records-0.jsonl", record_line() + "no\n"),
            r"records-0\.jsonl:2: Invalid JSON",
            id="a line is no JSON",
        ),
        pytest.param(
            _with("records-0.jsonl", record_line(shoe_size=44)),
            r"records-0\.jsonl:1: shoe_size: .*another version",
            id="a record says what nobody knows",
        ),
        pytest.param(_with("records-0.jsonl", record_line(finished="soon")), ":1: finished: ", id="a time is a word"),
        pytest.param(_with("records-0.jsonl", record_line(finished=float("nan"))), ":1: ", id="a time is not a number"),
        pytest.param(
            _with("records-0.jsonl", record_line(finished=0.5)),
            ":1: finished: found 0.5",
            id="it ended before it began",
        ),
        pytest.param(
            _with("records-0.jsonl", record_line(scheduled=-1.0)),
            "found a time of -1 s",
            id="a time is before the start",
        ),
        pytest.param(
            _with("records-0.jsonl", record_line(steps={"pikker": 0.1})),
            'did you mean "picker"',
            id="a step is unknown",
        ),
        pytest.param(_with("records-0.jsonl", "x" * 30_000), ":1: more than 20,000 bytes", id="a line has no end"),
        pytest.param(_with("samples.jsonl", "{}\n"), r"samples\.jsonl:1: at: ", id="a line is no sample"),
        pytest.param(
            _with("samples.jsonl", replace(SAMPLE, memory_bytes=-1).to_json() + "\n"),
            "no negative figure",
            id="a sample is less than nothing",
        ),
        pytest.param(_with("samples.jsonl", "\xff\n"), r"samples\.jsonl:1: ", id="a file is no text"),
    ],
)
def test_says_where_a_folder_is_wrong(tmp_path: Path, change: Callable[[Path], object], says: str):
    """File, line, what was found."""
    folder = write_run(tmp_path, run_of(), [RECORD], [SAMPLE])
    change(folder)

    with pytest.raises(InputError, match=says):
        read_recorded_run(folder)
