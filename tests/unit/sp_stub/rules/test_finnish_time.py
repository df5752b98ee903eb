# SPDX-License-Identifier: Apache-2.0
"""Service hours and the end of a day, by the clocks of Finland."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from federation.publisher import HoursPeriod, ServiceHours
from sp_stub.rules.finnish_time import closed_until, end_of, finnish_day, hours_today

SUMMER = HoursPeriod(begins="06-01", ends="07-31", opens="08:00", closes="20:00")
HOURS = ServiceHours(opens="06:00", closes="24:00", periods=(SUMMER,))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z").astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        pytest.param("2026-10-01T02:59:59", "2026-10-01T03:00:00", id="a second before six in summer time"),
        pytest.param("2026-10-01T03:00:00", None, id="six in summer time"),
        pytest.param("2026-12-01T03:59:59", "2026-12-01T04:00:00", id="a second before six in winter time"),
        pytest.param("2026-12-01T21:59:59", None, id="the last second of a day"),
        pytest.param("2026-12-01T22:00:00", "2026-12-02T04:00:00", id="midnight"),
        pytest.param("2026-06-10T04:59:59", "2026-06-10T05:00:00", id="before eight in the summer pause"),
        pytest.param("2026-06-10T16:59:59", None, id="before twenty in the summer pause"),
        pytest.param("2026-06-10T17:00:00", "2026-06-11T05:00:00", id="twenty in the summer pause"),
        pytest.param("2026-05-31T20:59:59", None, id="the last evening before the pause"),
        pytest.param("2026-05-31T21:00:00", "2026-06-01T05:00:00", id="the night before the pause"),
        pytest.param("2026-07-31T18:00:00", "2026-08-01T03:00:00", id="the night after the pause"),
        pytest.param("2026-03-29T01:30:00", "2026-03-29T03:00:00", id="the night of an hour less"),
        pytest.param("2026-10-25T01:30:00", "2026-10-25T04:00:00", id="the night of an hour more"),
    ],
)
def test_is_open_by_the_clocks_of_finland(now: str, opens: str | None):
    """6 to 24, in the summer pause 8 to 20 (facts-publisher, hours and contracts)."""
    assert closed_until(HOURS, moment(now)) == (None if opens is None else moment(opens))


def test_has_periods_over_the_turn_of_the_year():
    """A period that ends before it begins holds the turn of the year."""
    hours = ServiceHours(periods=(HoursPeriod(begins="12-20", ends="01-06", opens="10:00", closes="12:00"),))

    assert hours_today(hours, moment("2026-12-24T09:00:00")) == ("10:00", "12:00")
    assert hours_today(hours, moment("2027-01-06T09:00:00")) == ("10:00", "12:00")
    assert hours_today(hours, moment("2027-01-07T09:00:00")) == ("06:00", "24:00")


def test_ends_a_day_at_midnight_in_finland():
    """Two or three hours before midnight UTC."""
    assert end_of(date(2026, 12, 31)) == moment("2026-12-31T22:00:00")
    assert end_of(date(2026, 7, 31)) == moment("2026-07-31T21:00:00")
    assert finnish_day(moment("2026-12-31T22:00:00")) == date(2027, 1, 1)
