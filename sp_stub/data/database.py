# SPDX-License-Identifier: Apache-2.0
"""The connection to a service's database, by its URL.

Every fault of it is `DatabaseUnavailableError`, which the app answers with a page of its own (503).
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from sp_stub.data.engine import WRITES, make_engine, read_database_url, without_foreign_keys
from sp_stub.data.faults import place_of, unavailable
from sp_stub.data.schema import Age, age_of, bring_up_to_date, make_anew

SCHEMA: Final = "testbed"
"""Where the tables lie on PostgreSQL unless said otherwise."""


class Database:
    """A service's database; its tables are made, or brought up to date, when it is first used."""

    def __init__(self, database_url: str, schema: str = SCHEMA) -> None:
        """Remember where the database is; raises `InputError` for what is not a database URL.

        On PostgreSQL the tables lie in `schema`, so that several parts may share a database.
        """
        self._url = read_database_url(database_url)
        self._schema = schema
        self._engine = make_engine(self._url, schema)
        # whoever drops the database drops its connections: Python 3.13 warns of those that are left open
        weakref.finalize(self, self._engine.dispose)
        self._lock = threading.Lock()
        self._is_up_to_date = False

    @property
    def place(self) -> str:
        """Where the database is, without who asks."""
        return place_of(self._url)

    @contextmanager
    def begin(self, *, writes: bool = True) -> Iterator[Connection]:
        """Yield a connection in one transaction, committed at the end; `writes=False` where it only reads.

        Raises `IntegrityError` for a row that is there already, `DatabaseUnavailableError` for every other fault.
        """
        try:
            self._ensure_tables()
            with self._engine.connect() as connection:
                connection.execution_options(**{WRITES: writes})
                with connection.begin():
                    yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise unavailable(error, self._url) from error

    def check(self) -> None:
        """Return when the database answers; raises `DatabaseUnavailableError` when it doesn't."""
        with self.begin(writes=False) as connection:
            connection.execute(text("SELECT 1"))

    @contextmanager
    def look(self) -> Iterator[tuple[Age, Connection]]:
        """Yield what the database is to this code, and a connection that reads it as it is; changes nothing.

        Raises `DatabaseUnavailableError` as `begin` does.
        """
        try:
            with self._engine.connect() as connection:
                connection.execution_options(**{WRITES: False})
                with connection.begin():
                    yield age_of(connection), connection
        except SQLAlchemyError as error:
            raise unavailable(error, self._url) from error

    def clear(self) -> None:
        """Leave the database as if nobody had ever used it; raises `DatabaseUnavailableError` as `begin` does.

        Nothing of what was there can be read from the file afterwards.
        """
        self.check()
        try:
            with self._engine.connect() as connection, without_foreign_keys(connection), connection.begin():
                if self._engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA secure_delete=ON")
                make_anew(connection, self._schema)
            self._write_back()
        except SQLAlchemyError as error:
            raise unavailable(error, self._url) from error

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _write_back(self) -> None:
        """Have SQLite empty its log of recent writes into the file, unless somebody reads right now."""
        if self._engine.dialect.name == "sqlite":
            with closing(self._engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _ensure_tables(self) -> None:
        with self._lock:
            if self._is_up_to_date:
                return
            with self._engine.connect() as connection, without_foreign_keys(connection), connection.begin():
                bring_up_to_date(connection, self._schema)
            self._is_up_to_date = True
