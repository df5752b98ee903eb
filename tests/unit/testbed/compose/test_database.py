# SPDX-License-Identifier: Apache-2.0
"""Roles and databases of the compose stack, as PostgreSQL itself takes them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from testbed.stacks.compose.database import init_script, password_file, scram_verifier
from tests.builders.postgresql import PostgreSQL

PASSWORDS = {"proxy": "a" * 64, "publisher": "b" * 64, "portal": "c" * 64}


def test_makes_the_verifier_that_postgresql_would_make():
    """Salt, iterations and password are those of the example in RFC 7677 3."""
    assert scram_verifier("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")) == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
        "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )


@contextmanager
def initialised(server: PostgreSQL, script: bytes) -> Iterator[None]:
    """Run the script as the administrator does, on a server that others use too; take everything away again."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        statements = [line for line in script.decode().splitlines() if not line.startswith("--")]
        for statement in statements:
            if "ROLE postgres" not in statement:  # the test's administrator has another name
                connection.execute(statement.encode())
        try:
            yield
        finally:
            for part in PASSWORDS:
                connection.execute(f"DROP DATABASE {part}".encode())
                connection.execute(f"DROP ROLE {part}".encode())


@pytest.mark.postgresql
def test_lets_each_part_into_its_own_database_alone(postgresql_server: PostgreSQL, tmp_path: Path):
    """The password file of a part opens that part's database, as its owner, and no other part's."""
    port = postgresql_server.port
    with initialised(postgresql_server, init_script(PASSWORDS)):
        pgpass = tmp_path / "pgpass"
        pgpass.write_bytes(
            password_file("proxy", PASSWORDS["proxy"]).replace(b"database:5432:proxy:", f"127.0.0.1:{port}:*:".encode())
        )
        pgpass.chmod(0o600)
        mine = f"postgresql://proxy@127.0.0.1:{port}/proxy?passfile={pgpass}"
        with psycopg.connect(mine) as connection:
            connection.execute("CREATE TABLE answered_requests (request_id text)")
        with pytest.raises(psycopg.OperationalError, match='permission denied for database "publisher"'):
            psycopg.connect(mine.replace("/proxy?", "/publisher?")).close()


@pytest.mark.postgresql
def test_lets_nobody_in_with_another_password(postgresql_server: PostgreSQL):
    """A verifier proves one password."""
    wrong = f"postgresql://proxy:{'x' * 64}@127.0.0.1:{postgresql_server.port}/proxy"
    with (
        initialised(postgresql_server, init_script(PASSWORDS)),
        pytest.raises(psycopg.OperationalError, match="password authentication failed"),
    ):
        psycopg.connect(wrong).close()


def test_takes_the_administrators_password_away():
    """The constant that the engine's image demands opens nothing once the server is there."""
    assert init_script(PASSWORDS).endswith(b"ALTER ROLE postgres PASSWORD NULL;\n")
