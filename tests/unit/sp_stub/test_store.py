# SPDX-License-Identifier: Apache-2.0
"""The store under threads, with a database it cannot use, and for PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from federation.errors import InputError
from sp_stub.database import Database, DatabaseUnavailableError
from sp_stub.store import PendingLogin, Store, StoredAnswer
from sp_stub.tables import METADATA, PENDING_LOGINS, SESSIONS
from tests.builders.sp_response import NOW

SECRET = bytes(32)


def accept(store: Store, message: str, session: str, now: datetime = NOW) -> bool:
    return store.accept_answer(
        messages=[message],
        usable_until=now + timedelta(hours=1),
        session=session,
        replaces=None,
        answer=StoredAnswer(is_signed_in=True, answer={"attributes": {}}),
        ends_at=None,
        now=now,
    )


@pytest.mark.parametrize("url", ["sqlite:///{}/store.sqlite", "sqlite://"], ids=["file", "memory"])
def test_lets_one_of_many_threads_use_an_answer(url: str, tmp_path: Path):
    """Twenty threads, one answer, one session."""
    store = Store(Database(url.format(tmp_path)), SECRET)
    with ThreadPoolExecutor(20) as pool:
        accepted = list(pool.map(lambda number: accept(store, "response", f"session-{number}"), range(20)))

    assert sum(accepted) == 1
    sessions = [store.answer_of(f"session-{number}", NOW) is not None for number in range(20)]
    assert sessions == accepted


def test_lets_two_workers_open_a_new_database_at_once(tmp_path: Path):
    """Every worker makes the tables; none fails because another one was faster."""
    stores = [Store(Database(f"sqlite:///{tmp_path}/store.sqlite"), SECRET) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(lambda store: accept(store, str(id(store)), str(id(store))), stores))

    assert accepted == [True] * 8


def test_writes_ahead_so_that_readers_do_not_wait(tmp_path: Path):
    """SQLite in WAL mode (design 7)."""
    database = Database(f"sqlite:///{tmp_path}/store.sqlite")

    with database.begin() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"


def test_forgets_what_is_over():
    """Rows whose time has come go with the next write."""
    store = Store(Database("sqlite://"), SECRET)
    accept(store, "a", "session-a")
    store.start_login("browser", "relay", PendingLogin("id", "/materials", "fi"), NOW)
    later = NOW + timedelta(hours=9)

    accept(store, "a", "session-b", later)
    store.start_login("other", "other", PendingLogin("id", "/materials", "fi"), later)

    with store.database.begin() as connection:
        assert len(connection.execute(SESSIONS.select()).all()) == 1
        assert len(connection.execute(PENDING_LOGINS.select()).all()) == 1


def test_says_that_a_database_does_not_answer(tmp_path: Path):
    """A folder that is not there."""
    database = Database(f"sqlite:///{tmp_path}/missing/store.sqlite")

    with pytest.raises(DatabaseUnavailableError):
        database.check()


@pytest.mark.parametrize("url", ["", "publisher.sqlite", "nosuch://x"])
def test_says_that_a_url_cannot_be_used(url: str):
    """What is no database URL is an input error, before anything is served."""
    with pytest.raises(InputError):
        Database(url)


def test_has_tables_that_postgresql_takes():
    """Times with their zone, answers as JSON."""
    tables = "\n".join(
        str(CreateTable(table).compile(dialect=postgresql.dialect())) for table in METADATA.sorted_tables
    )

    assert "ends_at TIMESTAMP WITH TIME ZONE NOT NULL" in tables
    assert "answer JSON NOT NULL" in tables
