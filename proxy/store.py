# SPDX-License-Identifier: Apache-2.0
"""What the proxy's workers share: which of their requests have been answered, and the sessions of single sign-on.

A response counts once, in whichever worker it arrives: the ID of our AuthnRequest is inserted, or the insert fails.
An id is kept until no response to it could be accepted any more; a session until it ends. Sessions are sealed before
they come here (`proxy.sso_session`). Without the store nobody logs in: every fault of it is `StoreUnavailableError`,
which the login answers with the reason `store-unavailable` (design 7).
"""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from federation.errors import TestbedError

BUSY_SECONDS: Final = 3.0
"""How long a worker waits for another one's write; longer means the disk is not answering."""

PURGE_EVERY: Final = 500

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS answered_requests (request_id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID",
    (
        "CREATE TABLE IF NOT EXISTS sessions (name TEXT PRIMARY KEY, sealed BLOB NOT NULL, idle_end INTEGER NOT NULL, "
        "session_end INTEGER NOT NULL) WITHOUT ROWID"
    ),
)


class StoreUnavailableError(TestbedError):
    """The shared store does not answer."""


class Store(Protocol):
    """The state that all workers of one proxy share."""

    def consume(self, request_id: str, now: datetime, until: datetime) -> bool:
        """Record that `request_id` is answered; False when it already was.

        The record is kept until `until`. Raises `StoreUnavailableError`.
        """

    def put_session(self, name: str, sealed: bytes, idle_end: datetime, end: datetime) -> None:
        """Keep a session under `name` until `end`, or until `idle_end` if nobody uses it before.

        Raises `StoreUnavailableError`.
        """

    def use_session(self, name: str, now: datetime, idle_end: datetime) -> bytes | None:
        """Return what is kept under `name` and move its idle end; None when there is none or it is over.

        Raises `StoreUnavailableError`.
        """

    def end_session(self, name: str) -> None:
        """Forget the session called `name`, if there is one; raises `StoreUnavailableError`."""

    def check(self) -> None:
        """Return when the store answers; raises `StoreUnavailableError` when it doesn't."""


class MemoryStore:
    """The store of one process: in-process stacks and tests."""

    def __init__(self) -> None:
        """Start with nothing answered."""
        self._lock = threading.Lock()
        self._answered: dict[str, datetime] = {}
        self._sessions: dict[str, _KeptSession] = {}

    def consume(self, request_id: str, now: datetime, until: datetime) -> bool:
        """Record that `request_id` is answered; False when it already was."""
        with self._lock:
            self._answered = {known: end for known, end in self._answered.items() if end > now}
            if request_id in self._answered:
                return False
            self._answered[request_id] = until
            return True

    def put_session(self, name: str, sealed: bytes, idle_end: datetime, end: datetime) -> None:
        """Keep a session under `name`."""
        with self._lock:
            self._sessions[name] = _KeptSession(sealed, idle_end, end)

    def use_session(self, name: str, now: datetime, idle_end: datetime) -> bytes | None:
        """Return what is kept under `name` and move its idle end; None when there is none or it is over."""
        with self._lock:
            self._sessions = {known: kept for known, kept in self._sessions.items() if kept.lasts(now)}
            kept = self._sessions.get(name)
            if kept is None:
                return None
            self._sessions[name] = replace(kept, idle_end=idle_end)
            return kept.sealed

    def end_session(self, name: str) -> None:
        """Forget the session called `name`."""
        with self._lock:
            self._sessions.pop(name, None)

    def check(self) -> None:
        """Return at once: memory always answers."""


@dataclass(frozen=True)
class _KeptSession:
    sealed: bytes
    idle_end: datetime
    end: datetime

    def lasts(self, now: datetime) -> bool:
        return now < self.idle_end and now < self.end


class _HeldConnection:
    """One thread's connection, closed when the thread or the store is gone: Python 3.13 warns of open ones."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class SqliteStore:
    """The store of several processes on one machine: a SQLite file in WAL mode."""

    def __init__(self, path: Path) -> None:
        """Open or make the database at `path`, readable by its owner only; raises `StoreUnavailableError`."""
        self._path = path
        self._connections = threading.local()
        self._inserts = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            with self._connection() as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                for table in _TABLES:
                    connection.execute(table)
        except (sqlite3.Error, OSError) as error:
            raise self._unavailable(error) from error

    def consume(self, request_id: str, now: datetime, until: datetime) -> bool:
        """Record that `request_id` is answered; False when it already was, in this process or another."""
        inserted = self._write(
            "INSERT OR IGNORE INTO answered_requests (request_id, until) VALUES (?, ?)",
            (request_id, int(until.timestamp())),
        )
        self._inserts += 1
        if self._inserts % PURGE_EVERY == 0:
            second = int(now.timestamp())
            self._write("DELETE FROM answered_requests WHERE until < ?", (second,))
            self._write("DELETE FROM sessions WHERE idle_end < ? OR session_end < ?", (second, second))
        return inserted == 1

    def put_session(self, name: str, sealed: bytes, idle_end: datetime, end: datetime) -> None:
        """Keep a session under `name`."""
        self._write(
            "INSERT INTO sessions (name, sealed, idle_end, session_end) VALUES (?, ?, ?, ?)",
            (name, sealed, int(idle_end.timestamp()), int(end.timestamp())),
        )

    def use_session(self, name: str, now: datetime, idle_end: datetime) -> bytes | None:
        """Return what is kept under `name` and move its idle end; None when there is none or it is over."""
        second = int(now.timestamp())
        try:
            with self._connection() as connection:
                row = connection.execute(
                    "UPDATE sessions SET idle_end = ? WHERE name = ? AND idle_end > ? AND session_end > ? "
                    "RETURNING sealed",
                    (int(idle_end.timestamp()), name, second, second),
                ).fetchone()
        except sqlite3.Error as error:
            raise self._unavailable(error) from error
        return None if row is None else bytes(row[0])

    def end_session(self, name: str) -> None:
        """Forget the session called `name`."""
        self._write("DELETE FROM sessions WHERE name = ?", (name,))

    def check(self) -> None:
        """Return when the database can be read."""
        try:
            self._connection().execute("SELECT 1 FROM answered_requests LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise self._unavailable(error) from error

    def _write(self, statement: str, values: tuple[object, ...]) -> int:
        """Run one statement in a transaction of its own and return how many rows it touched."""
        try:
            with self._connection() as connection:
                return connection.execute(statement, values).rowcount
        except sqlite3.Error as error:
            raise self._unavailable(error) from error

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection; as a context it commits, or rolls back on an error."""
        held: _HeldConnection | None = getattr(self._connections, "value", None)
        if held is None:
            # used by one thread alone, but closed by whichever collects it
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, check_same_thread=False)
            held = _HeldConnection(connection)
            # WAL with NORMAL survives the end of a process; only a power cut can lose the last inserts.
            connection.execute("PRAGMA synchronous = NORMAL")
            self._connections.value = held
        return held.connection

    def _unavailable(self, error: Exception) -> StoreUnavailableError:
        return StoreUnavailableError(f"{self._path}: the proxy's store does not answer ({error})")
