# SPDX-License-Identifier: Apache-2.0
"""How far a p95 moves by chance: the noise band of a run, from the run itself.

The logins are cut into windows of five seconds by their scheduled moment, so that a class, which comes within four,
mostly stays together; as many windows are drawn anew, with replacement, two hundred times, and the band is where the
p95 fell in 95 of a hundred draws (a block bootstrap). The draws are the same each time, so a report is too.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.figures import percentile

SHARE: Final = 0.95
WINDOW_SECONDS: Final = 5.0
LEAST_LOGINS: Final = 100
"""Of fewer, a p95 is one of the five slowest: too few to tell."""
LEAST_WINDOWS: Final = 4
DRAWS: Final = 200
_SEED: Final = 8


@dataclass(frozen=True)
class Band:
    """Where a p95 lies by chance alone, in seconds."""

    low: float
    high: float

    def reaches(self, other: Band) -> bool:
        """Tell whether the two bands have a value in common: their difference may be chance."""
        return self.low <= other.high and other.low <= self.high


def noise_band(moments: Iterable[tuple[float, float]]) -> Band | None:
    """Return the band of the p95 of (scheduled moment, latency), `None` where there are too few to tell."""
    by_window: dict[int, list[float]] = {}
    for at, seconds in moments:
        by_window.setdefault(math.floor(at / WINDOW_SECONDS), []).append(seconds)
    windows = [by_window[number] for number in sorted(by_window)]
    if len(windows) < LEAST_WINDOWS or sum(map(len, windows)) < LEAST_LOGINS:
        return None
    drawn = sorted(_drawn(windows))
    return Band(percentile(drawn, 0.025), percentile(drawn, 0.975))


def _drawn(windows: Sequence[Sequence[float]]) -> Iterable[float]:
    """Give the p95 of each draw: slowest first, each window counts as often as it was drawn."""
    chance = random.Random(_SEED)  # noqa: S311 -- a figure that can be repeated, not a secret
    slowest_first = sorted(
        ((seconds, number) for number, window in enumerate(windows) for seconds in window), reverse=True
    )
    for _ in range(DRAWS):
        times = [0] * len(windows)
        for number in chance.choices(range(len(windows)), k=len(windows)):
            times[number] += 1
        count = sum(drawn * len(window) for drawn, window in zip(times, windows, strict=True))
        slower = count - math.ceil(SHARE * count)
        for seconds, number in slowest_first:
            slower -= times[number]
            if slower < 0:
                yield seconds
                break
