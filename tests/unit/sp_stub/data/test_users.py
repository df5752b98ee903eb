# SPDX-License-Identifier: Apache-2.0
"""Who somebody is when they come again: known by the uid alone, told what has changed, counted once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from sp_stub.data.database import Database
from sp_stub.data.login_store import LoginStore, ReceivedAnswer, StoredAnswer
from sp_stub.data.people_tables import MEMBERSHIPS, USERS
from sp_stub.data.users import Arrival, Membership, User, arrive, memberships_of, seats
from tests.builders.sp_response import NOW

PUPIL_7B = Membership("30076", "7B", "1")
LATER = NOW + timedelta(days=200)
COMES = Arrival(
    uid="MPASSOID.1",
    customer="mansikkala",
    learner_hash="learner-1",
    held={"name": "Testi1 Oppilas1", "attributes": {"uid": ["MPASSOID.1"]}},
    memberships=frozenset({PUPIL_7B}),
)


def come(database: Database, arrival: Arrival = COMES, *, at: timedelta = timedelta(0)) -> tuple[User, set[str]]:
    with database.begin() as connection:
        user, notices = arrive(connection, arrival, NOW + at)
    return user, set(notices)


def otherwise(*memberships: Membership) -> Arrival:
    """Return the same person with other schools and roles."""
    return replace(COMES, memberships=frozenset(memberships), held={**COMES.held, "changed": True})


def test_makes_a_person_known_by_their_uid(database: Database):
    """The first login makes a row, with a pseudonym of its own; nobody is told anything."""
    first, told = come(database)
    again, told_again = come(database, at=timedelta(days=1))

    assert (told, told_again) == (set(), set())
    assert (again.id, again.pseudonym) == (first.id, first.pseudonym)
    assert (again.first_seen, again.last_seen) == (NOW, NOW + timedelta(days=1))
    assert len(first.pseudonym) == 43


@pytest.mark.parametrize(
    ("now", "told"),
    [
        pytest.param([Membership("99904", "7B", "1")], {"school-changed"}, id="another school"),
        pytest.param([PUPIL_7B, Membership("99904", "", "1")], {"school-changed"}, id="one school more"),
        pytest.param([Membership("30076", "7B", "2")], {"role-changed"}, id="another role"),
        pytest.param([Membership("99904", "", "2")], {"school-changed", "role-changed"}, id="both"),
        pytest.param([Membership("30076", "8B", "1")], set(), id="another group is no news"),
        pytest.param([PUPIL_7B], set(), id="another name is no news"),
    ],
)
def test_tells_what_has_changed_since_the_last_login(database: Database, now: list[Membership], told: set[str]):
    """School and role follow the registry, and the person is told once."""
    come(database)

    user, notices = come(database, otherwise(*now))
    _, next_time = come(database, otherwise(*now))

    assert notices == told
    assert next_time == set()
    with database.begin() as connection:
        assert memberships_of(connection, user.id) == set(now)


def test_keeps_what_the_person_did_when_a_login_brings_something_else(database: Database):
    """Chosen name, mail, terms and a block are no login's to change."""
    user, _ = come(database)
    chosen = {"display_name": "Testi", "mail": "t@koti.example", "terms_version": "v2", "blocked_at": NOW}
    with database.begin() as connection:
        connection.execute(update(USERS).where(USERS.c.id == user.id).values(chosen))

    again, _ = come(database, otherwise(Membership("99904", "", "2")))

    assert {name: getattr(again, name) for name in chosen} == chosen
    assert again.name == "Testi"


def test_takes_nothing_over_from_an_account_with_the_same_learner_id(database: Database):
    """A new uid is a new person, who is told of the earlier account at each login: anybody could assert the id."""
    earlier, _ = come(database)
    moved = replace(COMES, uid="MPASSOID.2")

    user, told = come(database, moved)

    assert user.id != earlier.id
    assert (user.display_name, user.terms_version) == (None, None)
    assert told == {"earlier-account"}
    assert come(database, moved)[1] == {"earlier-account"}
    assert come(database)[1] == set()


def test_says_no_more_of_an_earlier_account_that_is_joined(database: Database):
    """Customer service has joined the two."""
    earlier, _ = come(database)
    user, _ = come(database, replace(COMES, uid="MPASSOID.2"))
    with database.begin() as connection:
        connection.execute(update(USERS).where(USERS.c.id == earlier.id).values(joined_to=user.id))

    assert come(database, replace(COMES, uid="MPASSOID.2"))[1] == set()


def test_counts_a_seat_once_for_a_person_with_two_uids(database: Database):
    """By the learner id where there is one, else by the uid; a closed account holds no seat."""
    come(database)
    come(database, replace(COMES, uid="MPASSOID.2"))
    come(database, replace(COMES, uid="MPASSOID.3", learner_hash=None))
    come(database, replace(COMES, uid="MPASSOID.4", learner_hash=None, memberships=frozenset()))
    closed, _ = come(database, replace(COMES, uid="MPASSOID.5", learner_hash="learner-5"))
    with database.begin() as connection:
        connection.execute(update(USERS).where(USERS.c.id == closed.id).values(closed_at=NOW))
        assert seats(connection, ["30076"]) == 2
        assert seats(connection, ["99904"]) == 0


def test_makes_one_row_of_a_person_who_comes_many_times_at_once(database: Database):
    """Twenty logins of one person at the same moment: one row, and none of the logins is lost."""
    store = LoginStore(database, bytes(32))

    def log_in(number: int) -> StoredAnswer | None:
        answer = StoredAnswer(is_signed_in=True, answer={})
        received = ReceivedAnswer((f"response-{number}",), NOW + timedelta(hours=1), answer, arrival=COMES)
        return store.accept_answer(received, f"session-{number}", None, NOW)

    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(log_in, range(20)))

    assert None not in accepted
    with database.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(USERS)) == 1
        assert connection.scalar(select(func.count()).select_from(MEMBERSHIPS)) == 1


def test_shows_a_session_the_person_as_they_are_now(database: Database):
    """What changes of a person holds in sessions that are open already."""
    store = LoginStore(database, bytes(32))
    user, _ = come(database)
    store.open_session("session", user.id, None, NOW)
    with database.begin() as connection:
        connection.execute(update(USERS).where(USERS.c.id == user.id).values(blocked_at=NOW))

    answer = store.answer_of("session", NOW)

    assert answer is not None
    assert answer.user is not None
    assert answer.user.blocked_at == NOW
