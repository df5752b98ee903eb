# SPDX-License-Identifier: Apache-2.0
"""How a morning's logins rise and fall: shapes as straight lines between points, in shares of a peak.

Where the figures come from (facts-mpassid 12): 9 million logins a year over 190 school days are some 47,000 a day; if
30 % of them fall into the busiest hour and half of those into the five minutes of a lesson's start, 24 a second is the
national peak, and 2.2 a second, 9 % of it, what the rest of that hour has. Schools begin between 8:00 and 9:00, most at
8:00, so the quarters after it get smaller shares.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from federation.errors import InputError
from federation.suggestion import did_you_mean, quoted

NATIONAL_PEAK: Final = 24.0
"""Logins a second at eight o'clock in the whole country, as derived above."""
PLAN_PEAK: Final = 10 * NATIONAL_PEAK
"""What a hub is planned for."""

_BETWEEN: Final = 0.09
_MINUTE: Final = 60.0
_EVEN: Final = 1e-12
"""A slope below which a line counts as level."""


@dataclass(frozen=True)
class Shape:
    """Logins a second over time.

    `points` are (seconds from the start, share of the peak, 0 to 1), in order, the first at 0; between them the rate
    follows a straight line, and two points at one time are a step. `clumped` is the share of people who come with
    their class.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    clumped: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no shape."""
        times = [at for at, _ in self.points]
        if len(times) < 2 or times[0] != 0 or times != sorted(times) or times[-1] <= 0:  # noqa: PLR2004 -- a line has two ends
            message = f"shape {self.name}: expected points in the order of time, the first at 0"
            raise ValueError(message)
        if not all(0 <= share <= 1 for _, share in self.points) or not 0 <= self.clumped <= 1:
            message = f"shape {self.name}: expected shares from 0 to 1"
            raise ValueError(message)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.points[-1][0]

    @property
    def peak_seconds(self) -> float:
        """How many seconds at its peak bring as many logins as the whole shape."""
        return sum(_area(before, after) for before, after in pairwise(self.points))

    def share(self, at: float) -> float:
        """Return the share of the peak at `at` seconds, 0 outside the shape; after a step the later value holds."""
        if not 0 <= at <= self.seconds:
            return 0.0
        for (start, low), (end, high) in reversed(list(pairwise(self.points))):
            if start <= at and start < end:
                return low + (high - low) * (at - start) / (end - start)
        return self.points[0][1]

    def compressed(self, factor: float) -> Shape:
        """Return the shape in a `factor`-th of the time; the rates stay, so there are as many times fewer logins."""
        if not factor >= 1:
            message = f"time compression: expected a factor of at least 1, found {factor:g}"
            raise InputError(message)
        return Shape(self.name, tuple((at / factor, share) for at, share in self.points), self.clumped)

    def until(self, seconds: float) -> Shape:
        """Return the shape up to `seconds`."""
        if seconds >= self.seconds:
            return self
        kept = tuple(point for point in self.points if point[0] < seconds)
        return Shape(self.name, (*kept, (seconds, self.share(seconds))), self.clumped)

    def times(self, amounts: Iterator[float]) -> Iterator[float]:
        """Give the time at which each of `amounts`, ascending, has arrived, in seconds at the peak's rate.

        Ends at the first amount that the shape does not reach.
        """
        lines = pairwise(self.points)
        line, reached = next(lines, None), 0.0
        for amount in amounts:
            while line is not None and reached + _area(*line) < amount:
                reached += _area(*line)
                line = next(lines, None)
            if line is None:
                return
            yield _when(line, amount - reached)


def _area(before: tuple[float, float], after: tuple[float, float]) -> float:
    return (after[0] - before[0]) * (before[1] + after[1]) / 2


def _when(line: tuple[tuple[float, float], tuple[float, float]], amount: float) -> float:
    """Return when `amount` of what is under the line has arrived: its start, and the root of a quadratic."""
    (start, low), (end, high) = line
    slope = (high - low) / (end - start) if end > start else 0.0
    if abs(slope) < _EVEN:
        return start + amount / low if low else end
    return min(end, start + (math.sqrt(max(0.0, low * low + 2 * slope * amount)) - low) / slope)


def _morning() -> tuple[tuple[float, float], ...]:
    """Return the day from 7:45 to 15:00: the rise, a burst of five minutes at each start, waves through the day."""
    starts = {15: 1.0, 30: 0.5, 45: 0.5, 75: 0.8, 120: 0.35, 180: 0.3, 255: 0.3, 315: 0.2, 375: 0.15}
    points = [(0.0, 0.02)]
    for minute, share in starts.items():
        points += [
            ((minute - 3) * _MINUTE, _BETWEEN),
            ((minute - 2) * _MINUTE, share),
            ((minute + 3) * _MINUTE, share),
            ((minute + 4) * _MINUTE, _BETWEEN),
        ]
    return (*points, (435 * _MINUTE, 0.0))


FIRST_BELL: Final = Shape("first-bell", _morning(), clumped=0.6)
"""A school day from 7:45: its first eighty minutes hold the starts at 8:00, 8:15, 8:30 and 9:00."""

STEADY: Final = Shape("steady", ((0.0, 1.0), (120.0, 1.0)))
"""The peak for two minutes."""

SPIKE: Final = Shape("spike", ((0.0, 0.1), (30.0, 0.1), (30.0, 1.0), (45.0, 1.0), (45.0, 0.1), (90.0, 0.1)))
"""A tenth of the peak, and for a quarter of a minute the whole of it, without a rise."""

SOAK: Final = Shape("soak", ((0.0, 0.5), (3600.0, 0.5)))
"""Half the peak for an hour: what grows shows."""

SHAPES: Final[Mapping[str, Shape]] = MappingProxyType(
    {shape.name: shape for shape in (FIRST_BELL, STEADY, SPIKE, SOAK)}
)


def shape_called(name: str) -> Shape:
    """Return the shape of a name; raises `InputError` where there is none."""
    if name not in SHAPES:
        message = f"scenario {quoted(name)}: there is none of this name{did_you_mean(name, SHAPES)}"
        raise InputError(message)
    return SHAPES[name]
