# SPDX-License-Identifier: Apache-2.0
"""Looks of support as somebody: whose, for how long, how they end, and what is left of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sp_stub.data.audit_trail import AuditFilter, AuditTrail
from sp_stub.data.database import Database
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.data.support_views import SupportViews
from tests.builders.sp_response import NOW

HERS = StaffSession("saara", "hash-1")
ANOTHER = StaffSession("saara", "hash-2")


def begun(database: Database) -> SupportViews:
    """Return the store with one look as user 7, because of message 3."""
    views = SupportViews(database)
    views.start(HERS, 7, 3, "Ilmoitti virheestä.", NOW)
    return views


@pytest.mark.parametrize(("minutes", "runs"), [(0, True), (14, True), (15, False)])
def test_lasts_a_quarter_of_an_hour(database: Database, minutes: int, *, runs: bool):
    """By the clock, used or not."""
    views = begun(database)

    assert (views.running(HERS, NOW + timedelta(minutes=minutes)) is not None) is runs


def test_belongs_to_one_session_of_customer_service(database: Database):
    """The same person's other browser looks at nothing."""
    views = begun(database)

    assert views.running(ANOTHER, NOW) is None
    assert views.end(ANOTHER, NOW) is False


def test_is_one_at_a_time(database: Database):
    """A new look ends the one before."""
    views = begun(database)
    views.start(HERS, 8, None, "Toinen ilmoitus.", NOW + timedelta(minutes=5))

    running = views.running(HERS, NOW + timedelta(minutes=6))
    assert running is not None
    assert (running.user, running.message) == (8, None)
    assert [view.ends_at for view in views.of_user(7)] == [NOW + timedelta(minutes=5)]


def test_ends_once(database: Database):
    """By its button; a second press ends nothing."""
    views = begun(database)

    assert [views.end(HERS, NOW + timedelta(minutes=1)) for _ in range(2)] == [True, False]


def test_stands_in_the_audit_trail_by_number(database: Database):
    """Who looked, as whom, because of which message, and when it was over."""
    views = begun(database)
    views.end(HERS, NOW + timedelta(minutes=1))

    entries = AuditTrail(database).page(AuditFilter(kind="user", subject="7"), 1).entries
    assert [(entry.act.action, entry.act.staff, dict(entry.act.after)) for entry in entries] == [
        ("view-ended", "saara", {}),
        ("view-started", "saara", {"message": 3}),
    ]
