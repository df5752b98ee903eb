# SPDX-License-Identifier: Apache-2.0
"""What each part used while the run lasted: CPU in cores, memory and open files over time, from a sample a second.

CPU comes as seconds since the part's processes began, all of them together; a sum that falls (a replica was started
anew) begins again, and what was used between the two samples is not known and not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from loadtests.run_folder import Sample

_END_SHARE: Final = 0.1


@dataclass(frozen=True)
class Usage:
    """One part's use: `cores` holds (moment, CPU seconds a second), the other two (moment, how much)."""

    part: str
    cpu_seconds: float
    cores: tuple[tuple[float, float], ...]
    memory: tuple[tuple[float, int], ...]
    open_files: tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class Course:
    """How something came along: the medians of the first and the last tenth of the samples, and the most."""

    first: int
    last: int
    most: int

    @classmethod
    def of(cls, values: Sequence[tuple[float, int]]) -> Course:
        """Return the course of (moment, how much), in the order of time; there is at least one."""
        amounts = [amount for _, amount in values]
        tenth = max(1, round(len(amounts) * _END_SHARE))
        return cls(round(median(amounts[:tenth])), round(median(amounts[-tenth:])), max(amounts))


def usages(samples: Iterable[Sample]) -> dict[str, Usage]:
    """Return each part's use, by its name in the order of names."""
    by_part: dict[str, list[Sample]] = {}
    for sample in samples:
        by_part.setdefault(sample.part, []).append(sample)
    return {part: _usage(part, sorted(by_part[part], key=lambda one: one.at)) for part in sorted(by_part)}


def smoothed(values: Sequence[tuple[float, float]], seconds: float) -> list[tuple[float, float]]:
    """Return at each moment the mean of the `seconds` that end there; moments before the first such are left out."""
    if not values:
        return []
    start, first, total, found = values[0][0], 0, 0.0, []
    for number, (at, value) in enumerate(values):
        total += value
        while values[first][0] <= at - seconds:
            total -= values[first][1]
            first += 1
        if at - start >= seconds - 1:
            found.append((at, total / (number - first + 1)))
    return found


def _usage(part: str, samples: Sequence[Sample]) -> Usage:
    steps = [
        (before, after)
        for before, after in pairwise(samples)
        if after.at > before.at and after.cpu_seconds >= before.cpu_seconds
    ]
    return Usage(
        part,
        cpu_seconds=sum(after.cpu_seconds - before.cpu_seconds for before, after in steps),
        cores=tuple(
            (after.at, (after.cpu_seconds - before.cpu_seconds) / (after.at - before.at)) for before, after in steps
        ),
        memory=tuple((sample.at, sample.memory_bytes) for sample in samples),
        open_files=tuple((sample.at, sample.open_files) for sample in samples),
    )
