# SPDX-License-Identifier: Apache-2.0
"""A storm of passwords keeps its share of the threads, and the rest sign in by MPASSid meanwhile (design 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from party.server import THREADS
from sp_stub.accounts.password_hashes import HashCost, PasswordHashes, PasswordsBusyError
from tests.builders.sp_browser import Browser, FakeService
from tests.builders.sp_people import comes_as, own_settings, send, sign_in

SECONDS = 30.0
"""How long what must happen may take at most; nothing waits for it when it does happen."""
TRIES = 20
PUPIL = comes_as("MPASSOID.7", "30076;9B;1")


@contextmanager
def threads() -> Iterator[ThreadPoolExecutor]:
    """Run as many threads as a service has."""
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool


def guess(browser: Browser, number: int) -> httpx.Response:
    """Try a password of an account that nobody else tries."""
    return send(browser, "/kirjaudu", {"username": f"nobody-{number}", "password": "a guess"})


def answered(futures: list[Future[httpx.Response]], count: int) -> list[httpx.Response]:
    """Return the first `count` answers, or as many as come."""
    answers: list[httpx.Response] = []
    try:
        for future in as_completed(futures, timeout=SECONDS):
            answers.append(future.result())
            if len(answers) == count:
                break
    except TimeoutError:
        pass
    return answers


def test_keeps_its_share_of_the_threads(tmp_path: Path):
    """While one password is computed two wait; everybody else is told at once, and MPASSid logins go on."""
    hashes = PasswordHashes(HashCost(memory=8, passes=1))
    service = FakeService(own_settings(), f"sqlite:///{tmp_path}/publisher.sqlite", hashes)
    with threads() as pool:
        with hashes.turn():
            storm = [pool.submit(guess, service.browser(), number) for number in range(TRIES)]
            at_once = answered(storm, TRIES - 2)
            login = answered([pool.submit(service.browser().log_in, PUPIL)], 1)
        in_the_end = answered(storm, TRIES)

    assert Counter(answer.status_code for answer in at_once) == {503: TRIES - 2}
    assert "Yritä" in at_once[0].text
    assert [answer.headers["location"] for answer in login] == ["https://publisher.localhost/materials"]
    assert Counter(answer.status_code for answer in in_the_end) == {503: TRIES - 2, 422: 2}


def test_says_at_once_that_it_is_busy():
    """Whoever comes when every place is taken does not wait; the next one finds a place again."""
    hashes = PasswordHashes(HashCost(memory=8, passes=1), waiting=0)

    with hashes.turn(), pytest.raises(PasswordsBusyError):
        hashes.verify(None, "a guess")

    assert not hashes.verify(None, "a guess")


def test_locks_nobody_out_whose_password_was_never_looked_at():
    """Five tries while it is busy are no wrong passwords."""
    hashes = PasswordHashes(HashCost(memory=8, passes=1), waiting=0)
    browser = FakeService(own_settings(), hashes=hashes).browser()
    sign_in(browser)
    browser.client.cookies.clear()

    with hashes.turn():
        busy = [sign_in(browser).status_code for _ in range(6)]

    assert busy == [503] * 6
    assert sign_in(browser).status_code == 303


def test_takes_a_place_for_an_account_that_there_is_not():
    """A name that nobody has costs as much as one that somebody has, so it counts as much."""
    hashes = PasswordHashes(HashCost(memory=8, passes=1), waiting=0)
    kept = hashes.hash("kolme keltaista kirjaa")

    with hashes.turn():
        for one in (kept, None):
            with pytest.raises(PasswordsBusyError):
                hashes.verify(one, "a guess")


def test_computes_nothing_of_what_is_longer_than_any_password():
    """It is wrong without a place."""
    hashes = PasswordHashes(HashCost(memory=8, passes=1), waiting=0)

    with hashes.turn():
        assert not hashes.verify(None, "x" * 129)
