# SPDX-License-Identifier: Apache-2.0
"""Days and hours by the clocks of Finland: when a day is over, and whether a service is open. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from federation.publisher import HoursPeriod, ServiceHours

HELSINKI: Final = ZoneInfo("Europe/Helsinki")

_END_OF_DAY: Final = "24:00"
_ONE_DAY: Final = timedelta(days=1)


def finnish_day(now: datetime) -> date:
    """Return which day it is in Finland."""
    return now.astimezone(HELSINKI).date()


def end_of(day: date) -> datetime:
    """Return the moment, in UTC, from which a day is over in Finland."""
    return _moment(day, _END_OF_DAY)


def closed_until(hours: ServiceHours, now: datetime) -> datetime | None:
    """Return when the service opens again, in UTC; `None` while it is open."""
    today = finnish_day(now)
    for day in (today, today + _ONE_DAY):
        opens, closes = _hours_of(hours, day)
        if _moment(day, opens) > now:
            return _moment(day, opens)
        if now < _moment(day, closes):
            return None
    return _moment(today + 2 * _ONE_DAY, _hours_of(hours, today + 2 * _ONE_DAY)[0])


def hours_today(hours: ServiceHours, now: datetime) -> tuple[str, str]:
    """Return when the service opens and closes on the day of `now`, as declared."""
    return _hours_of(hours, finnish_day(now))


def _hours_of(hours: ServiceHours, day: date) -> tuple[str, str]:
    of_year = day.isoformat()[5:]
    period = next((period for period in hours.periods if _holds(period, of_year)), None)
    return (hours.opens, hours.closes) if period is None else (period.opens, period.closes)


def _holds(period: HoursPeriod, day: str) -> bool:
    if period.begins <= period.ends:
        return period.begins <= day <= period.ends
    return day >= period.begins or day <= period.ends


def _moment(day: date, of_day: str) -> datetime:
    if of_day == _END_OF_DAY:
        return datetime.combine(day + _ONE_DAY, time.min, HELSINKI).astimezone(UTC)
    return datetime.combine(day, time.fromisoformat(of_day), HELSINKI).astimezone(UTC)
