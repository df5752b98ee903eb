# SPDX-License-Identifier: Apache-2.0
"""What tests of every package run on: SQLite in a file, PostgreSQL where it is installed, a testbed in containers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from sp_stub.data.database import Database
from testbed.stacks.compose.stack import ComposeStack
from tests.builders import containers, postgresql
from tests.builders.postgresql import PostgreSQL

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
"""A machine with other work on it is no reason to fail."""

EITHER = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """Run a server for the tests of this worker; a server takes a second to make, so they share it."""
    if not postgresql.is_installed():
        pytest.skip(postgresql.MISSING)
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeStack]:
    """Run the shipped federation in containers, once; a test that breaks one mends it before it ends."""
    with containers.running(tmp_path_factory.mktemp("compose")) as stack:
        yield stack


@pytest.fixture(params=EITHER)
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Return what makes an empty database and returns its URL, of either kind."""
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql_server")
        return server.new_database
    numbers = count()
    return lambda: f"sqlite:///{tmp_path}/database-{next(numbers)}.sqlite"


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """Return the URL of an empty database, of either kind."""
    return new_database()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Return an empty database, of either kind."""
    database = Database(database_url)
    yield database
    database.close()
