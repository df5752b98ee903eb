# SPDX-License-Identifier: Apache-2.0
"""The stair of rates, and what a ramp found on it."""

from __future__ import annotations

import pytest

from federation.errors import InputError
from loadtests.budgets import Budgets, LatencyBudget
from loadtests.capacity import Capacity, Stair, found_rate, has_broken, next_first, stair
from loadtests.records import Record

BUDGETS = Budgets(login=LatencyBudget(p95=1.0))


def came(steps: Stair, slow_from: float) -> list[Record]:
    """Return the logins of a stair: quick ones, and such of three seconds from a moment on."""
    found = []
    for number, rate in enumerate(steps.rates):
        count = round(rate * 10)
        for index in range(count):
            at = 8 + number * 10 + index * 10 / count
            seconds = 3.0 if at >= slow_from else 0.2
            found.append(Record(len(found), "mansikkala", "ordinary", at, at, at + seconds))
    return found


def test_each_step_is_a_seventh_above_the_one_below() -> None:
    """The last is the highest that is not above what was asked for; before the first the rate rises."""
    steps = stair(10, 14, seconds=10)

    assert steps.rates == (10, 11.5, 13.225)
    assert steps.peak == 13.225
    assert [at for at, _ in steps.shape.points] == [0, 8, 18, 18, 28, 28, 38]
    assert steps.shape.share(23) * steps.peak == pytest.approx(11.5)


@pytest.mark.parametrize(("first", "highest"), [(0, 10), (20, 10), (10, 5_000)])
def test_a_stair_that_is_none_is_refused(first: float, highest: float) -> None:
    """Rates have a ceiling."""
    with pytest.raises(InputError, match="capacity: expected rates"):
        stair(first, highest)


def test_the_step_below_the_first_that_broke_is_what_was_found() -> None:
    """What comes after it does not count."""
    steps = stair(10, 14, seconds=10)

    assert found_rate(steps, came(steps, slow_from=28), BUDGETS) == pytest.approx(11.5, abs=0.001)


def test_nothing_is_found_where_the_first_step_broke() -> None:
    """Then the search has to begin lower."""
    steps = stair(10, 14, seconds=10)

    assert found_rate(steps, came(steps, slow_from=0), BUDGETS) is None


@pytest.mark.parametrize(("at", "broken"), [(31.0, False), (37.0, False), (43.0, True)])
def test_a_step_is_judged_a_while_after_its_end(at: float, *, broken: bool) -> None:
    """Its last logins need their time too."""
    steps = stair(10, 14, seconds=10)

    assert has_broken(steps, came(steps, slow_from=28), at, BUDGETS) is broken


def test_the_next_ramp_begins_below_what_the_last_one_found() -> None:
    """Climbing all of the stair again would tell nothing new."""
    assert (next_first(50.0, 8.0), next_first(10.0, 8.0), next_first(None, 8.0)) == (30.0, 8.0, 8.0)


def test_several_ramps_are_said_by_their_median_and_spread() -> None:
    """One figure alone would pretend."""
    assert str(Capacity((40.0, 46.0, 35.0))) == "40.0 logins a second; 35.0 to 46.0 in 3 ramps"
    assert str(Capacity((40.0,))) == "40.0 logins a second"
