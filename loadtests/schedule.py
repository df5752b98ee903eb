# SPDX-License-Identifier: Apache-2.0
"""Who arrives when: the whole schedule of a run, the same on every worker, and each worker's part of it.

Arrivals are open: they come when the schedule says, however slow the system is (no coordinated omission). A part of
them comes as classes, 25 people within seconds (facts-mpassid 12); the rest come one by one, as a Poisson process whose
rate is the shape's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from federation.errors import InputError
from loadtests.shapes import Shape

CLASS_SIZE: Final = 25
CLASS_SECONDS: Final = 4.0
"""Within how long a class comes, from the first to the last, whatever the morning's compression."""
MOST_PEAK: Final = 2_000.0
MOST_ARRIVALS: Final = 1_000_000
MOST_SECONDS: Final = 6 * 3600.0


@dataclass(frozen=True)
class Arrival:
    """One person's start: its place in the whole schedule, when, in seconds from the start, and with which class."""

    number: int
    at: float
    class_number: int | None = None


def arrivals(shape: Shape, peak: float, seed: int) -> tuple[Arrival, ...]:
    """Return every arrival in the order of time; the same arguments give the same schedule.

    `peak` is in logins per second. Raises `InputError` for a run that is beyond what one may ask for.
    """
    _check(shape, peak)
    alone = peak * (1 - shape.clumped)
    moments: list[tuple[float, int | None]] = [(at, None) for at in _poisson(shape, alone, _chance(seed, "alone"))]
    classes = _poisson(shape, peak * shape.clumped / CLASS_SIZE, _chance(seed, "classes"))
    spread = _chance(seed, "within a class")
    for number, start in enumerate(classes):
        moments += [(start + spread.random() * CLASS_SECONDS, number) for _ in range(CLASS_SIZE)]
    moments.sort(key=lambda moment: (moment[0], -1 if moment[1] is None else moment[1]))
    return tuple(Arrival(number, at, class_number) for number, (at, class_number) in enumerate(moments))


def part_of(schedule: Sequence[Arrival], worker: int, workers: int) -> tuple[Arrival, ...]:
    """Return what `worker` (from 0) of `workers` does: no arrival is two workers', and none is nobody's."""
    if not 0 <= worker < workers:
        message = f"worker {worker} of {workers}: expected a number from 0 to {workers - 1}"
        raise ValueError(message)
    return tuple(schedule[worker::workers])


def _check(shape: Shape, peak: float) -> None:
    if not 0 < peak <= MOST_PEAK:
        message = f"peak: expected more than 0 and at most {MOST_PEAK:g} logins a second, found {peak:g}"
        raise InputError(message)
    if shape.seconds > MOST_SECONDS:
        message = f"duration: expected at most {MOST_SECONDS / 3600:g} hours, found {shape.seconds / 3600:.1f}"
        raise InputError(message)
    expected = shape.peak_seconds * peak
    if expected > MOST_ARRIVALS:
        message = f"{expected:,.0f} logins would come; expected at most {MOST_ARRIVALS:,}: compress the time more"
        raise InputError(message)


def _poisson(shape: Shape, peak: float, chance: random.Random) -> list[float]:
    """Return the times of a Poisson process whose rate is `peak` times the shape."""
    return list(shape.times(_amounts(peak, chance))) if peak else []


def _amounts(peak: float, chance: random.Random) -> Iterator[float]:
    amount = 0.0
    while True:
        amount += chance.expovariate(peak)
        yield amount


def _chance(seed: int, purpose: str) -> random.Random:
    return random.Random(f"{seed} {purpose}")  # noqa: S311 -- a schedule that can be repeated, not a secret
