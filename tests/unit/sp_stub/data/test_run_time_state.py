# SPDX-License-Identifier: Apache-2.0
"""What people and staff did can be told in numbers, without anybody in them, and be taken back whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from sp_stub.data.all_tables import METADATA
from sp_stub.data.database import Database
from sp_stub.data.faults import DatabaseNotOursError, DatabaseUnavailableError
from sp_stub.data.run_time_state import NOT_TOLD, TOPICS, found_in
from sp_stub.data.staff_tables import AUDIT_TRAIL
from sp_stub.data.tables import MESSAGES
from tests.builders.postgresql import PostgreSQL
from tests.builders.run_time import PERSONAL, ROWS, do_everything
from tests.builders.sp_browser import FakeService
from tests.builders.sp_response import NOW

MESSAGE = {"received_at": NOW, "browser": "b", "reply_to": "a@b.example", "text": "x"}


def rows_of(database: Database) -> dict[str, int]:
    """Return how many rows each table has that has any."""
    with database.begin() as connection:
        counts = {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in METADATA.tables.items()
        }
    return {name: count for name, count in counts.items() if count}


def test_tells_of_every_table_or_says_why_not():
    """Whoever adds a table decides whether its rows are to be told."""
    told = {topic.table.name for topic in TOPICS}
    silent = {table.name for table in NOT_TOLD}

    assert told | silent == set(METADATA.tables)
    assert told & silent == set()


def test_is_tried_with_a_row_in_every_table():
    """Else the tests below would say nothing of a new one."""
    assert {table.name for table, _ in ROWS} == set(METADATA.tables)


def test_tells_what_was_done_in_numbers(database_url: str):
    """Decisions by school code and customer; of people only how many."""
    database = Database(database_url)
    with database.begin() as connection:
        do_everything(connection)
        found = list(found_in(connection))

    assert [each.says for each in found] == [
        "2 decisions of customer service",
        "1 product given to a single person",
        "2 people who came by MPASSid",
        "1 person blocked",
        "1 account closed",
        "1 account joined to another",
        "1 account made since",
        "1 declared account with a password of its holder's own",
        "1 place in a group given here",
        "2 messages to customer service",
        "1 mail sent",
        "1 entry in the audit trail",
        "1 look of support as a user",
        "1 row of statistics",
        "1 session",
        "1 session of customer service",
        "1 login that was begun",
    ]
    assert found[0].subjects == ("activation 30076 off", "contract mansikkala on")
    assert [each.kind for each in found if each.passes] == ["sessions", "staff-sessions", "logins"]
    assert [person for person in PERSONAL if person in str(found)] == []


def test_tells_nothing_of_a_new_database(database_url: str):
    """What nobody has used is as declared, and a look makes no table in it."""
    database = Database(database_url)
    with database.look() as (age, connection):
        assert (age, inspect(connection).get_table_names()) == ("empty", [])
    database.check()
    with database.look() as (age, connection):
        assert (age, list(found_in(connection))) == ("today", [])


def test_takes_everything_back(database_url: str):
    """Every table, the append-only one too; numbers begin with one again, and it is append-only again."""
    database = Database(database_url)
    with database.begin() as connection:
        do_everything(connection)

    database.clear()

    assert rows_of(database) == {}
    with database.begin() as connection:
        do_everything(connection)
        assert connection.scalar(select(func.min(MESSAGES.c.id))) == 1
    with pytest.raises((DatabaseUnavailableError, IntegrityError)), database.begin() as connection:
        connection.execute(AUDIT_TRAIL.delete())
    assert rows_of(database)["audit_trail"] == 1


def test_takes_back_what_a_running_service_goes_on_using(database_url: str):
    """A worker that has used its tables many times finds them empty, and works on."""
    worker = Database(database_url)
    for _ in range(8):  # psycopg prepares what it has sent five times
        with worker.begin() as connection:
            connection.execute(insert(MESSAGES).values(**MESSAGE))
    assert rows_of(worker) == {"messages": 8}

    Database(database_url).clear()

    assert rows_of(worker) == {}
    with worker.begin() as connection:
        connection.execute(insert(MESSAGES).values(**MESSAGE))
    assert rows_of(worker) == {"messages": 1}


def test_signs_everybody_out(database_url: str):
    """An open session ends at the next click, and the same person signs in anew."""
    service = FakeService(database_url=database_url)
    browser = service.browser()
    browser.log_in()
    before = browser.get("/materials").status_code

    Database(database_url, "testbed_publisher").clear()

    assert (before, browser.get("/materials").status_code) == (200, 303)
    browser.log_in()
    assert browser.get("/materials").status_code == 200


def test_leaves_nothing_to_be_read_in_the_file(tmp_path: Path):
    """Not in the table's old pages, not in the log of writes beside it."""
    database = Database(f"sqlite:///{tmp_path}/publisher.sqlite")
    with database.begin() as connection:
        do_everything(connection)

    database.clear()

    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [person for person in PERSONAL if person.encode() in written] == []


@pytest.mark.postgresql
def test_leaves_the_other_part_alone(postgresql_server: PostgreSQL):
    """Two parts in one database: one is cleared, the other keeps what it has."""
    database_url = postgresql_server.new_database()
    publisher, portal = Database(database_url, "testbed_publisher"), Database(database_url, "testbed_portal")
    for database in (publisher, portal):
        with database.begin() as connection:
            connection.execute(insert(MESSAGES).values(**MESSAGE))

    publisher.clear()

    assert (rows_of(publisher), rows_of(portal)) == ({}, {"messages": 1})


def test_does_not_clear_a_database_of_a_newer_version(database_url: str):
    """What it holds may mean something that this version does not know."""
    database = Database(database_url)
    with database.begin() as connection:
        do_everything(connection)
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseNotOursError):
        Database(database_url).clear()
    assert rows_of(database)["messages"] == 2
