# SPDX-License-Identifier: Apache-2.0
"""The figures of a run, from its records: latencies from the scheduled moment, outcomes, and whether the run is valid.

A percentile is the smallest value that at least that share of the values does not exceed (nearest rank): a value that
was really seen.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.records import ABANDONED, STEPS, Record

WHOLE_LOGIN: Final = "login"
MOST_LATE: Final = 0.25
"""Seconds: a generator that begins one login in a hundred later than this has not kept its schedule."""
LATE_SHARE: Final = 0.99


@dataclass(frozen=True)
class Latency:
    """Seconds."""

    count: int
    p50: float
    p95: float
    p99: float
    longest: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Latency | None:
        """Return the figures of some values, `None` where there are none."""
        ordered = sorted(seconds)
        if not ordered:
            return None
        p50, p95, p99 = (percentile(ordered, share) for share in (0.50, 0.95, 0.99))
        return cls(len(ordered), p50, p95, p99, ordered[-1])


@dataclass(frozen=True)
class Figures:
    """What a run comes to.

    `logins` counts those that ended in any way, `scheduled` those that should have begun. `wrong_session` is how many
    services saw somebody else, `wrong_outcome` how many logins ended otherwise than the model says (broken ones among
    them). `peak_per_second` is the most logins that ended well in one second. `late` is the generator's lateness that
    99 of a hundred logins stayed below, in seconds.
    """

    scheduled: int
    logins: int
    wrong_session: int
    wrong_outcome: int
    failures: Mapping[str, int]
    peak_per_second: int
    late: float
    latencies: Mapping[str, Latency]
    seconds: float

    @property
    def failure_share(self) -> float:
        """The share of logins that ended otherwise than they should, 0 to 1."""
        return self.wrong_outcome / self.logins if self.logins else 0.0

    @property
    def invalid_because(self) -> str | None:
        """Why the run says nothing of the system, `None` where it is valid."""
        if not self.logins:
            return "no login ended"
        if self.late > MOST_LATE:
            return (
                f"the generator fell behind its schedule: one login in a hundred began {self.late:.2f} s late or "
                f"more, expected at most {MOST_LATE} s; use more workers or a lower peak"
            )
        return None


def figures(records: Sequence[Record], scheduled: int) -> Figures:
    """Return the figures of a run of which `scheduled` logins should have begun."""
    ended_well = Counter(math.floor(record.finished) for record in records if record.is_right_outcome)
    # who left at the picker was never answered whole, and would flatter
    ended = [record for record in records if record.failure is None and record.outcome != ABANDONED]
    whole = {WHOLE_LOGIN: [record.latency for record in ended]}
    by_step = {step: [record.steps[step] for record in records if step in record.steps] for step in STEPS}
    latencies = {name: Latency.of(seconds) for name, seconds in {**by_step, **whole}.items()}
    ordered = sorted(record.lateness for record in records)
    return Figures(
        scheduled=scheduled,
        logins=len(records),
        wrong_session=sum(record.is_right_person is False for record in records),
        wrong_outcome=sum(not record.is_right_outcome for record in records),
        failures=dict(Counter(reason_of(record) for record in records if not record.is_right_outcome).most_common()),
        peak_per_second=max(ended_well.values(), default=0),
        late=max(0.0, percentile(ordered, LATE_SHARE)) if ordered else 0.0,
        latencies={name: latency for name, latency in latencies.items() if latency is not None},
        seconds=max((record.finished for record in records), default=0.0),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value at `share` (above 0, at most 1) of values in ascending order; there is at least one."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def reason_of(record: Record) -> str:
    """Return in a few words how a login ended otherwise than it should."""
    if record.failure is not None:
        return record.failure
    ended = record.because or record.outcome
    return f"{ended} instead of {record.expected}"
