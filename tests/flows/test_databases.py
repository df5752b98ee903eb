# SPDX-License-Identifier: Apache-2.0
"""Logins whose services keep what they keep in SQLite or in PostgreSQL, and a testbed that is started with either."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from certs.keys import Keys
from sp_stub.data.database import Database
from sp_stub.data.place import schema_of
from sp_stub.data.tables import SESSIONS
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.stacks.in_process import in_process_stack
from tests.builders import stacks
from tests.builders.postgresql import PostgreSQL

SECRET = "s3cr3t"  # noqa: S105 -- to be looked for where it must not stand

Testbed = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("service", ["publisher", "portal"])
def test_signs_a_person_in(keys: Keys, new_database: Callable[[], str], service: str) -> None:
    """The whole chain, with a session that stands in the database afterwards."""
    federation, url = stacks.shipped_federation(), new_database()
    person = find_person(federation, "demo_u0031")
    with in_process_stack(federation, keys, stacks.NOW, service_database=url) as stack:
        results = [login(stack, LoginPlan(person, service)) for _ in range(2)]

    assert [(result.outcome, result.schools) for result in results] == [("session", ("30076", "30078"))] * 2
    with Database(url, schema_of("portal" if service == "portal" else "publisher")).begin() as connection:
        assert len(connection.execute(SESSIONS.select()).all()) == 2


@pytest.mark.postgresql
def test_signs_a_person_in_at_both_services_of_one_database(keys: Keys, postgresql_server: PostgreSQL) -> None:
    """Publisher and portal keep their own, so that a session of one is none of the other."""
    federation, url = stacks.shipped_federation(), postgresql_server.new_database()
    person = find_person(federation, "demo_u0031")
    with in_process_stack(federation, keys, stacks.NOW, service_database=url) as stack:
        outcomes = [login(stack, LoginPlan(person, service)).outcome for service in ("publisher", "portal", "portal")]

    assert outcomes == ["session"] * 3
    for part, sessions in (("publisher", 1), ("portal", 2)):
        with Database(url, f"testbed_{part}").begin() as connection:
            assert len(connection.execute(SESSIONS.select()).all()) == sessions


@pytest.fixture
def testbed(tmp_path: Path, keys_folder: Path) -> Iterator[Testbed]:
    """Run the command line as a process on a state folder of its own, with a database; what runs is stopped."""
    state = tmp_path / "state"
    for folder in ("keys", "secrets"):
        shutil.copytree(keys_folder / folder, state / folder)

    def run(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 -- our own command line
            [sys.executable, "-m", "testbed", *arguments, "--state", str(state)],
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
            env={**os.environ, "TESTBED_DATABASE_URL": url},
        )

    yield run
    run("", "down")


def start(testbed: Testbed, url: str) -> subprocess.CompletedProcess[str]:
    base = random.randrange(12_000, 20_000, 4)  # noqa: S311 -- a guess at free ports
    return testbed(url, "up", "--detach", "--port-base", str(base), "--federation", str(stacks.SHIPPED))


@pytest.mark.local
@pytest.mark.postgresql
def test_runs_on_a_server_and_finds_everything_again(testbed: Testbed, postgresql_server: PostgreSQL) -> None:
    """`up` with the variable: people sign in, no SQLite file is made, and no password stands in a log."""
    url = postgresql_server.new_database()
    started = start(testbed, url)
    signed_in = testbed(url, "login", "demo_u0031", "--stack", "local", "--json", "--federation", str(stacks.SHIPPED))

    assert (started.returncode, started.stderr) == (0, "")
    assert json.loads(signed_in.stdout)["outcome"] == "session"
    state = Path(started.stdout.partition("stop: testbed down --state ")[2].strip())
    assert sorted(path.name for path in (state / "data").glob("p*.sqlite")) == ["proxy.sqlite"]
    logs = "".join(path.read_text("utf-8") for path in (state / "run").glob("*.log"))
    assert postgresql_server.password not in logs
    with Database(url, "testbed_publisher").begin() as connection:
        assert len(connection.execute(SESSIONS.select()).all()) == 1


@pytest.mark.local
@pytest.mark.parametrize(
    ("url", "exit_code", "says"),
    [
        ("nonsense", 2, "TESTBED_DATABASE_URL: the database URL cannot be used"),
        (f"mysql://a:{SECRET}@localhost/x", 2, "begins with 'mysql'"),
        ("sqlite:////data/both.sqlite", 2, "names a SQLite file"),
        (f"postgresql://testbed:{SECRET}@127.0.0.1:1/x", 3, "nobody answers there"),
    ],
)
def test_does_not_start_without_its_database(testbed: Testbed, url: str, exit_code: int, says: str) -> None:
    """Said at once, in one line without the password; nothing runs."""
    started = start(testbed, url)

    assert (started.returncode, len(started.stderr.splitlines())) == (exit_code, 1)
    assert says in started.stderr
    assert SECRET not in started.stdout + started.stderr
    assert testbed("", "status").returncode != 0


@pytest.mark.local
@pytest.mark.postgresql
def test_does_not_start_with_a_wrong_password(testbed: Testbed, postgresql_server: PostgreSQL) -> None:
    """The server's own message quotes the user; ours neither user nor password."""
    started = start(testbed, postgresql_server.url(password=SECRET))

    assert started.returncode == 3
    assert "it refuses the user name or the password" in started.stderr
    assert SECRET not in started.stdout + started.stderr


@pytest.mark.local
def test_does_not_start_on_a_database_of_a_newer_version(testbed: Testbed, tmp_path: Path) -> None:
    """The part that cannot go on says why, and `up` shows it."""
    database = Database(f"sqlite:///{tmp_path}/state/data/publisher.sqlite")
    (tmp_path / "state" / "data").mkdir()
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    started = start(testbed, "")

    assert started.returncode == 1
    assert "the database is of revision 9999" in started.stderr
