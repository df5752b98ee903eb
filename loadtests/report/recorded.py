# SPDX-License-Identifier: Apache-2.0
"""A recorded run, read from its folder with nothing trusted: every file is bounded, every line is checked.

- Without `run.json`, `federation.yaml` or any `records-<worker>.jsonl` it is no run.
- A last line that is half written is left out; any other broken line is told with its number.
- A key that nobody knows, a number that is none, or a time before the start is an error, not a surprise in a figure.
"""

from __future__ import annotations

import hashlib
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from federation.errors import InputError
from federation.suggestion import did_you_mean, quoted
from loadtests.records import STEPS, Record
from loadtests.run_folder import DECLARATION, RUN, SAMPLES, Run, RunFolder, Sample
from loadtests.schedule import MOST_ARRIVALS

MOST_RUN_BYTES: Final = 1_000_000
MOST_LINE: Final = 20_000
MOST_SAMPLES: Final = 2_000_000
MOST_SECONDS: Final = 7 * 86_400.0

_RECORD: Final[TypeAdapter[Record]] = TypeAdapter(Record)
_SAMPLE: Final[TypeAdapter[Sample]] = TypeAdapter(Sample)

_Line = TypeVar("_Line", Record, Sample)


@dataclass(frozen=True)
class RecordedRun:
    """What a run left: the records in the order of the schedule, the samples in the order of time."""

    run: Run
    records: tuple[Record, ...]
    samples: tuple[Sample, ...]
    declaration_sha256: str

    @property
    def twice(self) -> tuple[int, ...]:
        """The numbers of logins that more than one worker recorded, the first few."""
        workers = Counter(number for number, _ in {(record.number, record.worker) for record in self.records})
        return tuple(sorted(number for number, count in workers.items() if count > 1)[:3])


def read_recorded_run(path: Path) -> RecordedRun:
    """Return what lies in a run's folder; raises `InputError` that says which file and line, and what was expected."""
    _check_file(path / RUN, MOST_RUN_BYTES)
    run = RunFolder(path).read_run()
    digest = hashlib.sha256()
    for chunk in _chunks(path / DECLARATION):
        digest.update(chunk)
    files = sorted(path.glob("records-*.jsonl"))
    if not files:
        message = f"{path}: no records-<worker>.jsonl, expected one of each generator worker: the run recorded nothing"
        raise InputError(message)
    records = [record for file in files for record in _lines(file, _RECORD, MOST_ARRIVALS)]
    if len(records) > MOST_ARRIVALS:
        message = f"{path}: more than {MOST_ARRIVALS:,} records together; no run has as many"
        raise InputError(message)
    samples = list(_lines(path / SAMPLES, _SAMPLE, MOST_SAMPLES)) if (path / SAMPLES).exists() else []
    return RecordedRun(
        run,
        tuple(sorted(records, key=lambda record: (record.number, record.finished))),
        tuple(sorted(samples, key=lambda sample: (sample.at, sample.part))),
        digest.hexdigest(),
    )


def _lines(path: Path, kind: TypeAdapter[_Line], most: int) -> Iterator[_Line]:
    _check_file(path, most * MOST_LINE)
    with path.open("rb") as file:
        for number, line in enumerate(_whole_lines(file, path), 1):
            if number > most:
                message = f"{path}: more than {most:,} lines, which no run has"
                raise InputError(message)
            yield _checked_line(line, kind, f"{path}:{number}")


def _whole_lines(file: Any, path: Path) -> Iterator[bytes]:  # noqa: ANN401 -- a file that reads bytes
    """Give the lines that were written whole."""
    number = 0
    while line := file.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            message = f"{path}:{number}: more than {MOST_LINE:,} bytes, expected one record"
            raise InputError(message)
        if line.endswith(b"\n"):
            yield line


def _checked_line(line: bytes, kind: TypeAdapter[_Line], place: str) -> _Line:
    try:
        found = kind.validate_json(line)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        at = ".".join(map(str, fault["loc"]))
        message = (
            f"{place}: {at + ': ' if at else ''}{fault['msg']}; another version of the testbed may have written it"
        )
        raise InputError(message) from error
    problem = _record_problem(found) if isinstance(found, Record) else _sample_problem(found)
    if problem is not None:
        message = f"{place}: {problem}"
        raise InputError(message)
    return found


def _record_problem(record: Record) -> str | None:
    unknown = next((step for step in record.steps if step not in STEPS), None)
    if unknown is not None:
        return f"steps.{quoted(unknown)}: no step of a login has this name{did_you_mean(unknown, STEPS)}"
    if record.finished < record.started:
        return f"finished: found {record.finished:g}, expected nothing before the start at {record.started:g}"
    return _time_problem([record.scheduled, record.started, record.finished, *record.steps.values()])


def _sample_problem(sample: Sample) -> str | None:
    if sample.cpu_seconds < 0 or sample.memory_bytes < 0 or sample.open_files < 0:
        return "expected no negative figure"
    return _time_problem([sample.at])


def _time_problem(times: Iterable[float]) -> str | None:
    wrong = next((time for time in times if not 0 <= time <= MOST_SECONDS), None)
    return None if wrong is None else f"found a time of {wrong:g} s, expected one from 0 to {MOST_SECONDS:g}"


def _chunks(path: Path) -> Iterator[bytes]:
    _check_file(path, None)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def _check_file(path: Path, most: int | None) -> None:
    """Refuse what is no plain file of at most so many bytes."""
    try:
        found = path.stat()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); expected the folder of a load run"
        raise InputError(message) from error
    if not stat.S_ISREG(found.st_mode):
        message = f"{path}: is no file; expected the folder of a load run"
        raise InputError(message)
    if most is not None and found.st_size > most:
        message = f"{path}: found {found.st_size:,} bytes, expected at most {most:,}"
        raise InputError(message)
