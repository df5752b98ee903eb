# SPDX-License-Identifier: Apache-2.0
"""Whether a system became better or worse from some runs to others, or whether what differs is noise.

Each side is one run or several of the same scenario. The rules:

- A figure of a side is the median of its runs, its spread from the lowest to the highest. A single run or a pair has
  little spread to show, so its p95 has at least the run's own noise band.
- Two sides differ where their spreads have nothing in common, and their medians are 5 % apart; with fewer than three
  runs on either side 20 %, which is what a machine moves a single figure by.
- Below a least difference (5 ms, a thousandth of the logins, ...) nothing differs.
- Worse is a run with a wrong session where there was none, or any figure of whole logins that became worse; better is
  one that became better while none became worse. Steps and parts are shown, and decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Final, Literal

from federation.errors import InputError
from federation.suggestion import quoted
from loadtests.figures import WHOLE_LOGIN
from loadtests.records import STEPS
from loadtests.report import wording
from loadtests.report.document import Report
from loadtests.report.limit import GENERATOR

ENOUGH_RUNS: Final = 3
DIFFERENCE: Final = 0.05
FEW_RUNS_DIFFERENCE: Final = 0.20

Change = Literal["better", "worse", "noise"]
Words = Callable[[float], str]


@dataclass(frozen=True)
class Spread:
    """One side's figure: the median of its runs, and how far they lie apart."""

    middle: float
    low: float
    high: float

    def said(self, words: Words) -> str:
        """Return it in words, the spread where there is one."""
        spread = "" if self.low == self.high else f" ({words(self.low)} – {words(self.high)})"
        return words(self.middle) + spread


@dataclass(frozen=True)
class Row:
    """One figure of both sides; `decides` is whether the verdict takes it into account."""

    name: str
    before: Spread
    after: Spread
    change: Change
    decides: bool
    words: Words

    def __str__(self) -> str:
        """Return the row as a line of words."""
        return f"{self.name:<22} {self.before.said(self.words):<26} {self.after.said(self.words):<26} {self.change}"


