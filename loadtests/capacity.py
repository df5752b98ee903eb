# SPDX-License-Identifier: Apache-2.0
"""The search for the highest rate that holds: a stair of rates, climbed until a budget breaks. Pure.

One ramp is one run; its figure is the rate of the last step that held. Machines move single figures, so several ramps
are climbed and their median said, with the lowest and the highest of them.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from federation.errors import InputError
from loadtests.budgets import Budgets
from loadtests.records import Record
from loadtests.report.levels import held_per_second, levels
from loadtests.schedule import MOST_PEAK
from loadtests.shapes import Shape

STEP_SECONDS: Final = 12.0
GROWTH: Final = 1.15
"""Each step's rate is so many times the one below it: the finest that a ramp can tell."""
RISE_SECONDS: Final = 8.0
"""From nothing to the first step: what a part does for the first time is not what it holds."""
SETTLE_SECONDS: Final = 4.0
"""How long after a step's end its logins are judged, if not all have ended by then."""
_AGAIN: Final = 0.6
"""What of the rate that one ramp found the next one begins with."""


@dataclass(frozen=True)
class Stair:
    """A shape whose steps are `rates`, in logins a second."""

    shape: Shape
    rates: tuple[float, ...]

    @property
    def peak(self) -> float:
        """The rate of the highest step."""
        return self.rates[-1]


def stair(first: float, highest: float, seconds: float = STEP_SECONDS) -> Stair:
    """Return the stair from `first` to at most `highest` logins a second; raises `InputError` for what is none."""
    if not 0 < first <= highest <= MOST_PEAK:
        message = f"capacity: expected rates from above 0 to {MOST_PEAK:g}, the first not above the highest; found {first:g} to {highest:g}"
        raise InputError(message)
    rates = [first]
    while rates[-1] * GROWTH <= highest:
        rates.append(rates[-1] * GROWTH)
    points = [(0.0, 0.0)]
    for number, rate in enumerate(rates):
        points += [(RISE_SECONDS + at * seconds, rate / rates[-1]) for at in (number, number + 1)]
    return Stair(Shape("capacity", tuple(points)), tuple(round(rate, 3) for rate in rates))


def has_broken(stair: Stair, records: Sequence[Record], at: float, budgets: Budgets) -> bool:
    """Tell whether a step that can be judged `at` seconds has exceeded a budget."""
    judged = at - SETTLE_SECONDS
    found = levels(stair.shape.points, stair.peak, records, budgets)
    return any(not level.has_held for level in found if level.end <= judged)


def found_rate(stair: Stair, records: Sequence[Record], budgets: Budgets) -> float | None:
    """Return the rate of the highest step that held before any broke, None where not even the first did."""
    return held_per_second(levels(stair.shape.points, stair.peak, records, budgets))


def next_first(found: float | None, first: float) -> float:
    """Return where the next ramp begins: below what the last one found, so that it need not climb all of it again."""
    return first if found is None else max(first, found * _AGAIN)


@dataclass(frozen=True)
class Capacity:
    """What several ramps found, in logins a second; 0 where not even the first step held."""

    rates: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.rates)

    def __str__(self) -> str:
        """Say it with its spread."""
        spread = f"; {min(self.rates):.1f} to {max(self.rates):.1f} in {len(self.rates)} ramps"
        return f"{self.median:.1f} logins a second{spread if len(self.rates) > 1 else ''}"
