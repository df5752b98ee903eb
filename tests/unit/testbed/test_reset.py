# SPDX-License-Identifier: Apache-2.0
"""`testbed reset` and what `plan` says of run time: numbers, nobody's data, nothing cleared that nobody confirmed."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import insert

from idp_simulators.password_store import SqlitePasswords
from sp_stub.data.database import Database
from sp_stub.data.engine import make_engine, read_database_url
from sp_stub.data.migrations import FIRST_REVISION
from sp_stub.data.migrations.running import migrate
from sp_stub.data.tables import PENDING_LOGINS
from testbed.run_time import KEEPERS, clear, differences
from testbed.stacks.addresses import LocalAddresses
from testbed.stacks.compose.project import ComposeOptions, Project
from testbed.stacks.processes import Process
from testbed.stacks.running import Running, write_record
from tests.builders.postgresql import PostgreSQL
from tests.builders.run_time import PERSONAL, ROWS, do_everything

Run = Callable[..., Result]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return a state folder in which people did things, at the publisher and at the identity providers."""
    folder = tmp_path / "state"
    (folder / "data").mkdir(parents=True)
    use(f"sqlite:///{folder}/data/publisher.sqlite")
    SqlitePasswords(folder / "data" / "idp.sqlite").keep("mansikkala", "demo_u0031", "$scrypt$")
    return folder


def use(url: str, schema: str = "testbed_publisher") -> None:
    database = Database(url, schema)
    with database.begin() as connection:
        do_everything(connection)
    database.close()


def kinds(state: Path, environ: dict[str, str] | None = None) -> list[str]:
    """Return what there is to clear, part by part."""
    return [f"{each.part} {each.kind}" for each in differences(state, environ or {})]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_clears_all_that_people_and_staff_did(run: Run, state: Path):
    """What was cleared is said line by line; nothing is left, and the next time there is nothing to clear."""
    result = run("reset", "--state", state, "--yes")

    lines = result.stdout.splitlines()
    assert (result.exit_code, lines[-1]) == (0, "cleared")
    assert "publisher: 2 decisions of customer service: activation 30076 off, contract mansikkala on" in lines
    assert "publisher: 2 messages to customer service" in lines
    assert "idp: 1 password that somebody chose" in lines
    assert [person for person in PERSONAL if person in result.stdout] == []
    assert kinds(state) == []
    assert SqlitePasswords(state / "data" / "idp.sqlite").kept("mansikkala", "demo_u0031") is None
    assert run("reset", "--state", state).stdout == "nothing to clear: everything is as declared\n"


def test_says_the_same_as_json(run: Run, state: Path):
    """One object, with the subjects apart."""
    cleared = json.loads(run("reset", "--state", state, "--yes", "--json").stdout)["cleared"]

    assert cleared[0] == {
        "part": "publisher",
        "kind": "decisions",
        "count": 2,
        "says": "2 decisions of customer service",
        "subjects": ["activation 30076 off", "contract mansikkala on"],
    }
    assert cleared[-1]["part"] == "idp"
    assert json.loads(run("reset", "--state", state, "--json").stdout) == {"cleared": []}


@pytest.mark.parametrize(("part", "left"), [("publisher", ["idp passwords"]), ("portal", None), ("idp", None)], ids=str)
def test_clears_one_part_alone(run: Run, state: Path, part: str, left: list[str] | None):
    """The others keep what they have."""
    everything = kinds(state)

    run("reset", "--state", state, "--service", part, "--yes")

    assert kinds(state) == [kind for kind in everything if not kind.startswith(f"{part} ")]
    assert left is None or kinds(state) == left


@pytest.mark.parametrize("options", [[], ["--json"], ["--service", "publisher"]])
def test_clears_nothing_that_nobody_confirmed(run: Run, state: Path, options: list[str]):
    """Where nobody can be asked, `--yes` is needed."""
    before = kinds(state)

    result = run("reset", "--state", state, *options)

    assert (result.exit_code, kinds(state)) == (2, before)
    assert result.stderr == "this cannot be undone, and nobody can be asked here: say --yes to clear it\n"


@pytest.mark.parametrize(("answer", "is_cleared"), [("y", True), ("n", False), ("", False)])
def test_asks_at_a_terminal(state: Path, answer: str, is_cleared: bool):  # noqa: FBT001 -- a column of the table
    """Only a yes clears; Enter alone does not."""
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    asked = subprocess.run(  # noqa: S603 -- our own command line
        [sys.executable, "-m", "testbed", "reset", "--state", str(state)],
        stdin=theirs, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)

    assert "Clear this? It cannot be undone [y/N]" in asked.stdout
    assert asked.stdout.splitlines()[-1].endswith("cleared" if is_cleared else "nothing was cleared")
    assert (kinds(state) == []) is is_cleared


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--state", "nowhere"], "nowhere: there is no such folder; --state names the one that `up` was given"),
        (["--service", "proxy"], "'proxy' is not one of 'publisher', 'portal', 'idp'"),
        (["everything"], "unexpected extra argument"),
    ],
)
def test_says_what_it_cannot_reset(run: Run, arguments: list[str], says: str):
    """Words that are wrong, before anything is looked at."""
    result = run("reset", *arguments, "--yes")

    assert result.exit_code == 2
    assert says in result.stderr