@dataclass(frozen=True)
class Comparison:
    """What became of a system; `notes` say what else differs between the runs."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    @property
    def change(self) -> Change:
        """The verdict: a step back is not made good by a step forward elsewhere."""
        found = {row.change for row in self.rows if row.decides}
        return "worse" if "worse" in found else "better" if "better" in found else "noise"

    @property
    def exit_code(self) -> int:
        """1 where it became worse."""
        return 1 if self.change == "worse" else 0

    def document(self) -> dict[str, object]:
        """Return the comparison for a script."""
        rows = [
            {
                "name": row.name,
                "before": asdict(row.before),
                "after": asdict(row.after),
                "change": row.change,
                "decides": row.decides,
            }
            for row in self.rows
        ]
        return {"change": self.change, "rows": rows, "notes": list(self.notes)}

    @property
    def lines(self) -> tuple[str, ...]:
        """The comparison for a terminal, the verdict last."""
        heading = f"{'':<22} {'before':<26} {'after':<26}".rstrip()
        return (heading, *map(str, self.rows), *(f"note: {note}" for note in self.notes), self.change)


@dataclass(frozen=True)
class _Figure:
    """A figure that can be compared: how it is read from a report, and the least difference that counts."""

    name: str
    of: Callable[[Report], float | None]
    least: float
    words: Words
    is_more_better: bool = False
    decides: bool = True


def compare(before: Sequence[Report], after: Sequence[Report]) -> Comparison:
    """Return what became of the system from the first runs to the second.

    Raises `InputError` where a side has no run, a run is not valid, or the runs asked for different things.
    """
    _check(before, after)
    found = [_row(figure, before, after) for figure in _figures(before[0])]
    return Comparison(tuple(row for row in found if row is not None), tuple(_notes(before, after)))


def _figures(first: Report) -> list[_Figure]:
    """Return what is compared: whole logins first, then steps and parts."""
    figures = [
        _Figure("wrong_session", lambda report: float(report.wrong_session), 0.5, wording.grouped),
        _Figure("failure_share", lambda report: report.failure_share, 0.001, wording.share),
        _Figure("held_per_second", lambda report: report.held_per_second, 0.1, _rate, is_more_better=True),
        _Figure("peak_per_second", lambda report: report.peak_per_second, 1.0, _rate, is_more_better=True),
    ]
    figures += [_latency(WHOLE_LOGIN, share, decides=True) for share in ("p50", "p95", "p99")]
    figures += [_latency(step, "p95", decides=False) for step in STEPS]
    figures += [_cost(part) for part in first.parts if not part.startswith(GENERATOR)]
    return figures


def _latency(name: str, share: str, *, decides: bool) -> _Figure:
    def read(report: Report) -> float | None:
        return getattr(report.latencies[name], share) if name in report.latencies else None

    return _Figure(f"{name} {share}", read, 0.005, wording.duration, decides=decides)


def _cost(part: str) -> _Figure:
    def read(report: Report) -> float | None:
        return report.parts[part].cpu_ms_per_login if part in report.parts else None

    return _Figure(f"{part} CPU", read, 0.1, lambda ms: f"{ms:.1f} ms", decides=False)


def _rate(rate: float) -> str:
    return f"{rate:.3g}/s"


def _row(figure: _Figure, before: Sequence[Report], after: Sequence[Report]) -> Row | None:
    sides = [_spread(figure, before), _spread(figure, after)]
    first, second = sides
    if first is None or second is None:
        return None
    is_few = min(len(before), len(after)) < ENOUGH_RUNS
    change = _change(figure, first, second, FEW_RUNS_DIFFERENCE if is_few else DIFFERENCE)
    return Row(figure.name, first, second, change, figure.decides, figure.words)


def _spread(figure: _Figure, reports: Sequence[Report]) -> Spread | None:
    values = [value for report in reports if (value := figure.of(report)) is not None]
    if len(values) < len(reports):
        return None
    low, high = min(values), max(values)
    if figure.name == f"{WHOLE_LOGIN} p95" and len(reports) < ENOUGH_RUNS:
        bands = [report.noise for report in reports if report.noise is not None]
        low, high = min([low, *(band.low for band in bands)]), max([high, *(band.high for band in bands)])
    return Spread(median(values), low, high)


def _change(figure: _Figure, before: Spread, after: Spread, share: float) -> Change:
    apart = abs(after.middle - before.middle)
    if after.low <= before.high and before.low <= after.high:
        return "noise"
    if apart < max(figure.least, 0.0 if figure.name == "wrong_session" else share * before.middle):
        return "noise"
    return "better" if (after.middle > before.middle) == figure.is_more_better else "worse"


def _check(before: Sequence[Report], after: Sequence[Report]) -> None:
    """Refuse what cannot be compared."""
    if not before or not after:
        message = "expected at least one run on each side"
        raise InputError(message)
    first = before[0]
    for report in (*before, *after):
        name = f"the run of {report.scenario} at {report.started:%Y-%m-%d %H:%M:%S}"
        if not report.valid:
            message = f"{name} is not valid and says nothing of the system: {report.invalid_because}"
            raise InputError(message)
        for asked in ("scenario", "service", "peak", "points"):
            expected, found = getattr(first, asked), getattr(report, asked)
            if found != expected:
                said = "" if asked == "points" else f": found {quoted(str(found))}, and {quoted(str(expected))} before"
                message = f"{name} has another {asked} than the first{said}; compare runs that asked for the same"
                raise InputError(message)


def _notes(before: Sequence[Report], after: Sequence[Report]) -> list[str]:
    reports = (*before, *after)
    kinds: dict[str, set[object]] = {
        "declarations": {report.declaration_sha256 for report in reports},
        "machines": {(report.machine.cores, report.machine.memory) for report in reports},
        "stacks": {report.stack for report in reports},
        "numbers of generator workers": {report.workers for report in reports},
        "troubles": {tuple((one.what, one.where) for one in report.trouble) for report in reports},
    }
    notes = [f"the runs are of different {name}" for name, values in kinds.items() if len(values) > 1]
    if any(report.ended_early for report in reports):
        notes.append("at least one run was ended early")
    if min(len(before), len(after)) < ENOUGH_RUNS:
        notes.append(f"fewer than {ENOUGH_RUNS} runs on a side: only differences of 20 % and more are told from noise")
    return notes
