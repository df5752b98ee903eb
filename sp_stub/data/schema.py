# SPDX-License-Identifier: Apache-2.0
"""Bringing a service's database to the tables this code works with, whatever it was before.

- An empty database gets the tables as they are now.
- One that is older is migrated; one from before revisions were written is known by its tables.
- One that is newer, or somebody else's, is refused and stays as it is.

All of it happens in the caller's transaction. Those who come at the same time take turns: SQLite's writers do so by
themselves, on PostgreSQL by a lock that goes with the transaction.
"""

from __future__ import annotations

import zlib
from functools import cache
from typing import Final, Literal, TypeAlias

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, select, text
from sqlalchemy.dialects import registry
from sqlalchemy.schema import CreateIndex, CreateTable

from sp_stub.data.all_tables import METADATA
from sp_stub.data.append_only import append_only_statements
from sp_stub.data.faults import DatabaseNotOursError
from sp_stub.data.migrations import FIRST_REVISION, newest_revision, revisions
from sp_stub.data.staff_tables import AUDIT_TRAIL

Age: TypeAlias = Literal["empty", "older", "today"]

FIRST_TABLES: Final = frozenset({"pending_logins", "consumed_messages", "sessions", "messages"})
"""What a database of the first revision holds; the versions before revisions made exactly these."""
VERSION: Final = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Where Alembic notes the revision."""
_LOCK: Final = zlib.crc32(b"mpass-testbed: tables")


def age_of(connection: Connection) -> Age:
    """Return what the database is to this code, without changing it; raises `DatabaseNotOursError`."""
    revision = _revision(connection)
    if revision is None:
        return "older" if set(inspect(connection).get_table_names()) & METADATA.tables.keys() else "empty"
    return "today" if revision == newest_revision() else "older"


def make_anew(connection: Connection, schema: str) -> None:
    """Leave the tables empty, as if the database were new: append-only ones too, and with numbers from one.

    The tables are dropped and made in the caller's transaction: who uses them meanwhile waits, and finds them empty.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')
    else:
        METADATA.drop_all(connection)
        VERSION.drop(connection)
    bring_up_to_date(connection, schema)


def bring_up_to_date(connection: Connection, schema: str) -> None:
    """Make or migrate the tables, in `schema` where the database has schemas; raises `DatabaseNotOursError`."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    revision = _revision(connection)
    if revision == newest_revision():
        return
    if revision is None:
        there = set(inspect(connection).get_table_names())
        if not there & METADATA.tables.keys():
            _make_tables(connection)
            return
        _check_is_from_before_revisions(there)
        _note_revision(connection, FIRST_REVISION)
    # only who has to migrate waits for Alembic's import
    from sp_stub.data.migrations.running import migrate  # noqa: PLC0415

    migrate(connection)


def _revision(connection: Connection) -> str | None:
    """Return the database's revision, None where it has none; raises `DatabaseNotOursError` for one we don't know."""
    if not inspect(connection).has_table(VERSION.name):
        return None
    found = connection.scalars(select(VERSION.c.version_num)).all()
    if not found:
        return None
    if len(found) > 1 or found[0] not in revisions():
        message = (
            f"the database is of revision {', '.join(sorted(found))}, this version of the testbed knows "
            f"{FIRST_REVISION} to {newest_revision()}; use the version that wrote it, or another database"
        )
        raise DatabaseNotOursError(message)
    return str(found[0])


def _check_is_from_before_revisions(there: set[str]) -> None:
    missing = FIRST_TABLES - there
    if missing:
        message = (
            f"the database has tables called {', '.join(sorted(there & METADATA.tables.keys()))} that are not ours "
            f"(none called {', '.join(sorted(missing))}); use another database"
        )
        raise DatabaseNotOursError(message)


def _make_tables(connection: Connection) -> None:
    for statement in _statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
    _note_revision(connection, newest_revision())


def _note_revision(connection: Connection, revision: str) -> None:
    VERSION.create(connection, checkfirst=True)
    connection.execute(insert(VERSION).values(version_num=revision))


@cache
def _statements(dialect_name: str) -> tuple[str, ...]:
    """Return what makes every table and index; compiled once, because each test opens a database in memory."""
    dialect = registry.load(dialect_name)()
    makers: list[CreateTable | CreateIndex] = []
    for table in METADATA.sorted_tables:
        makers.append(CreateTable(table))
        makers += [CreateIndex(index) for index in sorted(table.indexes, key=lambda index: str(index.name))]
    statements = [str(maker.compile(dialect=dialect)) for maker in makers]
    return (*statements, *append_only_statements(dialect_name, AUDIT_TRAIL.name))
