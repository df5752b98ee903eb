# SPDX-License-Identifier: Apache-2.0
"""Shapes: what rises and falls, what a compressed morning keeps, and the inverse that arrivals are drawn by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import InputError
from loadtests.shapes import FIRST_BELL, SHAPES, SPIKE, STEADY, Shape, shape_called


@pytest.mark.parametrize(("clock", "share"), [("08:00", 1.0), ("08:15", 0.5), ("08:30", 0.5), ("09:00", 0.8)])
def test_a_morning_bursts_at_each_start_of_school(clock: str, share: float):
    """At the start of a lesson the rate is the burst's, ten minutes before it only what comes in between."""
    hours, minutes = map(int, clock.split(":"))
    at = ((hours * 60 + minutes) - (7 * 60 + 45)) * 60.0
    assert FIRST_BELL.share(at) == pytest.approx(share)
    assert FIRST_BELL.share(at - 600) == pytest.approx(0.09, abs=0.05)


def test_the_busiest_hour_holds_what_the_derivation_says():
    """Five minutes of burst and the rest of an hour at 9 % are 14,000 logins at 24 a second (facts-mpassid 12)."""
    hour = Shape("hour", ((0, 1), (300, 1), (300, 0.09), (3600, 0.09)))
    assert hour.peak_seconds * 24 == pytest.approx(14_100, rel=0.02)


@pytest.mark.parametrize("factor", [1, 8, 32.5])
def test_a_compressed_morning_keeps_its_peak_and_loses_logins(factor: float):
    """The rates are the same, the time and so the number of logins a `factor`-th."""
    short = FIRST_BELL.compressed(factor)
    assert max(share for _, share in short.points) == 1.0
    assert short.seconds == pytest.approx(FIRST_BELL.seconds / factor)
    assert short.peak_seconds == pytest.approx(FIRST_BELL.peak_seconds / factor)


def test_a_shape_can_end_early():
    """Eighty minutes from 7:45 are 7:45 to 9:05, and what is before stays."""
    morning = FIRST_BELL.until(80 * 60)
    assert morning.seconds == 4800
    assert morning.share(900) == FIRST_BELL.share(900)
    assert STEADY.until(10_000) is STEADY


def test_a_spike_has_no_rise():
    """The step's later value holds at the step."""
    assert [SPIKE.share(at) for at in (29.9, 30, 44.9, 45, 91)] == pytest.approx([0.1, 1.0, 1.0, 0.1, 0.0])


@given(
    st.lists(st.tuples(st.floats(0.5, 50), st.floats(0, 1)), min_size=1, max_size=8),
    st.floats(0, 1),
    st.floats(0.01, 0.99),
)
def test_a_time_is_where_its_amount_has_arrived(steps: list[tuple[float, float]], first: float, portion: float):
    """The area under the shape up to the time is the amount that was asked for."""
    points, at = [(0.0, first)], 0.0
    for seconds, share in steps:
        at += seconds
        points.append((at, share))
    shape = Shape("any", tuple(points))
    amount = shape.peak_seconds * portion
    (found,) = list(shape.times(iter([amount]))) or [shape.seconds]
    assert shape.until(max(found, 1e-6)).peak_seconds == pytest.approx(amount, abs=1e-3)


@pytest.mark.parametrize(
    "points", [((0, 1),), ((1, 1), (2, 1)), ((0, 1), (2, 1), (1, 1)), ((0, 1.1), (1, 1)), ((0, 1), (0, 1))]
)
def test_what_is_no_shape_is_refused(points: tuple[tuple[float, float], ...]):
    """Points go forward in time from 0, shares from 0 to 1."""
    with pytest.raises(ValueError, match="shape odd"):
        Shape("odd", points)


@pytest.mark.parametrize("factor", [0.5, 0, float("nan")])
def test_time_is_never_stretched(factor: float):
    """A factor below 1 is a slip."""
    with pytest.raises(InputError, match="at least 1"):
        STEADY.compressed(factor)


def test_a_slip_in_a_name_is_told():
    """The nearest scenario is named."""
    assert shape_called("spike") is SHAPES["spike"]
    with pytest.raises(InputError, match="first-bell"):
        shape_called("first-bel")
