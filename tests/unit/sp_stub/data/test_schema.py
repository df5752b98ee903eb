# SPDX-License-Identifier: Apache-2.0
"""A database is brought to today's tables from whatever it was, and refused where it is not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, table, text

from sp_stub.data.all_tables import METADATA
from sp_stub.data.database import SCHEMA, Database
from sp_stub.data.engine import make_engine, read_database_url
from sp_stub.data.faults import DatabaseNotOursError
from sp_stub.data.migrations import FIRST_REVISION, newest_revision, revisions
from sp_stub.data.migrations.running import configuration, migrate
from sp_stub.data.schema import FIRST_TABLES, bring_up_to_date

ROWS = (
    "INSERT INTO pending_logins VALUES ('relay', 'browser', '_id', '/materials', 'fi', '2026-08-12 08:00:00')",
    "INSERT INTO consumed_messages VALUES ('response', '2026-08-12 08:00:00')",
    "INSERT INTO sessions VALUES ('session', true, '2026-08-12 08:00:00', '2026-08-12 09:00:00', '{}')",
    "INSERT INTO messages VALUES (1, '2026-08-12 08:00:00', 'browser', 'ope@koulu.example', 105, 'Mitä teen?')",
)
"""One row of each table as the first revision has it, in SQL that both kinds of database take."""


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """Yield a connection to the database as it is, in one transaction."""
    engine = make_engine(read_database_url(url), SCHEMA)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            yield connection
    finally:
        engine.dispose()


def make_first(connection: Connection) -> None:
    """Make what the versions before revisions made: the first tables, with a row in each, and no revision."""
    migrate(connection, FIRST_REVISION)
    connection.execute(text("DROP TABLE alembic_version"))
    for row in ROWS:
        connection.exec_driver_sql(row)


def set_revision(connection: Connection, revision: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def shape(connection: Connection) -> dict[str, object]:
    """Return all that the database says of its tables."""
    inspector = inspect(connection)
    return {
        table: (
            {column["name"]: {**column, "type": str(column["type"])} for column in inspector.get_columns(table)},
            inspector.get_pk_constraint(table),
            sorted(inspector.get_indexes(table), key=lambda index: str(index["name"])),
            sorted(inspector.get_unique_constraints(table), key=lambda unique: str(unique["name"])),
            sorted(inspector.get_foreign_keys(table), key=lambda foreign: str(foreign["name"])),
        )
        for table in inspector.get_table_names()
    }


def test_has_one_line_of_revisions():
    """Each revision follows the number before it, so that there is one newest."""
    with opened("sqlite://") as connection:
        script = ScriptDirectory.from_config(configuration(connection))

    line = [(revision.revision, revision.down_revision) for revision in reversed(list(script.walk_revisions()))]
    assert line == list(zip(revisions(), (None, *revisions()), strict=False))
    assert script.get_heads() == [newest_revision()]


def test_migrates_to_what_the_code_works_with(database_url: str):
    """After the newest migration nothing is left to add, change or drop."""
    with opened(database_url) as connection:
        migrate(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, METADATA) == []


def test_makes_an_empty_database_as_the_migrations_would(new_database: Callable[[], str]):
    """Made at once or step by step, a database has the same columns, keys and indexes."""
    with opened(new_database()) as connection:
        bring_up_to_date(connection, SCHEMA)
        made = shape(connection)
    with opened(new_database()) as connection:
        migrate(connection)

        assert shape(connection) == made


def test_keeps_the_rows_of_a_database_from_before_revisions(database_url: str):
    """It is known by its tables; what people did is still there, and the service works with it."""
    with opened(database_url) as connection:
        make_first(connection)

    with Database(database_url).begin() as connection:
        counts = {name: connection.scalar(select(func.count()).select_from(table(name))) for name in FIRST_TABLES}
        assert counts == {"consumed_messages": 1, "messages": 1, "pending_logins": 1, "sessions": 1}
        assert connection.scalar(text("SELECT text FROM messages")) == "Mitä teen?"
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == newest_revision()


@pytest.mark.parametrize("is_there", [False, True], ids=["empty", "older"])
def test_lets_workers_come_at_once(database_url: str, *, is_there: bool):
    """Eight workers open the database at the same moment: one brings it up to date, all of them work with it."""
    if is_there:
        with opened(database_url) as connection:
            make_first(connection)
    databases = [Database(database_url) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(Database.check, databases))

    with opened(database_url) as connection:
        assert connection.scalars(text("SELECT version_num FROM alembic_version")).all() == [newest_revision()]


def test_refuses_a_database_of_a_newer_version(database_url: str):
    """It says which revision it found and knows, and changes nothing."""
    with opened(database_url) as connection:
        bring_up_to_date(connection, SCHEMA)
        set_revision(connection, "9999")
        before = shape(connection)

    with pytest.raises(DatabaseNotOursError, match=rf"is of revision 9999, .* knows 0001 to {newest_revision()}"):
        Database(database_url).check()
    with opened(database_url) as connection:
        assert shape(connection) == before
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_refuses_a_database_that_somebody_else_uses(database_url: str):
    """A table of ours that came from elsewhere is left alone, and nothing is made beside it."""
    with opened(database_url) as connection:
        connection.execute(text("CREATE TABLE sessions (whose VARCHAR(10))"))

    with pytest.raises(DatabaseNotOursError, match="tables called sessions that are not ours"):
        Database(database_url).check()
    with opened(database_url) as connection:
        assert inspect(connection).get_table_names() == ["sessions"]


def test_takes_a_half_made_migration_back(database_url: str):
    """What ends a migration early leaves the database as it was: with rows, and without a revision."""
    with opened(database_url) as connection:
        make_first(connection)
        before = shape(connection)

    with suppress(KeyboardInterrupt), opened(database_url) as connection:
        bring_up_to_date(connection, SCHEMA)
        raise KeyboardInterrupt

    with opened(database_url) as connection:
        assert shape(connection) == before
        assert connection.scalar(text("SELECT count(*) FROM sessions")) == 1
