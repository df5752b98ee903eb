# SPDX-License-Identifier: Apache-2.0
"""How a run goes while it runs: what the records' files have got so far, and the lines that say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from loadtests.figures import percentile
from loadtests.records import ABANDONED, Record
from loadtests.run_folder import Run, RunFolder

RECENT_SECONDS: Final = 5.0


@dataclass
class Tail:
    """Reads records as they come, each once."""

    folder: RunFolder
    records: list[Record] = field(default_factory=list)
    _offsets: dict[Path, int] = field(default_factory=dict)

    def read(self) -> list[Record]:
        """Return all records so far; a line that is not whole yet comes next time."""
        for path in sorted(self.folder.path.glob("records-*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._offsets.get(path, 0))
                content = file.read()
            whole = content[: content.rfind(b"\n") + 1]
            self._offsets[path] = self._offsets.get(path, 0) + len(whole)
            self.records += [Record.from_json(line.decode("utf-8")) for line in whole.splitlines()]
        return self.records


@dataclass(frozen=True)
class Progress:
    """The state of a run `at` seconds after its start; `rate` and `p95` are of the last five seconds."""

    at: float
    seconds: float
    scheduled: int
    ended: int
    wrong: int
    wrong_session: int
    rate: float
    p95: float | None

    @classmethod
    def of(cls, run: Run, records: list[Record], at: float) -> Progress:
        """Return how a run goes."""
        recent = [record for record in records if record.finished > at - RECENT_SECONDS]
        whole = sorted(each.latency for each in recent if each.failure is None and each.outcome != ABANDONED)
        return cls(
            at=at,
            seconds=run.seconds,
            scheduled=run.scheduled,
            ended=len(records),
            wrong=sum(not record.is_right_outcome for record in records),
            wrong_session=sum(record.is_right_person is False for record in records),
            rate=len(recent) / min(RECENT_SECONDS, max(at, 1.0)),
            p95=percentile(whole, 0.95) if whole else None,
        )

    def words(self) -> Iterator[str]:
        """Give what a person wants to know, piece by piece."""
        yield f"{self.at:5.0f} of {self.seconds:.0f} s"
        yield f"{self.ended:,} of {self.scheduled:,} logins"
        yield f"{self.rate:.1f} a second"
        yield "no p95 yet" if self.p95 is None else f"p95 {self.p95:.2f} s"
        yield f"{self.wrong} wrong"
        if self.wrong_session:
            yield f"{self.wrong_session} IN SOMEBODY ELSE'S SESSION"

    def __str__(self) -> str:
        """Return it as one line."""
        return " · ".join(self.words())
