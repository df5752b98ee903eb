# SPDX-License-Identifier: Apache-2.0
"""The highest rate that held, from a run with steps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loadtests.budgets import Budgets, LatencyBudget
from loadtests.records import Record
from loadtests.report.levels import Level, held_per_second, levels
from tests.builders.load_runs import RECORD

POINTS = ((0.0, 0.25), (10.0, 0.25), (10.0, 0.5), (20.0, 0.5), (20.0, 1.0), (30.0, 1.0))
BUDGETS = Budgets(login=LatencyBudget(p95=1.0))


def staircase(slow_from: float) -> list[Record]:
    """Return five, ten and twenty logins a second, each two seconds long from a moment on."""
    moments = [n / 5 for n in range(50)] + [10 + n / 10 for n in range(100)] + [20 + n / 20 for n in range(200)]
    return [
        replace(RECORD, number=n, scheduled=at, started=at, finished=at + (2.0 if at >= slow_from else 0.3))
        for n, at in enumerate(moments)
    ]


def test_each_step_is_judged_by_those_who_came_on_it():
    """Rate, how many, and what was exceeded."""
    assert levels(POINTS, 20.0, staircase(20.0), BUDGETS) == (
        Level(0.0, 10.0, 5.0, 50, pytest.approx(0.3), ()),
        Level(10.0, 20.0, 10.0, 100, pytest.approx(0.3), ()),
        Level(20.0, 30.0, 20.0, 200, pytest.approx(2.0), ("login p95",)),
    )


@pytest.mark.parametrize(("slow_from", "held"), [(31.0, 20.0), (20.0, 10.0), (10.0, 5.0), (0.0, None)])
def test_the_highest_rate_that_held_is_the_last_before_it_broke(slow_from: float, held: float | None):
    """All of them, two, one, none."""
    assert held_per_second(levels(POINTS, 20.0, staircase(slow_from), BUDGETS)) == held


def test_a_lower_rate_that_breaks_later_takes_the_higher_back():
    """Twenty held and then ten did not: nothing is known to hold but what is below ten."""
    held, broken = Level(0, 10, 20.0, 99, 0.1, ()), Level(10, 20, 10.0, 99, 9.0, ("login p95",))

    assert held_per_second([held, broken]) is None


def test_too_short_or_too_empty_a_stretch_is_not_judged():
    """Of nineteen logins no p99 can be told."""
    assert levels(((0.0, 1.0), (4.0, 1.0)), 20.0, staircase(99), BUDGETS) == ()
    assert levels(((0.0, 1.0), (10.0, 1.0)), 2.0, staircase(99)[:19], BUDGETS) == ()
