# SPDX-License-Identifier: Apache-2.0
"""The store under threads, on either kind of database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from sp_stub.data.database import Database
from sp_stub.data.login_store import LoginStore, PendingLogin, ReceivedAnswer, StoredAnswer
from sp_stub.data.tables import PENDING_LOGINS, SESSIONS
from tests.builders.sp_response import NOW

SECRET = bytes(32)


def accept(store: LoginStore, message: str, session: str, now: datetime = NOW) -> bool:
    answer = StoredAnswer(is_signed_in=True, answer={"attributes": {}})
    accepted = store.accept_answer(ReceivedAnswer((message,), now + timedelta(hours=1), answer), session, None, now)
    return accepted is not None


def test_lets_one_of_many_threads_use_an_answer(database_url: str):
    """Twenty threads, one answer, one session."""
    use_one_answer_in_many_threads(database_url)


def test_lets_one_of_many_threads_use_an_answer_in_memory():
    """The threads share the one connection."""
    use_one_answer_in_many_threads("sqlite://")


def use_one_answer_in_many_threads(url: str) -> None:
    store = LoginStore(Database(url), SECRET)
    with ThreadPoolExecutor(20) as pool:
        accepted = list(pool.map(lambda number: accept(store, "response", f"session-{number}"), range(20)))

    assert sum(accepted) == 1
    sessions = [store.answer_of(f"session-{number}", NOW) is not None for number in range(20)]
    assert sessions == accepted


def test_lets_two_workers_open_a_new_database_at_once(database_url: str):
    """Every worker makes the tables; none fails because another one was faster."""
    stores = [LoginStore(Database(database_url), SECRET) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(lambda store: accept(store, str(id(store)), str(id(store))), stores))

    assert accepted == [True] * 8


def test_writes_ahead_so_that_readers_do_not_wait(tmp_path: Path):
    """SQLite in WAL mode (design 7)."""
    database = Database(f"sqlite:///{tmp_path}/store.sqlite")

    with database.begin() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"


def test_forgets_what_is_over(database_url: str):
    """Rows whose time has come go with the next write."""
    store = LoginStore(Database(database_url), SECRET)
    accept(store, "a", "session-a")
    store.start_login("browser", "relay", PendingLogin("id", "/materials", "fi"), NOW)
    later = NOW + timedelta(hours=9)

    accept(store, "a", "session-b", later)
    store.start_login("other", "other", PendingLogin("id", "/materials", "fi"), later)

    with store.database.begin() as connection:
        assert len(connection.execute(SESSIONS.select()).all()) == 1
        assert len(connection.execute(PENDING_LOGINS.select()).all()) == 1


def test_keeps_an_answer_and_its_times_as_they_are(database_url: str):
    """Letters, nested lists and moments come back equal, from either kind of database."""
    store = LoginStore(Database(database_url), SECRET)
    answer = StoredAnswer(
        is_signed_in=True, answer={"attributes": {"givenName": ["Åsa 👩‍🏫"], "role": []}, "name_id": None}
    )
    received = ReceivedAnswer(("response",), NOW, answer, NOW + timedelta(minutes=5))
    store.accept_answer(received, "session", None, NOW)

    assert store.answer_of("session", NOW + timedelta(minutes=4, seconds=59)) == answer
    assert store.answer_of("session", NOW + timedelta(minutes=5)) is None
