# SPDX-License-Identifier: Apache-2.0
"""The run cut into slices of time: who came, who was done, how long it took those who came then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.figures import Latency
from loadtests.records import Record

WIDTHS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600)
"""Seconds that a slice may have, the narrowest that suffices."""


@dataclass(frozen=True)
class Slice:
    """What happened from `at` on, for the slice's width.

    `arrived` counts by the scheduled moment, as does `latency`; `well` and `otherwise` by the moment of the end.
    """

    at: float
    arrived: int
    well: int
    otherwise: int
    latency: Latency | None


def width_for(seconds: float, most: int) -> int:
    """Return the width with which `seconds` make at most `most` slices, where one of `WIDTHS` does."""
    return next((width for width in WIDTHS if seconds <= width * most), WIDTHS[-1])


def slices(records: Sequence[Record], seconds: float, width: int) -> tuple[Slice, ...]:
    """Return the slices of a run of so many seconds; what ended after them is in the last."""
    count = max(1, -(-int(seconds + 0.999) // width))
    arrived, well, otherwise = ([0] * count for _ in range(3))
    latencies: list[list[float]] = [[] for _ in range(count)]
    for record in records:
        begun, ended = _place(record.scheduled, width, count), _place(record.finished, width, count)
        arrived[begun] += 1
        (well if record.is_right_outcome else otherwise)[ended] += 1
        if record.failure is None:
            latencies[begun].append(record.latency)
    return tuple(
        Slice(number * width, arrived[number], well[number], otherwise[number], Latency.of(latencies[number]))
        for number in range(count)
    )


def _place(at: float, width: int, count: int) -> int:
    return max(0, min(count - 1, int(at // width)))
