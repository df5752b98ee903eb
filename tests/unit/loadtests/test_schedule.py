# SPDX-License-Identifier: Apache-2.0
"""The schedule of a run: repeatable, of the right size, in classes, and split without overlap."""

from __future__ import annotations

from collections import Counter

import pytest

from federation.errors import InputError
from loadtests.schedule import CLASS_SECONDS, CLASS_SIZE, arrivals, part_of
from loadtests.shapes import FIRST_BELL, SOAK, STEADY, Shape

MORNING = FIRST_BELL.until(80 * 60).compressed(32)


def test_the_same_seed_gives_the_same_schedule():
    """Every worker computes the whole of it for itself."""
    assert arrivals(MORNING, 24, seed=1) == arrivals(MORNING, 24, seed=1)
    assert arrivals(MORNING, 24, seed=1) != arrivals(MORNING, 24, seed=2)


def test_as_many_come_as_the_shape_says():
    """The mean over ten schedules is the shape's own number, within what chance allows."""
    expected = MORNING.peak_seconds * 24
    mean = sum(len(arrivals(MORNING, 24, seed)) for seed in range(10)) / 10
    assert mean == pytest.approx(expected, rel=0.1)


def test_arrivals_are_in_order_and_numbered():
    """The number is the place in the whole schedule."""
    schedule = arrivals(MORNING, 24, seed=3)
    assert [arrival.number for arrival in schedule] == list(range(len(schedule)))
    assert [arrival.at for arrival in schedule] == sorted(arrival.at for arrival in schedule)


def test_a_class_is_twenty_five_people_within_seconds():
    """Six in ten come with their class."""
    schedule = arrivals(MORNING, 24, seed=4)
    classes: dict[int, list[float]] = {}
    for arrival in schedule:
        if arrival.class_number is not None:
            classes.setdefault(arrival.class_number, []).append(arrival.at)
    assert {len(times) for times in classes.values()} == {CLASS_SIZE}
    assert max(max(times) - min(times) for times in classes.values()) <= CLASS_SECONDS
    assert sum(map(len, classes.values())) / len(schedule) == pytest.approx(0.6, abs=0.15)


def test_the_burst_is_denser_than_what_comes_before():
    """Ten seconds at eight o'clock hold at least three times the ten seconds of the rise."""
    schedule = arrivals(Shape("burst", ((0, 0.1), (10, 0.1), (10, 1), (20, 1))), 50, seed=5)
    early = sum(arrival.at < 10 for arrival in schedule)
    assert len(schedule) - early > 3 * early


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
def test_workers_share_it_without_overlap(workers: int):
    """Every arrival is exactly one worker's."""
    schedule = arrivals(STEADY, 10, seed=6)
    parts = [part_of(schedule, worker, workers) for worker in range(workers)]
    assert Counter(arrival.number for part in parts for arrival in part) == Counter(range(len(schedule)))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize("worker", [-1, 2])
def test_a_worker_that_is_none_is_told(worker: int):
    """Workers are counted from 0."""
    with pytest.raises(ValueError, match="expected a number from 0 to 1"):
        part_of((), worker, 2)


@pytest.mark.parametrize(
    ("shape", "peak", "says"),
    [
        (STEADY, 0, "peak: expected more than 0"),
        (STEADY, 3000, "at most 2000"),
        (STEADY, float("nan"), "peak"),
        (Shape("day", ((0, 1), (80_000, 1))), 1, "at most 6 hours"),
        (SOAK, 2000, "at most 1,000,000"),
    ],
)
def test_what_is_beyond_all_measure_is_refused(shape: Shape, peak: float, says: str):
    """Rate, number and duration have ceilings."""
    with pytest.raises(InputError, match=says):
        arrivals(shape, peak, seed=0)
