# SPDX-License-Identifier: Apache-2.0
"""The connection to a service's database: SQLite in a file or in memory, or PostgreSQL, by its URL.

Every fault of it is `DatabaseUnavailableError`, which the app answers with a page of its own (503).
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.schema import CreateIndex, CreateTable

from federation.errors import InputError, TestbedError
from sp_stub.tables import METADATA

BUSY_SECONDS: Final = 3
"""How long a login waits for another worker's write; longer means the disk is not answering."""
_WRITES: Final = "testbed_writes"
_MEMORY: Final = frozenset({None, "", ":memory:"})


class DatabaseUnavailableError(TestbedError):
    """The service's database does not answer."""


class Database:
    """A service's database; its tables are made when it is first used."""

    def __init__(self, database_url: str) -> None:
        """Remember where the database is; raises `InputError` for what is not a database URL."""
        try:
            url = make_url(database_url)
            self._engine = _engine(url)
        except (ArgumentError, ModuleNotFoundError) as error:
            message = f"the database URL cannot be used ({error}); expected such as sqlite:///data/publisher.sqlite"
            raise InputError(message) from error
        # whoever drops the database drops its connections: Python 3.13 warns of those that are left open
        weakref.finalize(self, self._engine.dispose)
        self._lock = threading.Lock()
        self._has_tables = False

    @contextmanager
    def begin(self, *, writes: bool = True) -> Iterator[Connection]:
        """Yield a connection in one transaction, committed at the end; `writes=False` where it only reads.

        Raises `IntegrityError` for a row that is there already, `DatabaseUnavailableError` for every other fault.
        """
        try:
            self._ensure_tables()
            with self._engine.connect() as connection:
                connection.execution_options(**{_WRITES: writes})
                with connection.begin():
                    yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            message = f"the database does not answer ({type(error).__name__})"
            raise DatabaseUnavailableError(message) from error

    def check(self) -> None:
        """Return when the database answers; raises `DatabaseUnavailableError` when it doesn't."""
        with self.begin(writes=False) as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _ensure_tables(self) -> None:
        with self._lock:
            if self._has_tables:
                return
            with self._engine.begin() as connection:
                for table in METADATA.sorted_tables:
                    connection.execute(CreateTable(table, if_not_exists=True))
                    for index in sorted(table.indexes, key=lambda index: str(index.name)):
                        connection.execute(CreateIndex(index, if_not_exists=True))
            self._has_tables = True


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    # A database in memory lives in its one connection, which the threads take in turns.
    pool = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0} if url.database in _MEMORY else {}
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    # Transactions are begun by `_begin_sqlite`; the driver would begin them by itself.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that becomes a writer fails at once when another one is writing, so a writer says so from the start.
    writes = connection.get_execution_options().get(_WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
