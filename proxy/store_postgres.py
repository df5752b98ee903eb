# SPDX-License-Identifier: Apache-2.0
"""The proxy's store for several machines: PostgreSQL, shared by every replica.

The promises are `proxy.store`'s. Each thread has a connection of its own. A server that was started anew has closed it:
the statement is then run once more on a fresh one. That is safe for each of them: a request that the first try has
recorded counts as answered, so that a response is refused rather than taken twice.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias

import psycopg
from psycopg.conninfo import make_conninfo

from federation.errors import InputError
from party.postgres import PromptConnection, ServerHangsError
from proxy.store import BUSY_SECONDS, PURGE_EVERY, StoreUnavailableError

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS answered_requests (request_id text PRIMARY KEY, until bigint NOT NULL)",
    (
        "CREATE TABLE IF NOT EXISTS sessions (name text PRIMARY KEY, sealed bytea NOT NULL, idle_end bigint NOT NULL, "
        "session_end bigint NOT NULL)"
    ),
)
_TABLES_LOCK: Final = 0x6D70617373
"""Two replicas that start at once make the tables one after the other (PostgreSQL's IF NOT EXISTS is not enough)."""

_SECONDS: Final = round(BUSY_SECONDS)
_MILLISECONDS: Final = round(BUSY_SECONDS * 1000)

_Connection: TypeAlias = psycopg.Connection[tuple[bytes]]


class PostgresStore:
    """The store of several processes on several machines; a database that does not answer yet is no error yet."""

    def __init__(self, url: str) -> None:
        """Remember the database; raises `InputError` for what is no URL of PostgreSQL's."""
        try:
            self._conninfo = make_conninfo(
                url,
                connect_timeout=_SECONDS,
                tcp_user_timeout=_MILLISECONDS,
                options=f"-c statement_timeout={_MILLISECONDS} -c lock_timeout={_MILLISECONDS}",
                application_name="mpass-testbed-proxy",
            )
        except psycopg.ProgrammingError as error:
            # its text may quote a password
            message = "the URL of the proxy's store cannot be read; expected such as postgresql://proxy@database/proxy"
            raise InputError(message) from error
        self._connections = threading.local()
        self._has_tables = False
        self._inserts = 0

    def consume(self, request_id: str, now: datetime, until: datetime) -> bool:
        """Record that `request_id` is answered; False when it already was, by this replica or another."""
        inserted, _ = self._run(
            "INSERT INTO answered_requests (request_id, until) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (request_id, int(until.timestamp())),
        )
        self._inserts += 1
        if self._inserts % PURGE_EVERY == 0:
            second = int(now.timestamp())
            self._run("DELETE FROM answered_requests WHERE until < %s", (second,))
            self._run("DELETE FROM sessions WHERE idle_end < %s OR session_end < %s", (second, second))
        return inserted == 1

    def put_session(self, name: str, sealed: bytes, idle_end: datetime, end: datetime) -> None:
        """Keep a session under `name`, a name that nobody has used before."""
        self._run(
            "INSERT INTO sessions (name, sealed, idle_end, session_end) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (name, sealed, int(idle_end.timestamp()), int(end.timestamp())),
        )

    def use_session(self, name: str, now: datetime, idle_end: datetime) -> bytes | None:
        """Return what is kept under `name` and move its idle end; None when there is none or it is over."""
        second = int(now.timestamp())
        _, row = self._run(
            "UPDATE sessions SET idle_end = %s WHERE name = %s AND idle_end > %s AND session_end > %s RETURNING sealed",
            (int(idle_end.timestamp()), name, second, second),
        )
        return None if row is None else bytes(row[0])

    def end_session(self, name: str) -> None:
        """Forget the session called `name`."""
        self._run("DELETE FROM sessions WHERE name = %s", (name,))

    def check(self) -> None:
        """Return when the database answers and has its tables."""
        self._run("SELECT 1 FROM answered_requests LIMIT 1", ())

    def _run(self, statement: str, values: Sequence[object]) -> tuple[int, tuple[bytes] | None]:
        """Run one statement by itself; return how many rows it touched and the first it gave."""
        try:
            try:
                return self._try(statement, values)
            except ServerHangsError:
                raise  # a second try would hang as long
            except psycopg.OperationalError:
                if not self._forget_closed():
                    raise
                return self._try(statement, values)
        except psycopg.Error as error:
            self._forget_closed()
            message = f"the proxy's store does not answer ({type(error).__name__})"
            raise StoreUnavailableError(message) from error

    def _try(self, statement: str, values: Sequence[object]) -> tuple[int, tuple[bytes] | None]:
        cursor = self._connection().execute(statement, values)
        return cursor.rowcount, cursor.fetchone() if cursor.description else None

    def _connection(self) -> _Connection:
        """Return this thread's connection, which commits each statement by itself."""
        held: _HeldConnection | None = getattr(self._connections, "value", None)
        if held is None:
            held = _HeldConnection(PromptConnection.connect(self._conninfo, autocommit=True))
            self._ensure_tables(held.connection)
            self._connections.value = held
        return held.connection

    def _ensure_tables(self, connection: _Connection) -> None:
        if self._has_tables:
            return
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_TABLES_LOCK,))
            for table in _TABLES:
                connection.execute(table)
        self._has_tables = True

    def _forget_closed(self) -> bool:
        """Let go of this thread's connection if it is closed; tell whether it was."""
        held: _HeldConnection | None = getattr(self._connections, "value", None)
        if held is None or not held.connection.closed:
            return False
        self._connections.value = None
        return True


class _HeldConnection:
    """One thread's connection, closed when the thread or the store is gone."""

    def __init__(self, connection: _Connection) -> None:
        self.connection = connection
        # not `__del__`: where both are dropped at once, the connection would complain before it is closed
        weakref.finalize(self, connection.close)
