# SPDX-License-Identifier: Apache-2.0
"""What a browser carries: sealed texts, sessions."""

from datetime import timedelta

import pytest

from idp_simulators.sealing import BrokenSealError, Seal
from idp_simulators.sessions import Session, Sessions
from tests.builders.homes import NOW

SEAL = Seal(b"s" * 32, "test")
SESSIONS = Sessions.with_secret(b"s" * 32)


def session(provider: str) -> Session:
    return Session(provider, "demo_u0001", NOW, "_index")


def test_opens_what_it_closed():
    """Any worker with the secret reads it."""
    assert Seal(b"s" * 32, "test").open(SEAL.close({"a": "å"})) == {"a": "å"}


def test_opens_nothing_that_was_altered():
    """Each character counts."""
    sealed = SEAL.close("x")
    altered = [sealed[:i] + ("A" if sealed[i] != "A" else "B") + sealed[i + 1 :] for i in range(len(sealed) - 1)]

    opened = []
    for text in altered:
        with pytest.raises(BrokenSealError):
            opened.append(SEAL.open(text))
    assert opened == []


@pytest.mark.parametrize(
    "seal", [Seal(b"x" * 32, "test"), Seal(b"s" * 32, "other")], ids=["another secret", "another purpose"]
)
def test_opens_nothing_of(seal: Seal):
    """A session is no login, and another testbed's is neither."""
    with pytest.raises(BrokenSealError):
        SEAL.open(seal.close("x"))


@pytest.mark.parametrize("text", ["", "A", "å" * 20, "%%%%", "A" * 30, "A" * 2001])
def test_refuses_to_open(text: str):
    """What is not a sealed text at all is refused in the same way."""
    with pytest.raises(BrokenSealError):
        SEAL.open(text)


def test_keeps_the_four_newest_sessions():
    """A fifth municipality pushes the oldest out, so the cookie stays small."""
    cookie = None
    for provider in ("a", "b", "c", "d", "e"):
        cookie = SESSIONS.with_session(cookie, session(provider), NOW)

    assert [kept.provider for kept in SESSIONS.read(cookie, NOW)] == ["e", "d", "c", "b"]
    assert len(cookie or "") < 600


def test_replaces_an_older_session_at_the_same_municipality():
    """One person at a time is signed in at one place."""
    later = Session("a", "demo_u0002", NOW + timedelta(minutes=1), "_2")
    cookie = SESSIONS.with_session(SESSIONS.with_session(None, session("a"), NOW), later, NOW)

    assert SESSIONS.read(cookie, NOW + timedelta(minutes=2)) == (later,)


@pytest.mark.parametrize("cookie", [None, "", "garbage", SEAL.close([])], ids=["none", "empty", "garbage", "another"])
def test_reads_no_session_from(cookie: str | None):
    """A cookie that is not ours is as good as none."""
    assert SESSIONS.read(cookie, NOW) == ()
