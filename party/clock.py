# SPDX-License-Identifier: Apache-2.0
"""The clock that is handed to each app, so that a test or `up --clock` can move one party's time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Returns the time as an aware datetime in UTC."""


def system_clock() -> datetime:
    """Return the machine's time in UTC."""
    return datetime.now(UTC)


def shifted(clock: Clock, offset: timedelta) -> Clock:
    """Return a clock that runs `offset` ahead of `clock` (behind it where negative)."""

    def shifted_clock() -> datetime:
        return clock() + offset

    return shifted_clock


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        """Stand at `start`; raises `ValueError` where it has no time zone."""
        self._now = _in_utc(start)

    def __call__(self) -> datetime:
        """Return the time it stands at."""
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move by `step`, backwards where it is negative."""
        self._now += step

    def set(self, now: datetime) -> None:
        """Stand at `now`; raises `ValueError` where it has no time zone."""
        self._now = _in_utc(now)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        message = f"a clock needs a time zone, found {moment.isoformat()} without one"
        raise ValueError(message)
    return moment.astimezone(UTC)
