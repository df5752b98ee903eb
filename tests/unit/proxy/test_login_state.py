# SPDX-License-Identifier: Apache-2.0
"""The cookie of a login in progress."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from proxy.login_state import (
    OpenedState,
    StateAlteredError,
    StateExpiredError,
    StateSeal,
    StateTooLargeError,
    is_login_id,
    new_login_id,
)

NOW = datetime(2026, 8, 11, 8, 0, tzinfo=UTC)
SEAL = StateSeal(bytes(32))
LOGIN = "A" * 22
OTHER_LOGIN = "B" * 22
VALUES = {"login": {"request_id": "_1", "relay_state": "åäö;/?&=\u2028"}}


def test_gives_back_what_was_closed():
    """A login's own cookie opens to the same values and the time it began."""
    cookie = SEAL.close(LOGIN, VALUES, NOW)

    assert SEAL.open(LOGIN, cookie, NOW + timedelta(minutes=14)) == OpenedState(VALUES, NOW)


def test_does_not_open_under_another_logins_name():
    """Two tabs cannot be mixed up, not even by renaming a cookie."""
    cookie = SEAL.close(LOGIN, VALUES, NOW)

    with pytest.raises(StateAlteredError):
        SEAL.open(OTHER_LOGIN, cookie, NOW)


def test_does_not_open_with_another_key():
    """A cookie of another testbed is altered, not expired."""
    cookie = StateSeal(b"\1" * 32).close(LOGIN, VALUES, NOW)

    with pytest.raises(StateAlteredError):
        SEAL.open(LOGIN, cookie, NOW)


def test_does_not_open_when_any_character_is_changed():
    """Every character of the value is under the seal."""
    cookie = SEAL.close(LOGIN, VALUES, NOW)

    for position, character in enumerate(cookie[:-1]):
        changed = cookie[:position] + ("A" if character != "A" else "B") + cookie[position + 1 :]
        with pytest.raises(StateAlteredError):
            SEAL.open(LOGIN, changed, NOW)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="an empty value"),
        pytest.param("AAAA", id="a value shorter than a nonce"),
        pytest.param("not base64 at all!", id="a value that is not base64"),
        pytest.param("å", id="a value outside ASCII"),
        pytest.param("A" * 1201, id="a value over 1,200 bytes"),
    ],
)
def test_calls_garbage_altered(value: str):
    """What was never a state is refused like an altered one."""
    with pytest.raises(StateAlteredError):
        SEAL.open(LOGIN, value, NOW)


@pytest.mark.parametrize(
    ("age", "opens"),
    [
        pytest.param(timedelta(minutes=14, seconds=59), True, id="a second before fifteen minutes"),
        pytest.param(timedelta(minutes=15), False, id="at fifteen minutes"),
        pytest.param(timedelta(minutes=-15), False, id="begun fifteen minutes in the future"),
    ],
)
def test_opens_for_fifteen_minutes(age: timedelta, opens: bool):  # noqa: FBT001  # a column of the table
    """The end is inside the cookie, so the browser cannot move it."""
    cookie = SEAL.close(LOGIN, VALUES, NOW)

    if opens:
        assert SEAL.open(LOGIN, cookie, NOW + age).started == NOW
    else:
        with pytest.raises(StateExpiredError):
            SEAL.open(LOGIN, cookie, NOW + age)


def test_refuses_a_state_that_does_not_fit():
    """A RelayState that would make the cookie too long is refused instead of lost."""
    with pytest.raises(StateTooLargeError):
        SEAL.close(LOGIN, {"relay_state": os.urandom(1000).hex()}, NOW)


def test_makes_room_by_age():
    """Three logins stay beside the new one: the newest ones; what does not open goes first."""
    cookies = [
        (login, SEAL.close(login, {}, NOW - timedelta(minutes=age)))
        for login, age in [("A" * 22, 5), ("B" * 22, 1), ("C" * 22, 9), ("D" * 22, 3)]
    ]

    surplus = SEAL.surplus([*cookies, ("E" * 22, "garbage")], NOW)

    assert surplus == ("E" * 22, "C" * 22)


def test_makes_ids_of_the_form_it_knows():
    """A fresh id is recognised, and nothing that could leave a path segment is."""
    assert is_login_id(new_login_id())
    assert not is_login_id("../../../../../../etc/")
    assert not is_login_id(LOGIN + "\n")
