# SPDX-License-Identifier: Apache-2.0
"""A run's folder, `.testbed/load/<UTC stamp>-<scenario>/`: what the generator leaves, and what the report is made from.

    run.json               what was asked for, of what, with what; `Run`
    federation.yaml        the exact declaration
    records-<worker>.jsonl one login a line; `loadtests.records.Record`
    samples.jsonl          once a second, what each part and each generator worker has used; `Sample`

Nothing personal stands in it but what the declaration holds; the files are private all the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, ClassVar, Final, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from certs.folder import PRIVATE, write_file
from federation.errors import InputError
from loadtests.budgets import Budgets
from loadtests.records import Record, read_records

RUNS: Final = "load"
"""The folder of all runs, in the state folder."""
RUN: Final = "run.json"
DECLARATION: Final = "federation.yaml"
SAMPLES: Final = "samples.jsonl"
GENERATOR: Final = "generator"
"""What the names of the generator's own rows begin with: `generator-0` and so on."""

_Share = Annotated[float, Field(ge=0, le=1)]
_Count = Annotated[int, Field(ge=0)]
_Seconds = Annotated[float, Field(ge=0)]


class Machine(BaseModel):
    """Where the generator ran: processor cores, and bytes of memory."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cores: Annotated[int, Field(ge=1)]
    memory: _Count


class TroubleSeen(BaseModel):
    """What was done to the system while the load came: when, in seconds from the schedule's start, until when, what, where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_seconds: _Seconds
    done_seconds: _Seconds | None = None
    what: str
    where: str

    @property
    def name(self) -> str:
        """What `Record.turned_by` calls it."""
        return f"{self.what}:{self.where}"

    def concerns(self, record: Record) -> bool:
        """Tell whether it was done to this login's home organisation, or changed how the login must end."""
        return record.provider == self.where or self.name in record.turned_by.split()


class Run(BaseModel):
    """One run: `points` are its shape's (seconds from the start, share of the peak), the peak in logins a second.

    `workers` is how many generated, `stack` which stack was asked (`outside` for one that is somebody else's) and
    `targets` its base URL by part. `ended` is None while it runs, and for ever where it broke off.
    `invalid_because` is the generator's own reason why the run says nothing of the system.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    points: tuple[tuple[_Seconds, _Share], ...]
    peak: Annotated[float, Field(gt=0)]
    compression: Annotated[float, Field(ge=1)] = 1.0
    seed: int = 0
    workers: Annotated[int, Field(ge=1)] = 1
    service: str = "publisher"
    stack: str = "local"
    targets: Mapping[str, str] = Field(default_factory=dict)
    started: AwareDatetime
    ended: AwareDatetime | None = None
    ended_early: bool = False
    scheduled: _Count = 0
    versions: Mapping[str, str] = Field(default_factory=dict)
    machine: Machine
    trouble: tuple[TroubleSeen, ...] = ()
    budgets: Budgets = Budgets()
    invalid_because: str | None = None
    expected_ms_per_login: float | None = None

    @property
    def seconds(self) -> float:
        """How long the schedule lasts."""
        return self.points[-1][0] if self.points else 0.0


@dataclass(frozen=True)
class Sample:
    """What a part or a worker has used: `at` seconds from the schedule's start; CPU seconds since it began."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    """For who reads a file that somebody else may have written."""

    at: float
    part: str
    cpu_seconds: float
    memory_bytes: int
    open_files: int

    def to_json(self) -> str:
        """Return the sample as one line."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read what `to_json` wrote; raises `InputError` for anything else."""
        try:
            found = json.loads(line)
            return cls(
                float(found["at"]),
                str(found["part"]),
                float(found["cpu_seconds"]),
                int(found["memory_bytes"]),
                int(found["open_files"]),
            )
        except (ValueError, TypeError, KeyError) as error:
            message = f"no sample of a part: {error!r}"
            raise InputError(message) from error


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    @classmethod
    def create(cls, state: Path, scenario: str, now: datetime) -> Self:
        """Make the folder of a run that begins now; one that exists already is another's, and the next name is taken."""
        stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        runs = state / RUNS
        runs.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = 1
        while True:
            path = runs / (f"{stamp}-{scenario}" if number == 1 else f"{stamp}-{scenario}-{number}")
            try:
                path.mkdir(mode=0o700)
            except FileExistsError:
                number += 1
            else:
                return cls(path)

    def write_run(self, run: Run) -> None:
        """Write `run.json` whole."""
        write_file(self.path / RUN, (run.model_dump_json(indent=2) + "\n").encode("utf-8"), PRIVATE)

    def read_run(self) -> Run:
        """Return what `run.json` says; raises `InputError` where it is missing or says something else."""
        path = self.path / RUN
        try:
            return Run.model_validate_json(path.read_bytes())
        except OSError as error:
            message = f"{path}: cannot be read ({error.strerror}): expected the folder of a load run"
            raise InputError(message) from error
        except ValidationError as error:
            fault = error.errors()[0]
            message = f"{path}: {'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}"
            raise InputError(message) from error

    @property
    def declaration(self) -> Path:
        """The declaration that the run was of."""
        return self.path / DECLARATION

    def records_path(self, worker: int) -> Path:
        """Return where a worker's records lie."""
        return self.path / f"records-{worker}.jsonl"

    @property
    def samples_path(self) -> Path:
        """Where the samples lie."""
        return self.path / SAMPLES

    def records(self) -> tuple[Record, ...]:
        """Return all workers' records in the order of the schedule; raises `InputError` with the line that is none."""
        found: list[Record] = []
        for path in sorted(self.path.glob("records-*.jsonl")):
            with path.open(encoding="utf-8") as lines:
                found += read_records(lines, path.name)
        return tuple(sorted(found, key=lambda record: record.number))

    def samples(self) -> tuple[Sample, ...]:
        """Return the samples in the order of time, none where there is no such file; raises `InputError` as above."""
        if not self.samples_path.exists():
            return ()
        with self.samples_path.open(encoding="utf-8") as lines:
            return tuple(sorted(_samples(lines), key=lambda sample: (sample.at, sample.part)))


def append(path: Path, lines: Sequence[str]) -> None:
    """Add lines to a file of the run, which is private from its first byte."""
    path.touch(mode=0o600)
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


def _samples(lines: Iterable[str]) -> Iterator[Sample]:
    """Give the samples; a last line that was cut off is left out."""
    for number, line in enumerate(lines, 1):
        if not line.endswith("\n"):
            return
        try:
            yield Sample.from_json(line)
        except InputError as error:
            message = f"{SAMPLES}:{number}: {error}"
            raise InputError(message) from error
