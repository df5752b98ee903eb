# SPDX-License-Identifier: Apache-2.0
"""A login asks the database the same, and has it do the same work, however many people are signed in.

Nothing here is a time: statements are counted, and the steps of SQLite's virtual machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from sp_stub.data.database import Database
from tests.builders.crowd import sign_in_many
from tests.builders.sp_browser import FakeService
from tests.builders.sp_response import FakeResponse

CROWD = 500
MOST_STATEMENTS = 36
"""For the two logins of `come_twice`, a first one and one of a person who is known."""

Hook = Callable[[Connection, Any, str, Any], None]


@contextmanager
def at_each_statement(hook: Hook) -> Iterator[None]:
    """Have `hook` called before each statement that any engine sends, with its cursor, its text and what it takes."""

    def before(
        connection: Connection, cursor: object, statement: str, taken: object, _context: object, _many: object
    ) -> None:
        # many rows at once come as a list, of which the first stands for all
        one = taken[0] if isinstance(taken, list) else taken
        hook(connection, cursor, statement, one)

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", before)


def come_twice(database_url: str, crowd: int, hook: Hook) -> None:
    """Sign somebody in who has never been there, out of the crowd, and then again, each time with the shelf."""
    database = Database(database_url, "testbed_publisher")
    sign_in_many(database, crowd)
    database.close()
    service = FakeService(database_url=database_url)
    # what is read once, when a worker starts, is no part of a login
    service.browser().log_in(FakeResponse(response_id="id-0", assertion_id="id-00"))
    with at_each_statement(hook):
        for number in (1, 2):
            browser = service.browser()
            answer = FakeResponse(
                response_id=f"id-{number}",
                assertion_id=f"id-{number}{number}",
                attributes={**FakeResponse().attributes, "uid": ["newcomer"]},
            )
            assert browser.log_in(answer).status_code == 303
            assert browser.get("/materials").status_code == 200


def statements(database_url: str, crowd: int) -> list[str]:
    """Return what is sent, in order."""
    sent: list[str] = []
    come_twice(database_url, crowd, lambda _connection, _cursor, statement, _taken: sent.append(statement))
    return [statement for statement in sent if not statement.startswith("BEGIN")]


def test_asks_the_database_the_same(new_database: Callable[[], str]):
    """With five hundred people signed in, a login sends the very statements that it sends with nobody there."""
    alone, in_a_crowd = statements(new_database(), 0), statements(new_database(), CROWD)

    assert in_a_crowd == alone
    assert len(alone) <= MOST_STATEMENTS


def steps(database_url: str, crowd: int) -> int:
    """Return how many steps SQLite's virtual machine takes."""
    taken = [0]

    def count() -> int:
        taken[0] += 1
        return 0

    def hook(connection: Connection, _cursor: object, _statement: str, _taken: object) -> None:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(count, 1)

    come_twice(database_url, crowd, hook)
    return taken[0]


def test_costs_the_database_the_same(tmp_path_factory: pytest.TempPathFactory):
    """With five hundred people signed in, SQLite takes at most a twentieth more steps for a login."""
    alone, in_a_crowd = (
        steps(f"sqlite:///{tmp_path_factory.mktemp('cost')}/publisher.sqlite", crowd) for crowd in (0, CROWD)
    )

    assert in_a_crowd <= alone * 1.05


def plans(database_url: str) -> dict[str, str]:
    """Return how the database goes about each statement."""
    found: dict[str, str] = {}

    def hook(connection: Connection, _cursor: object, statement: str, taken: Any) -> None:  # noqa: ANN401 -- as the driver takes it
        # an INSERT looks for nothing; SQLite's plan for one names what it would look through if a row led nowhere
        if not statement.startswith(("SELECT", "UPDATE", "DELETE")):
            return
        cursor = connection.connection.cursor()
        if connection.dialect.name == "postgresql":
            # with a crowd that fits on a few pages, reading all of it is cheaper: the question is whether it must
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}", taken)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", taken)
        found[statement] = "\n".join(str(row[-1]) for row in cursor.fetchall())
        cursor.close()

    come_twice(database_url, CROWD, hook)
    return found


def test_reads_no_table_from_end_to_end(database_url: str):
    """Each statement of a login finds its rows by an index."""
    through = {
        statement: plan
        for statement, plan in plans(database_url).items()
        if any("Seq Scan" in line or line.startswith("SCAN") for line in plan.splitlines())
    }

    assert through == {}
