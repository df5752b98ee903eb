# SPDX-License-Identifier: Apache-2.0
"""A user name that too many wrong passwords were typed for."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from werkzeug.test import TestResponse

from idp_simulators.lockout import MAX_NAMES, Lockout
from party.run_token import bearer
from tests.builders.homes import NOW, RUN_TOKEN, Home, ProxyRequest, answer_of, hidden, home


def typed(user_name: str, password: str) -> dict[str, str]:
    return {"username": user_name, "password": password}


def guess(at: Home, times: int, user_name: str = "demo_u0001") -> TestResponse:
    page = at.begin()
    for _ in range(times):
        answer = at.submit(page, **typed(user_name, "wrong"))
    return answer


def is_locked(page: TestResponse) -> bool:
    return 'data-field="reason">account-locked<' in page.text


def test_locks_a_user_name_at_the_fifth_wrong_password():
    """Four may be typed; the fifth answers with a page that says for how long, and how to come to a new password."""
    at = home()

    assert is_locked(guess(at, 4)) is False
    locked = guess(at, 1)

    assert (locked.status_code, is_locked(locked), locked.headers["Retry-After"]) == (429, True, "300")
    assert "noin 5 minuutin kuluttua" in locked.text
    assert "/mansikkala/password?login=" in locked.text


def test_refuses_the_right_password_of_a_locked_user_name():
    """The lock holds for everybody, in another browser too."""
    at = home()
    guess(at, 5)
    at.client = type(at.client)(at.client.application)

    assert is_locked(at.log_in()) is True


def test_opens_again_after_five_minutes():
    """The right password signs in then."""
    at = home()
    guess(at, 5)
    at.clock.advance(timedelta(minutes=4, seconds=59))
    assert is_locked(at.log_in(request=request_at(at))) is True

    at.clock.advance(timedelta(seconds=1))

    assert hidden(at.log_in(request=request_at(at)), "SAMLResponse")


def test_begins_the_count_anew_after_a_right_password():
    """Four, the right one, and four again do not lock."""
    at = home()
    guess(at, 4)
    at.log_in()

    at.client.post("/mansikkala/logout")

    assert is_locked(guess(at, 4)) is False


def test_begins_the_count_anew_after_ten_minutes():
    """Wrong passwords now and then do not lock."""
    lockout = Lockout()
    for minute in (0, 3, 6, 9, 12):
        assert lockout.admit("mansikkala", "a", NOW + timedelta(minutes=minute)) is None

    assert lockout.locked_until("mansikkala", "a", NOW + timedelta(minutes=12)) is None


def test_stays_locked_when_the_first_try_is_long_ago():
    """The lock lasts its five minutes, however long the tries took."""
    lockout = Lockout()
    for minute in (0, 3, 6, 9, 9):
        lockout.admit("mansikkala", "a", NOW + timedelta(minutes=minute))

    assert lockout.admit("mansikkala", "a", NOW + timedelta(minutes=13)) == NOW + timedelta(minutes=14)


def test_says_nothing_of_who_exists():
    """A user name that nobody has is refused and locked in the same words."""

    def texts(user_name: str) -> list[str]:
        at = home()
        page = at.begin()
        login = hidden(page, "login")
        answers = [at.submit(page, **typed(user_name, "wrong")) for _ in range(6)]
        return [re.sub(f"{login}|demo_u0001|nobody", "", answer.text) for answer in answers]

    assert texts("demo_u0001") == texts("nobody")


def test_locks_one_user_name_at_one_municipality_alone():
    """Others there, and the same name elsewhere, are not locked."""
    at = home()
    guess(at, 5)

    assert hidden(at.log_in("demo_u0041"), "SAMLResponse")
    assert Lockout().locked_until("kuusikoski", "demo_u0001", NOW) is None


def test_lets_the_person_turn_back():
    """The way on from the page is a form that answers the proxy."""
    at = home()
    page = at.begin()
    for _ in range(5):
        at.submit(page, **typed("demo_u0001", "wrong"))

    assert "AuthnFailed" in str(
        [code.get("Value") for code in answer_of(at.submit(page, action="cancel")).iter("{*}StatusCode")]
    )


def test_never_blocks_a_script():
    """Who holds the run's token signs in to a locked account, and their own wrong passwords lock nobody."""
    at = home()
    page = at.begin()
    script = {"Authorization": bearer(RUN_TOKEN)}
    for _ in range(9):
        at.client.post(
            page.request.path,
            data={"login": hidden(page, "login"), "username": "demo_u0041", "password": "wrong"},
            headers=script,
        )
    assert is_locked(guess(at, 1, "demo_u0041")) is False
    guess(at, 5)

    answer = at.client.post(
        page.request.path,
        data={"login": hidden(page, "login"), "username": "demo_u0001", "password": "demo_u0001pwd"},
        headers=script,
    )

    assert hidden(answer, "SAMLResponse")


@pytest.mark.parametrize("header", ["Bearer " + "00" * 32, "Bearer", ""])
def test_takes_nobody_for_a_script_without_the_token(header: str):
    """A made-up token meets the lock."""
    at = home()
    page = at.begin()
    guess(at, 5)
    answer = at.client.post(
        page.request.path,
        data={"login": hidden(page, "login"), "username": "demo_u0001", "password": "demo_u0001pwd"},
        headers={"Authorization": header},
    )

    assert is_locked(answer) is True


def test_lets_a_test_persons_button_through():
    """The button is the testbed's own and asks for no password."""
    at = home()
    guess(at, 5)

    assert hidden(at.submit(at.begin(), person="demo_u0001"), "SAMLResponse")


def test_counts_tries_that_come_at_the_same_time():
    """A try counts before its password is looked at: of twenty at once, five are looked at."""
    lockout, barrier, admitted = Lockout(), Barrier(20), list[bool]()

    def try_once() -> None:
        barrier.wait()
        admitted.append(lockout.admit("mansikkala", "a", NOW) is None)

    threads = [Thread(target=try_once) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(admitted) == 5


def test_bounds_how_many_names_it_remembers():
    """The oldest gives way, so that made-up names fill no memory."""
    lockout = Lockout()
    for number in range(MAX_NAMES + 1):
        for _ in range(5 if number == 0 else 1):
            lockout.admit("mansikkala", str(number), NOW)

    assert lockout.locked_until("mansikkala", "0", NOW) is None


def test_tells_the_event_without_the_person():
    """The log says that an account is locked, not whose."""
    at = home()
    guess(at, 5)

    assert [event.fields.get("because") for event in at.events][-2:] == ["wrong-password", "account-locked"]
    assert "demo_u0001" not in str(at.events)


def request_at(at: Home) -> ProxyRequest:
    return ProxyRequest(issue_instant=at.clock().strftime("%Y-%m-%dT%H:%M:%SZ"))