def test_clears_nothing_of_a_newer_version(run: Run, state: Path):
    """Neither this database nor the others: it says which, and what is known."""
    url = f"sqlite:///{state}/data/publisher.sqlite"
    with Database(url).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = contents(state / "data")

    result = run("reset", "--state", state, "--yes")

    assert result.exit_code == 2
    assert result.stderr.startswith("publisher: the database is of revision 9999")
    assert contents(state / "data") == before


@pytest.mark.parametrize("name", ["publisher.sqlite", "idp.sqlite"])
def test_says_that_a_file_is_no_database(run: Run, state: Path, name: str):
    """What lies there is somebody's, and stays."""
    for path in (state / "data").glob(f"{name}*"):
        path.unlink()
    (state / "data" / name).write_text("Dear publisher, " * 500, "utf-8")

    result = run("reset", "--state", state, "--yes")

    assert result.exit_code == 3
    assert name.partition(".")[0] in result.stderr
    assert "Dear" not in result.stderr
    assert (state / "data" / name).read_text("utf-8").startswith("Dear publisher")


def test_goes_through_no_link(run: Run, state: Path, tmp_path: Path):
    """A database that lies elsewhere is not cleared."""
    (state / "data" / "publisher.sqlite").rename(tmp_path / "mine.sqlite")
    (state / "data" / "publisher.sqlite").symlink_to(tmp_path / "mine.sqlite")

    result = run("reset", "--state", state, "--yes")

    assert result.exit_code == 2
    assert "is a link" in result.stderr


def test_clears_a_database_of_an_older_version(run: Run, state: Path):
    """It is told as one, nothing in it is counted, and it is empty and of today afterwards."""
    path = state / "data" / "publisher.sqlite"
    path.unlink()
    engine = make_engine(read_database_url(f"sqlite:///{path}"), "testbed_publisher")
    with engine.begin() as connection:
        migrate(connection, FIRST_REVISION)
        connection.execute(insert(PENDING_LOGINS).values(**dict(ROWS)[PENDING_LOGINS]))
    engine.dispose()

    result = run("reset", "--state", state, "--yes", "--service", "publisher")

    assert result.stdout.splitlines() == [
        "publisher: a database of an older version; the next `up` brings it up to date",
        "cleared",
    ]
    assert kinds(state) == ["idp passwords"]


def test_refuses_where_the_running_testbed_uses_another_database(run: Run, state: Path):
    """`up` was given a server, `reset` was not: it would clear files that nobody uses, and say that all is well."""
    process = Process.of(os.getpid())
    assert process is not None
    write_record(state, Running(LocalAddresses(), "federation.yaml", None, process, {}, "db.example:5432/testbed"))
    before = kinds(state)

    result = run("reset", "--state", state, "--yes")

    assert (result.exit_code, kinds(state)) == (2, before)
    assert "db.example:5432/testbed" in result.stderr
    assert "TESTBED_DATABASE_URL" in result.stderr


def test_refuses_where_a_testbed_runs_in_containers(run: Run, state: Path):
    """What people did there is in the containers' volumes, out of reach, and not in the files beside."""
    project = Project(state, ComposeOptions("federation.yaml"))
    project.write_record()
    before = kinds(state)

    result = run("reset", "--state", state, "--yes")

    assert (result.exit_code, kinds(state)) == (2, before)
    assert "`testbed down` removes it" in result.stderr


@pytest.mark.postgresql
def test_clears_what_lies_on_a_server(state: Path, postgresql_server: PostgreSQL):
    """Both services of the database that the variable names; the files below the state folder stay."""
    url = postgresql_server.new_database()
    environ = {"TESTBED_DATABASE_URL": url}
    for part in ("publisher", "portal"):
        use(url, f"testbed_{part}")
    before = [kind.partition(" ")[0] for kind in kinds(state, environ)]

    clear(state, environ)

    assert sorted(set(before)) == sorted(KEEPERS)
    assert kinds(state, environ) == []
    assert "publisher messages" in kinds(state)


def test_is_told_by_plan_and_left_alone_by_apply(run: Run, small_federation: Path, state: Path):
    """In numbers, without what passes by itself, and without anybody; looking changes nothing."""
    options = ("--state", state, "--federation", small_federation)
    run("apply", *options)
    before = contents(state)

    planned = run("plan", *options)
    told = json.loads(run("plan", *options, "--json").stdout)["run_time"]

    head, *lines = planned.stdout.splitlines()[1:]
    assert head == "at run time (apply leaves it, reset takes it back):"
    assert "  publisher: 2 messages to customer service" in lines
    assert [line for line in lines if "session" in line] == []
    assert [person for person in PERSONAL if person in planned.stdout + str(told)] == []
    assert [f"  {each['part']}: {each['says']}" for each in told][1:] == lines[1:]
    assert {path: text for path, text in contents(state).items() if not path.endswith(("-wal", "-shm"))} == before


def test_plan_says_nothing_of_run_time_before_there_was_any(run: Run, small_federation: Path, tmp_path: Path):
    """A new state folder: keys and files to make, and that is all."""
    result = run("plan", "--state", tmp_path / "new", "--federation", small_federation)

    assert "run time" not in result.stdout
    assert not (tmp_path / "new").exists()
