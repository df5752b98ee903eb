# SPDX-License-Identifier: Apache-2.0
"""How SQLAlchemy speaks to each kind of database: SQLite in a file or in memory, or PostgreSQL by psycopg."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from federation.errors import InputError

BUSY_SECONDS: Final = 3
"""How long a login waits for another worker's write, or for a server; longer means that nobody answers."""
WRITES: Final = "testbed_writes"
"""The execution option that says whether a transaction writes."""
_MEMORY: Final = frozenset({None, "", ":memory:"})
_TRIES: Final = 20
_POSTGRESQL: Final = frozenset({"postgres", "postgresql", "postgresql+psycopg"})


def read_database_url(text: str) -> URL:
    """Return the URL of a SQLite or PostgreSQL database.

    Raises `InputError` for anything else; the message quotes nothing of it, because a password may stand anywhere.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is not None and url.drivername in _POSTGRESQL and url.database:
        return url.set(drivername="postgresql+psycopg")
    if url is not None and url.drivername == "sqlite":
        return url
    found = "something else" if url is None or "@" in url.drivername else repr(url.drivername)
    message = (
        f"the database URL cannot be used (it begins with {found}); "
        "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE or sqlite:///FILE"
    )
    raise InputError(message)


def make_engine(url: URL, schema: str) -> Engine:
    """Return the engine for a database; on PostgreSQL every table is looked for in `schema` alone."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    # a connection that broke, as when the server was started anew, is noticed before it is used
    engine = create_engine(
        url, pool_pre_ping=True, pool_timeout=BUSY_SECONDS, connect_args={"connect_timeout": BUSY_SECONDS}
    )

    def connect(_dialect: object, _entry: ConnectionPoolEntry, arguments: Any, options: Any) -> Any:  # noqa: ANN401 -- SQLAlchemy's signature
        # who has no PostgreSQL does not wait for its library
        prompt = importlib.import_module("party.postgres").PromptConnection
        return prompt.connect(*arguments, **options)

    event.listen(engine, "do_connect", connect)

    def use_schema(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 -- psycopg is imported only where it is used
        # outside a transaction, else the next rollback takes it back
        connection.autocommit = True
        connection.execute(f'SET search_path TO "{schema}"')
        connection.autocommit = False

    # first: SQLAlchemy itself asks a new connection for its schema
    event.listen(engine, "connect", use_schema, insert=True)
    return engine


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let tables be dropped and copied in any order inside the block, before whose transaction this must stand.

    SQLite asks for it (sqlite.org/lang_altertable.html 7); PostgreSQL drops a schema whole.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    if not isinstance(driver, SqliteConnection):
        message = f"expected SQLite's own connection, found {type(driver).__name__}"
        raise TypeError(message)
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _sqlite(url: URL) -> Engine:
    # A database in memory lives in its one connection, which the threads take in turns.
    pool = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0} if url.database in _MEMORY else {}
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    # Transactions are begun by `_begin_sqlite`; the driver would begin them by itself.
    connection.isolation_level = None
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except OperationalError:
            # another process is just doing the same to a new file: SQLite waits for a writer, but not for this
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
    connection.execute("PRAGMA synchronous=NORMAL")
    # as PostgreSQL does: a row that leads nowhere is a fault in either
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that becomes a writer fails at once when another one is writing, so a writer says so from the start.
    writes = connection.get_execution_options().get(WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
