# SPDX-License-Identifier: Apache-2.0
"""The store that the proxy's workers share; every implementation keeps the same promises."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from proxy.store import MemoryStore, SqliteStore, Store, StoreUnavailableError
from proxy.store_postgres import PostgresStore

NOW = datetime(2026, 8, 11, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each store in turn."""
    makers: dict[str, Callable[[], Store]] = {
        "memory": MemoryStore,
        "sqlite": lambda: SqliteStore(tmp_path / "data" / "proxy.sqlite"),
        "postgresql": lambda: PostgresStore(request.getfixturevalue("postgresql_server").new_database()),
    }
    return makers[request.param]()


def test_takes_a_request_once(store: Store):
    """The second answer to one request is told apart from the first."""
    assert store.consume("_1", NOW, NOW + HOUR) is True
    assert store.consume("_1", NOW + timedelta(minutes=59), NOW + 2 * HOUR) is False
    assert store.consume("_2", NOW, NOW + HOUR) is True


def test_takes_a_request_once_among_many_threads(store: Store):
    """However many workers get the same response at once, one of them wins."""
    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(lambda _: store.consume("_1", NOW, NOW + HOUR), range(64)))

    assert results.count(True) == 1


def test_shares_what_is_answered_between_processes(tmp_path: Path):
    """Two stores on one file, as two workers have them, know of each other."""
    path = tmp_path / "proxy.sqlite"
    first, second = SqliteStore(path), SqliteStore(path)

    assert first.consume("_1", NOW, NOW + HOUR) is True
    assert second.consume("_1", NOW, NOW + HOUR) is False


def test_forgets_what_can_no_longer_be_answered(tmp_path: Path):
    """The file does not grow for ever: after five hundred logins the old ones are gone."""
    store = SqliteStore(tmp_path / "proxy.sqlite")
    for number in range(499):
        store.consume(f"_old{number}", NOW, NOW + HOUR)

    store.consume("_new", NOW + 2 * HOUR, NOW + 3 * HOUR)

    assert store.consume("_old0", NOW + 2 * HOUR, NOW + 3 * HOUR) is True
    assert store.consume("_new", NOW + 2 * HOUR, NOW + 3 * HOUR) is False


def test_keeps_its_file_private(tmp_path: Path):
    """Nobody else on the machine reads who logs in."""
    SqliteStore(tmp_path / "proxy.sqlite")

    assert (tmp_path / "proxy.sqlite").stat().st_mode & 0o777 == 0o600


def test_says_when_it_is_not_available(tmp_path: Path):
    """A file that is no database is an error of its own kind, at start and later."""
    path = tmp_path / "proxy.sqlite"
    path.write_bytes(b"this is not a database, but it is long enough to be looked at" * 20)

    with pytest.raises(StoreUnavailableError, match=r"proxy\.sqlite"):
        SqliteStore(path)


def test_says_when_it_breaks_later(tmp_path: Path):
    """A table that is gone refuses the login instead of letting it through."""
    path = tmp_path / "proxy.sqlite"
    store = SqliteStore(path)
    store._connection().execute("DROP TABLE answered_requests")  # noqa: SLF001  # the fault itself

    with pytest.raises(StoreUnavailableError):
        store.consume("_1", NOW, NOW + HOUR)
    with pytest.raises(StoreUnavailableError):
        store.check()


def test_keeps_a_session_while_it_is_used(store: Store):
    """Each use moves its idle end; what was kept comes back byte for byte."""
    store.put_session("name", b"\x00sealed\xff", NOW + HOUR / 2, NOW + 3 * HOUR)

    assert store.use_session("name", NOW + timedelta(minutes=29), NOW + HOUR) == b"\x00sealed\xff"
    assert store.use_session("name", NOW + timedelta(minutes=59), NOW + 2 * HOUR) == b"\x00sealed\xff"
    assert store.use_session("another", NOW, NOW + HOUR) is None


@pytest.mark.parametrize(
    ("idle_end", "end"),
    [
        pytest.param(NOW + HOUR / 2, NOW + HOUR, id="that nobody used"),
        pytest.param(NOW + HOUR, NOW + HOUR / 2, id="that has lasted long enough"),
    ],
)
def test_ends_a_session(store: Store, idle_end: datetime, end: datetime):
    """A session is over at the sooner of its two ends, to the second."""
    store.put_session("name", b"sealed", idle_end, end)

    assert store.use_session("name", NOW + HOUR / 2, NOW + HOUR) is None


def test_forgets_a_session_that_is_ended(store: Store):
    """Who logged out is not signed in; ending it twice is no fault."""
    store.put_session("name", b"sealed", NOW + HOUR, NOW + HOUR)

    store.end_session("name")
    store.end_session("name")

    assert store.use_session("name", NOW, NOW + HOUR) is None
