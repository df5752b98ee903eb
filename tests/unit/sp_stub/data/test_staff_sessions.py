# SPDX-License-Identifier: Apache-2.0
"""Sessions of customer service: whose they are and how long they last, and what ends with them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sp_stub.data.database import Database
from sp_stub.data.staff_sessions import StaffSession, StaffSessions
from sp_stub.data.support_views import SupportViews
from tests.builders.sp_response import NOW

SECRET = bytes(32)


def opened(database: Database) -> StaffSessions:
    """Return the store with one session of saara's."""
    sessions = StaffSessions(database, SECRET)
    sessions.start("hers", "saara", NOW)
    return sessions


def found(sessions: StaffSessions, session: str, after: timedelta) -> StaffSession:
    """Return a session that is there."""
    session_there = sessions.find(session, NOW + after)
    assert session_there is not None
    return session_there


@pytest.mark.parametrize(("minutes", "is_open"), [(14, True), (15, False)])
def test_ends_when_nobody_uses_it_for_a_quarter_of_an_hour(database: Database, minutes: int, *, is_open: bool):
    """Idle time is shorter than people's: who finds this desk open can end contracts."""
    assert (opened(database).find("hers", NOW + timedelta(minutes=minutes)) is not None) is is_open


@pytest.mark.parametrize(("hours", "is_open"), [(7, True), (8, False)])
def test_ends_with_the_working_day_though_it_is_in_use(database: Database, hours: int, *, is_open: bool):
    """Lifetime."""
    sessions = opened(database)
    for minutes in range(0, hours * 60, 10):
        sessions.find("hers", NOW + timedelta(minutes=minutes))

    assert (sessions.find("hers", NOW + timedelta(hours=hours)) is not None) is is_open


def test_is_found_by_its_own_id_alone(database: Database):
    """Neither by another one nor by the hash that stands in the table."""
    sessions = opened(database)
    session = found(sessions, "hers", timedelta(0))

    assert session.staff == "saara"
    assert sessions.find("theirs", NOW) is None
    assert sessions.find(session.hash, NOW) is None


def test_gives_way_to_the_one_that_replaces_it(database: Database):
    """Signing in again in the same browser leaves one session."""
    sessions = opened(database)
    sessions.start("new", "veera", NOW, replaces="hers")

    assert sessions.find("hers", NOW) is None
    assert found(sessions, "new", timedelta(0)).staff == "veera"


def test_takes_a_running_look_at_a_user_with_it(database: Database):
    """Signing out ends what the session was looking at as somebody."""
    sessions, views = opened(database), SupportViews(database)
    session = found(sessions, "hers", timedelta(0))
    views.start(session, 7, None, "Ilmoitti virheestä 105.", NOW)

    sessions.end("hers", NOW + timedelta(minutes=1))

    assert sessions.find("hers", NOW + timedelta(minutes=1)) is None
    assert views.running(session, NOW + timedelta(minutes=1)) is None
    assert [view.ends_at for view in views.of_user(7)] == [NOW + timedelta(minutes=1)]
