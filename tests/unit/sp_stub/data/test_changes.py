# SPDX-License-Identifier: Apache-2.0
"""What customer service decides: a difference over the declaration, seen by every worker at its next page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from sp_stub.data.audit_trail import Act, AuditFilter, AuditTrail, Subject
from sp_stub.data.changes import BusinessDecision, ChangeStore
from sp_stub.data.database import Database
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.data.support_views import SupportViews
from tests.builders.sp_response import NOW

ACTIVATES = BusinessDecision("activation", "30076", found=None, is_on=True)
ACT = Act("saara", "activate", Subject("school", "30076"), "Rehtori pyysi.")


def test_is_seen_by_another_worker_at_its_next_page(database: Database, database_url: str):
    """A worker that remembers what was before compares the stamp, and reads anew."""
    another = ChangeStore(Database(database_url))
    before = another.current(NOW)

    ChangeStore(database).decide(ACTIVATES, ACT, NOW)

    assert before.activation == {}
    assert another.current(NOW).activation == {"30076": True}


def test_reads_one_row_for_a_page_where_nothing_changed(database: Database):
    """Every page asks, so that what is asked must be small."""
    store = ChangeStore(database)
    store.current(NOW)
    statements: list[str] = []
    with database.begin(writes=False) as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    again = store.current(NOW)

    assert [statement.split()[:2] for statement in statements if "SELECT" in statement] == [["SELECT", "stamps.stamp"]]
    assert store.current(NOW) is again


def test_goes_when_it_is_as_declared_again(database: Database):
    """No row is left, so that the school follows the declaration from now on."""
    store = ChangeStore(database)
    store.decide(ACTIVATES, ACT, NOW)
    store.decide(replace(ACTIVATES, found=True, is_on=None), ACT, NOW)

    assert store.current(NOW).activation == {}


def test_keeps_schools_and_customers_apart(database: Database):
    """A customer may be called as a school is numbered."""
    store = ChangeStore(database)
    store.decide(ACTIVATES, ACT, NOW)
    store.decide(BusinessDecision("contract", "30076", found=None, is_on=False), ACT, NOW + timedelta(minutes=1))

    remembered = store.current(NOW)
    assert remembered.activation == {"30076": True}
    assert remembered.contract_ends == {"30076": NOW + timedelta(minutes=1)}


def test_says_of_a_reopened_contract_that_it_goes_on(database: Database):
    """A declared end is overruled by no end at all."""
    store = ChangeStore(database)
    store.decide(BusinessDecision("contract", "demola", found=None, is_on=True), ACT, NOW)

    assert store.current(NOW).contract_ends == {"demola": None}


@pytest.mark.parametrize("found", [None, False])
def test_refuses_a_form_that_was_overtaken(database: Database, *, found: bool | None):
    """Who sends what they saw before somebody else decided changes nothing, and leaves no entry in the trail."""
    store = ChangeStore(database)
    store.decide(ACTIVATES, ACT, NOW)

    assert store.decide(replace(ACTIVATES, found=found, is_on=False), ACT, NOW) is False

    assert store.current(NOW).activation == {"30076": True}
    assert AuditTrail(database).page(AuditFilter(), 1).total == 1


def test_tells_who_was_looked_at_of_late(database: Database):
    """The person's own pages say it for a week."""
    store, views = ChangeStore(database), SupportViews(database)
    views.start(StaffSession("saara", "hash"), 7, None, "Ilmoitti virheestä.", NOW)
    store.current(NOW)

    views.end(StaffSession("saara", "hash"), NOW + timedelta(minutes=3))

    assert store.current(NOW).looked_at[7].ends_at == NOW + timedelta(minutes=3)
    assert ChangeStore(database).current(NOW + timedelta(days=8)).looked_at == {}
