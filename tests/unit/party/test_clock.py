# SPDX-License-Identifier: Apache-2.0
"""The clock handed to each app."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from party.clock import MovableClock, shifted, system_clock

NOON = datetime(2025, 8, 12, 12, 0, tzinfo=UTC)


def test_the_system_clock_is_in_utc() -> None:
    """A time without a zone would be compared wrongly with the times of messages."""
    assert system_clock().utcoffset() == timedelta(0)


def test_a_movable_clock_stands_still_until_it_is_moved() -> None:
    """A test decides when time passes."""
    clock = MovableClock(NOON)

    first = clock()
    clock.advance(timedelta(minutes=15, seconds=1))
    second = clock()
    clock.set(NOON - timedelta(days=1))

    assert first == NOON
    assert second == datetime(2025, 8, 12, 12, 15, 1, tzinfo=UTC)
    assert clock() == datetime(2025, 8, 11, 12, 0, tzinfo=UTC)


def test_a_shifted_clock_follows_the_one_behind_it() -> None:
    """`--clock publisher=+10m` moves one party while time goes on for all."""
    clock = MovableClock(NOON)
    ahead = shifted(clock, timedelta(minutes=10))

    clock.advance(timedelta(seconds=5))

    assert ahead() == datetime(2025, 8, 12, 12, 10, 5, tzinfo=UTC)


def test_a_movable_clock_answers_in_utc() -> None:
    """A start in Finnish time is the same moment, told in UTC."""
    clock = MovableClock(datetime(2025, 8, 12, 8, 0, tzinfo=timezone(timedelta(hours=3))))

    assert clock().isoformat() == "2025-08-12T05:00:00+00:00"


def test_a_movable_clock_refuses_a_time_without_a_zone() -> None:
    """Otherwise the mistake shows far from its cause."""
    with pytest.raises(ValueError, match="needs a time zone"):
        MovableClock(datetime(2025, 8, 12, 12, 0))  # noqa: DTZ001 -- the mistake under test
