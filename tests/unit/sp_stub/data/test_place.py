# SPDX-License-Identifier: Apache-2.0
"""Which database a service uses, and what is said of one it cannot use: clearly, and without the password."""

from __future__ import annotations

import stat
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, text

from federation.errors import InputError
from party.process import DATABASE_URL_VARIABLE
from sp_stub.data.database import Database
from sp_stub.data.faults import DatabaseUnavailableError
from sp_stub.data.place import database_url, existing_database, named_database, schema_of
from tests.builders.loopback_process import free_port
from tests.builders.postgresql import PostgreSQL

SECRET = "s3cr3t"  # noqa: S105 -- to be looked for where it must not stand


def named(url: str) -> dict[str, str]:
    return {DATABASE_URL_VARIABLE: url}


def fault_of(url: str) -> str:
    """Return what is said of a database that cannot be used."""
    with pytest.raises(DatabaseUnavailableError) as fault:
        Database(url).check()
    return str(fault.value)


def test_keeps_a_file_for_each_part_that_its_owner_alone_reads(tmp_path: Path):
    """What people are called stands in it."""
    url = database_url(tmp_path / "state", "portal", {DATABASE_URL_VARIABLE: " "})

    file = tmp_path / "state" / "data" / "portal.sqlite"
    assert url == f"sqlite:///{file}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_makes_no_file_by_looking(tmp_path: Path):
    """Whoever only asks what there is finds nothing, and leaves nothing."""
    assert existing_database(tmp_path, "publisher", {}) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_takes_postgresql_as_people_write_it(scheme: str, tmp_path: Path):
    """The part's URL is the one that is named, whatever lies in the state folder."""
    url = f"{scheme}://testbed:{SECRET}@localhost/testbed"

    assert database_url(tmp_path, "publisher", named(url)) == url
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"mysql://a:{SECRET}@localhost/x", "begins with 'mysql'"),
        (f"postgresql:/a:{SECRET}@localhost/x", "begins with something else"),
        (f"postgresql://a:{SECRET}@localhost", "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE"),
        (f"postgresql://a:{SECRET}@localhost:port/x", "expected postgresql://USER"),
        (f"{SECRET}@localhost", "begins with something else"),
        ("postgresql", "begins with something else"),
        ("sqlite:////data/both.sqlite", "names a SQLite file"),
        ("sqlite://", "names a SQLite file"),
    ],
)
def test_refuses_what_is_no_postgresql_url(url: str, says: str):
    """It names the variable and what was expected, and quotes nothing that may be a password."""
    with pytest.raises(InputError) as refusal:
        named_database(named(url))

    assert str(refusal.value).startswith(f"{DATABASE_URL_VARIABLE}: ")
    assert says in str(refusal.value)
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize("url", ["", "publisher.sqlite", "nosuch://x"])
def test_says_that_a_url_cannot_be_used(url: str):
    """What is no database URL is an input error, before anything is served."""
    with pytest.raises(InputError):
        Database(url)


def test_says_that_a_file_cannot_be_opened(tmp_path: Path):
    """A folder that is not there, and a file that is something else."""
    (tmp_path / "letter.sqlite").write_text("Dear publisher, " * 100, "utf-8")

    missing, letter = fault_of(f"sqlite:///{tmp_path}/no/x.sqlite"), fault_of(f"sqlite:///{tmp_path}/letter.sqlite")
    assert missing == f"the database does not answer ({tmp_path}/no/x.sqlite: the file cannot be opened)"
    assert letter == f"the database does not answer ({tmp_path}/letter.sqlite: the file is no SQLite database)"


def test_says_that_nobody_answers():
    """A port where no server listens."""
    port = free_port()

    said = fault_of(f"postgresql://testbed:{SECRET}@127.0.0.1:{port}/testbed")
    assert said == f"the database does not answer (127.0.0.1:{port}/testbed: nobody answers there)"


def test_says_that_there_is_no_such_host():
    """A name that resolves nowhere (RFC 6761)."""
    said = fault_of(f"postgresql://testbed:{SECRET}@nothing.invalid/testbed")
    assert said == "the database does not answer (nothing.invalid:5432/testbed: there is no such host)"


@pytest.mark.postgresql
def test_says_that_user_password_or_database_is_wrong(postgresql_server: PostgreSQL):
    """Which of them, and never the password that was tried."""
    port = postgresql_server.port
    stranger = postgresql_server.url().replace("//testbed:", "//nobody:")
    wrong = {
        postgresql_server.url(password=SECRET): "postgres: it refuses the user name or the password",
        stranger: "postgres: it refuses the user name or the password",
        postgresql_server.url("nothing"): "nothing: it has no such database",
    }

    for url, says in wrong.items():
        said = fault_of(url)
        assert said == f"the database does not answer (127.0.0.1:{port}/{says})"


@pytest.mark.postgresql
def test_says_that_it_may_not_make_tables(postgresql_server: PostgreSQL):
    """A user who may sign in and nothing else."""
    with psycopg.connect(postgresql_server.url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'reader'")
    url = postgresql_server.url().replace(f"//testbed:{postgresql_server.password}@", "//reader:reader@")

    assert "the user may not make tables (GRANT CREATE ON DATABASE)" in fault_of(url)


@pytest.mark.postgresql
def test_lets_both_parts_share_a_database_with_others(postgresql_server: PostgreSQL):
    """Each has a schema of its own; tables of the same name in `public` are somebody else's and stay."""
    url = postgresql_server.new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE sessions (whose text)")
        connection.execute("INSERT INTO sessions VALUES ('theirs')")

    for part in ("publisher", "portal"):
        with Database(url, schema_of(part)).begin() as ours:
            tables = set(inspect(ours).get_table_names(schema=f"testbed_{part}"))
            assert {"sessions", "messages", "alembic_version"} <= tables
            assert ours.scalar(text("SELECT count(*) FROM sessions")) == 0
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT whose FROM public.sessions").fetchall() == [("theirs",)]


@pytest.mark.postgresql
def test_goes_on_when_the_server_comes_back(postgresql_server: PostgreSQL):
    """A server that is stopped is said to be away; when it is started again, nobody has to do anything."""
    database = Database(postgresql_server.new_database())
    database.check()
    postgresql_server.stop()
    try:
        with pytest.raises(DatabaseUnavailableError, match="nobody answers there"):
            database.check()
    finally:
        postgresql_server.start()

    database.check()


@pytest.mark.postgresql
def test_goes_on_after_its_connections_were_cut(postgresql_server: PostgreSQL):
    """A connection that was kept and is broken is replaced before it is used."""
    url = postgresql_server.new_database()
    database = Database(url)
    database.check()
    with psycopg.connect(postgresql_server.url(), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")

    database.check()
