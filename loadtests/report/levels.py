# SPDX-License-Identifier: Apache-2.0
"""The stretches of a run on which the rate was level, and the highest rate that held its budgets.

A rate held where the logins that were scheduled on its stretch exceeded no budget and nobody saw somebody else's
session. What comes after the first stretch that broke is not counted: a queue it left may weigh on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from loadtests.budgets import Budgets, exceeded
from loadtests.figures import WHOLE_LOGIN, figures
from loadtests.records import Record

LEAST_SECONDS: Final = 5.0
LEAST_LOGINS: Final = 20


@dataclass(frozen=True)
class Level:
    """A stretch in seconds from the start, its rate in logins a second, and what its logins came to.

    `exceeded` names the budgets that did not hold there.
    """

    start: float
    end: float
    rate: float
    logins: int
    p95: float | None
    exceeded: tuple[str, ...]

    @property
    def has_held(self) -> bool:
        """Tell whether it exceeded nothing."""
        return not self.exceeded


def levels(
    points: Sequence[tuple[float, float]], peak: float, records: Sequence[Record], budgets: Budgets
) -> tuple[Level, ...]:
    """Return the level stretches of a shape, those that bring too few logins to judge left out."""
    found = []
    for (start, share), (end, next_share) in pairwise(points):
        if share == next_share and share > 0 and end - start >= LEAST_SECONDS:
            there = [record for record in records if start <= record.scheduled < end]
            if len(there) >= LEAST_LOGINS:
                found.append(_level(start, end, share * peak, there, budgets))
    return tuple(found)


def held_per_second(found: Sequence[Level]) -> float | None:
    """Return the highest rate that held before any broke, below the first that did; `None` where there is none."""
    held: list[float] = []
    for level in found:
        if not level.has_held:
            return max((rate for rate in held if rate < level.rate), default=None)
        held.append(level.rate)
    return max(held, default=None)


def _level(start: float, end: float, rate: float, records: Sequence[Record], budgets: Budgets) -> Level:
    of_level = figures(records, len(records))
    whole = of_level.latencies.get(WHOLE_LOGIN)
    broken = tuple(one.name for one in exceeded(of_level, budgets))
    return Level(start, end, rate, len(records), whole.p95 if whole else None, broken)
