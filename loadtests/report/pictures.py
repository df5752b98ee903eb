# SPDX-License-Identifier: Apache-2.0
"""Which pictures a report has, and of which figures; how they are drawn is `plots`'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from loadtests.figures import WHOLE_LOGIN
from loadtests.records import STEPS, Record
from loadtests.report import wording
from loadtests.report.document import Report
from loadtests.report.plots import distributions, over_time
from loadtests.report.plots.drawing import picture
from loadtests.report.recorded import RecordedRun
from loadtests.report.slices import Slice
from loadtests.report.usage import Usage, usages

MOST_POINTS: Final = 200
MOST_PARTS: Final = 8
"""As many as there are colours; the smallest of more are drawn as one."""
OTHERS: Final = "others"

Values = Sequence[tuple[float, float]]


def pictures_of(report: Report, recorded: RecordedRun, cut: Sequence[Slice], width: int) -> dict[str, str]:
    """Return the pictures as markup by name; where there is nothing to draw, the name is missing."""
    found = {}
    if report.logins:
        found["arrivals"] = _arrivals(report, cut, width)
    taken = times_taken(recorded.records)
    allowed = {one.name.removesuffix(" p95"): one.allowed for one in report.budgets if one.name.endswith(" p95")}
    if taken[WHOLE_LOGIN]:
        found["latency"] = _latency(report, cut, width, allowed.get(WHOLE_LOGIN))
    if any(taken.values()):
        label = "How the times of each step are spread; the table below has the figures"
        found["steps"] = picture("steps", label, distributions.steps(report.latencies, taken, allowed), tall=1.45)
    if report.failures:
        label = "Logins that ended otherwise than they should, by reason; the table below has the figures"
        tall = 0.45 + 0.13 * min(len(report.failures), distributions.MOST_REASONS)
        found["failures"] = picture("failures", label, distributions.failures(report.failures), tall)
    used = usages(recorded.samples)
    if any(usage.cores for usage in used.values()):
        found |= _of_parts(report, used, recorded.samples[-1].at)
    return found


def times_taken(records: Sequence[Record]) -> dict[str, list[float]]:
    """Return the seconds that each step took, in the order of a login, and the whole login at the end."""
    found = {step: [record.steps[step] for record in records if step in record.steps] for step in STEPS}
    return found | {WHOLE_LOGIN: [record.latency for record in records if record.failure is None]}


def thinned(values: Values, seconds: float) -> list[tuple[float, float]]:
    """Return the means of values over even stretches of time, few enough to be drawn."""
    width = max(1.0, seconds / MOST_POINTS)
    held: dict[int, list[float]] = {}
    for at, value in values:
        held.setdefault(round(at / width), []).append(value)
    return [(number * width, sum(there) / len(there)) for number, there in sorted(held.items())]


def largest(used: Mapping[str, Usage]) -> list[str]:
    """Return the names of the parts that are drawn one by one, in the order of names."""
    ordered = sorted(used, key=lambda part: (-used[part].cpu_seconds, part))
    return sorted(ordered if len(ordered) <= MOST_PARTS else ordered[: MOST_PARTS - 1])


def together(values: Iterable[Values]) -> list[tuple[float, float]]:
    """Return the sums at each moment."""
    found: dict[float, float] = {}
    for one in values:
        for at, value in one:
            found[at] = found.get(at, 0.0) + value
    return sorted(found.items())


def _arrivals(report: Report, cut: Sequence[Slice], width: int) -> str:
    label = (
        f"{report.logins} logins over {wording.duration(report.seconds)}; in the busiest second {report.peak_per_second} "
        "ended well"
    )
    return picture("arrivals", label, over_time.arrivals(report, cut, width))


def _latency(report: Report, cut: Sequence[Slice], width: int, allowed: float | None) -> str:
    whole = report.latencies[WHOLE_LOGIN]
    label = f"Whole logins: half within {wording.duration(whole.p50)}, 95 of 100 within {wording.duration(whole.p95)}"
    return picture("latency", label, over_time.latency(report, cut, width, allowed))


def _of_parts(report: Report, used: Mapping[str, Usage], last: float) -> dict[str, str]:
    named = largest(used)
    cores = [(part, thinned(used[part].cores, last)) for part in named]
    if len(named) < len(used):
        cores.append((OTHERS, together(thinned(used[part].cores, last) for part in used.keys() - set(named))))
    memory = [(part, thinned(used[part].memory, last)) for part in named]
    files = [(part, thinned(used[part].open_files, last)) for part in named]
    return {
        "cpu": picture(
            "cpu",
            f"Cores in use over time. {report.limiting_because}",
            over_time.stacked(report, cores, report.machine.cores),
        ),
        "memory": picture(
            "memory",
            "Memory of each part over time; the table below has the figures",
            over_time.lines(report, memory, "memory", wording.size),
            tall=0.85,
        ),
        "open_files": picture(
            "open-files",
            "Open files of each part over time; the table below has the figures",
            over_time.lines(report, files, "open files", wording.grouped),
            tall=0.85,
        ),
    }
