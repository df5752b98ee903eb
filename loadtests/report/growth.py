# SPDX-License-Identifier: Apache-2.0
"""Which step took longer the more people came, or the longer the run lasted, and who answers it.

A step grew where half of those who took it needed twice as long, and 50 ms more. The median is asked and not the p95:
a single slow moment moves the p95 of a short run, and what a queue leaves behind is in the p95 of quiet times too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.figures import percentile
from loadtests.records import STEPS, Record
from loadtests.report.wording import duration

TIMES: Final = 2.0
SECONDS: Final = 0.05
LEAST_LOGINS: Final = 100
WINDOW_SECONDS: Final = 5.0

_ANSWERED_BY: Final = {
    "picker": "proxy",
    "home-page": "idp",
    "home-answer": "idp",
    "proxy-answer": "proxy",
    "single-sign-on": "proxy",
}
"""Who does the most of a step; the service does the others."""


@dataclass(frozen=True)
class Growth:
    """A step that grew from one median to another, in seconds, and when."""

    step: str
    part: str
    before: float
    after: float
    when: str

    def __str__(self) -> str:
        """Say it as a part of a sentence."""
        return (
            f"the step {self.step} took {self.after / self.before:.2g} times as long {self.when} (half within "
            f"{duration(self.after)} against {duration(self.before)})"
        )


def growth_of(records: Sequence[Record], service: str) -> Growth | None:
    """Return the step that grew most, `None` where none grew by much or there are too few logins to tell."""
    window_of = {record.number: int(record.scheduled // WINDOW_SECONDS) for record in records}
    crowd = Counter(window_of.values())
    by_load = sorted(records, key=lambda record: (crowd[window_of[record.number]], record.scheduled))
    by_time = sorted(records, key=lambda record: record.scheduled)
    grown = [
        *_grown(by_load, service, "when most people came"),
        *_grown(by_time, service, "towards the end"),
    ]
    return max(grown, key=lambda growth: growth.after / growth.before, default=None)


def _grown(ordered: Sequence[Record], service: str, when: str) -> list[Growth]:
    """Return the steps of which the last third of the records took longer than the first."""
    third = len(ordered) // 3
    found = []
    for step in STEPS:
        before, after = (
            sorted(record.steps[step] for record in part if step in record.steps)
            for part in (ordered[:third], ordered[-third:])
        )
        if min(len(before), len(after)) < LEAST_LOGINS:
            continue
        low, high = percentile(before, 0.5), percentile(after, 0.5)
        if low > 0 and high >= TIMES * low and high - low >= SECONDS:
            found.append(Growth(step, _ANSWERED_BY.get(step, service), low, high, when))
    return found
