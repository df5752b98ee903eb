# SPDX-License-Identifier: Apache-2.0
"""The store that replicas share: what PostgreSQL adds to the promises of `test_store`, and its faults."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from federation.errors import InputError
from proxy.store import StoreUnavailableError
from proxy.store_postgres import PostgresStore
from tests.builders import postgresql
from tests.builders.postgresql import PostgreSQL

NOW = datetime(2026, 8, 11, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECONDS = 15.0

needs_server = pytest.mark.postgresql


@pytest.fixture
def own_server() -> Iterator[PostgreSQL]:
    """Run a server that one test may stop and start."""
    if not postgresql.is_installed():
        pytest.skip(postgresql.MISSING)
    with postgresql.running() as server:
        yield server


@needs_server
def test_shares_what_is_answered_between_replicas(postgresql_server: PostgreSQL):
    """A response that one replica has accepted is no news to another, nor is a session."""
    url = postgresql_server.new_database()
    first, second = PostgresStore(url), PostgresStore(url)

    assert first.consume("_1", NOW, NOW + HOUR) is True
    assert second.consume("_1", NOW, NOW + HOUR) is False
    first.put_session("name", b"sealed", NOW + HOUR, NOW + HOUR)
    assert second.use_session("name", NOW, NOW + HOUR) == b"sealed"


@needs_server
def test_starts_many_replicas_at_once(postgresql_server: PostgreSQL):
    """Whoever comes first makes the tables, the others find them."""
    url = postgresql_server.new_database()

    def start(_number: int) -> None:
        PostgresStore(url).check()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(start, range(8))) == [None] * 8


@needs_server
def test_forgets_what_can_no_longer_be_answered(postgresql_server: PostgreSQL):
    """The tables do not grow for ever: after five hundred logins the old rows are gone."""
    url = postgresql_server.new_database()
    store = PostgresStore(url)
    for number in range(499):
        store.consume(f"_old{number}", NOW, NOW + HOUR)
    store.put_session("old", b"sealed", NOW + HOUR, NOW + HOUR)

    store.consume("_new", NOW + 2 * HOUR, NOW + 3 * HOUR)

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT request_id FROM answered_requests").fetchall() == [("_new",)]
        assert connection.execute("SELECT name FROM sessions").fetchall() == []


def test_is_no_fault_yet_where_nobody_answers():
    """A proxy may start before its database; until then it is not ready and logs nobody in."""
    store = PostgresStore("postgresql://proxy@127.0.0.1:1/proxy")

    with pytest.raises(StoreUnavailableError, match=r"^the proxy's store does not answer \(OperationalError\)$"):
        store.check()
    with pytest.raises(StoreUnavailableError):
        store.consume("_1", NOW, NOW + HOUR)


@needs_server
def test_goes_on_after_the_server_was_started_anew(own_server: PostgreSQL):
    """While the server is away nobody logs in; then the same store goes on, and what was answered stays answered."""
    store = PostgresStore(own_server.new_database())
    store.consume("_1", NOW, NOW + HOUR)

    own_server.stop()
    with pytest.raises(StoreUnavailableError):
        store.consume("_2", NOW, NOW + HOUR)
    own_server.start()

    assert store.consume("_1", NOW, NOW + HOUR) is False
    assert store.consume("_2", NOW, NOW + HOUR) is True


@needs_server
def test_does_not_notice_a_restart_between_two_logins(own_server: PostgreSQL):
    """A connection that the server closed meanwhile is replaced before anybody is refused."""
    store = PostgresStore(own_server.new_database())
    store.check()

    own_server.stop()
    own_server.start()

    assert store.consume("_1", NOW, NOW + HOUR) is True


@needs_server
def test_waits_for_no_server_that_hangs(own_server: PostgreSQL):
    """Who has a connection and who has none are both refused while its time stands still; then the store goes on."""
    store = PostgresStore(own_server.new_database())
    is_connected, hangs = threading.Event(), threading.Event()
    refused: list[str] = []

    def ask(name: str, *, connects_first: bool) -> None:
        if connects_first:
            store.check()
            is_connected.set()
        hangs.wait(SECONDS)
        try:
            store.consume("_1", NOW, NOW + HOUR)
        except StoreUnavailableError:
            refused.append(name)

    asking = [
        threading.Thread(target=ask, args=("connected",), kwargs={"connects_first": True}, daemon=True),
        threading.Thread(target=ask, args=("late",), kwargs={"connects_first": False}, daemon=True),
    ]
    for each in asking:
        each.start()
    is_connected.wait(SECONDS)
    with own_server.hanging():
        hangs.set()
        for each in asking:
            each.join(SECONDS)

        assert sorted(refused) == ["connected", "late"]

    assert store.consume("_2", NOW, NOW + HOUR) is True


@needs_server
def test_refuses_when_a_table_is_gone(postgresql_server: PostgreSQL):
    """What breaks later refuses the login instead of letting it through."""
    url = postgresql_server.new_database()
    store = PostgresStore(url)
    store.check()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE answered_requests")

    with pytest.raises(StoreUnavailableError, match="UndefinedTable"):
        store.consume("_1", NOW, NOW + HOUR)


def test_quotes_nothing_of_a_url_that_cannot_be_read():
    """A password may stand anywhere in it."""
    with pytest.raises(InputError) as caught:
        PostgresStore("postgresql://proxy:s3cr3t@database:port=7/proxy?s3cr3t")

    assert "s3cr3t" not in str(caught.value)
    assert "such as postgresql://proxy@database/proxy" in str(caught.value)
