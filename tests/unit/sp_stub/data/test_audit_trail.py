# SPDX-License-Identifier: Apache-2.0
"""The audit trail: what stands in it, how it is read, and that nothing changes or removes it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import sp_stub
from sp_stub.data.audit_trail import PAGE_SIZE, Act, AuditEntry, AuditFilter, AuditTrail, Subject
from sp_stub.data.database import SCHEMA, Database
from sp_stub.data.engine import make_engine, read_database_url
from sp_stub.data.faults import DatabaseUnavailableError
from sp_stub.data.migrations.running import migrate
from tests.builders.sp_response import NOW

ACT = Act(
    "saara",
    "activate",
    Subject("school", "30076"),
    "Rehtori pyysi.",
    before={"activated": False},
    after={"activated": True},
)


@pytest.fixture(params=["made", "migrated"])
def database(request: pytest.FixtureRequest, database_url: str) -> Iterator[Database]:
    """Return a database whose tables were made at once, and one that came there by migrations."""
    if request.param == "migrated":
        engine = make_engine(read_database_url(database_url), SCHEMA)
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
            migrate(connection)
        engine.dispose()
    database = Database(database_url)
    yield database
    database.close()


def test_keeps_who_did_what_to_whom_and_why(database: Database):
    """An entry is what was done, whole, with its time."""
    trail = AuditTrail(database)
    trail.record(ACT, NOW)

    assert trail.page(AuditFilter(), 1).entries == (AuditEntry(1, NOW, ACT),)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_trail SET reason = 'another'",
        "UPDATE audit_trail SET at = at WHERE id = 1",
        "DELETE FROM audit_trail",
        "DELETE FROM audit_trail WHERE id = 1",
    ],
)
def test_is_changed_by_nobody(database: Database, statement: str):
    """The database itself refuses, so that a slip in the code is no way either."""
    trail = AuditTrail(database)
    trail.record(ACT, NOW)

    with pytest.raises((IntegrityError, DatabaseUnavailableError)), database.begin() as connection:
        connection.execute(text(statement))

    assert trail.copy(AuditFilter()) == (AuditEntry(1, NOW, ACT),)


def test_has_nothing_in_the_code_that_changes_it():
    """No module hands the table to `update` or `delete`, or changes its rows by hand."""
    changing = [
        f"{path.name}:{call.lineno}"
        for path in sorted(Path(sp_stub.__file__).parent.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", getattr(call.func, "attr", "")) in {"update", "delete"}
        and any("AUDIT_TRAIL" in ast.dump(part) for part in (call.func, *call.args))
    ]

    assert changing == []


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (AuditFilter(), [3, 2, 1]),
        (AuditFilter(staff="veera"), [2]),
        (AuditFilter(action="activate"), [3, 1]),
        (AuditFilter(subject="30076"), [2, 1]),
        (AuditFilter(kind="user", subject="30076"), [2]),
        (AuditFilter(staff="x' OR '1'='1"), []),
    ],
)
def test_finds_what_is_asked_for(database: Database, wanted: AuditFilter, numbers: list[int]):
    """The newest first; every field that is filled in must fit."""
    trail = AuditTrail(database)
    trail.record(ACT, NOW)
    trail.record(Act("veera", "block", Subject("user", "30076")), NOW + timedelta(minutes=1))
    trail.record(Act("saara", "activate", Subject("school", "99904")), NOW + timedelta(minutes=2))

    assert [entry.number for entry in trail.page(wanted, 1).entries] == numbers
    assert [entry.number for entry in trail.copy(wanted)] == numbers


@pytest.mark.parametrize(("asked", "shown", "first"), [(1, 1, 51), (2, 2, 26), (3, 3, 1), (99, 3, 1), (0, 1, 51)])
def test_is_read_page_by_page(database: Database, asked: int, shown: int, first: int):
    """Twenty-five to a page; a number that there is not gives the nearest page that there is."""
    trail = AuditTrail(database)
    for _ in range(2 * PAGE_SIZE + 1):
        trail.record(ACT, NOW)

    page = trail.page(AuditFilter(), asked)

    assert (page.number, page.entries[0].number, page.last_number, page.total) == (shown, first, 3, 51)
