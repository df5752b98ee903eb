# SPDX-License-Identifier: Apache-2.0
"""How often somebody may do something: by browser and account, by the service's clock, never for a script."""

from __future__ import annotations

import logging
from datetime import timedelta

import httpx
import pytest
from flask import Flask, Response, session
from flask.testing import FlaskClient
from flask_limiter import RateLimitExceeded

from party.clock import MovableClock
from party.run_token import AUTHORIZATION, bearer
from sp_stub.web.browser import BrowserCookies
from sp_stub.web.limits import RateLimits, password_limits
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_response import NOW
from tests.builders.sp_service import RUN_TOKEN, service_settings
from tests.unit.sp_stub.web.test_form_token import CONTACT, token_of


def send(browser: Browser) -> httpx.Response:
    return browser.post("/yhteydenotto", {**CONTACT, "csrf_token": token_of(browser)})


def test_takes_five_messages_in_ten_minutes_from_one_browser():
    """The sixth waits, and is told how long; another browser at the same address does not."""
    service = FakeService()
    browser = service.browser()
    answers = [send(browser) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert (field(answers[5], "reason"), answers[5].headers["retry-after"]) == ("too-many-messages", "600")
    assert send(service.browser()).status_code == 303


def test_takes_messages_again_when_the_time_is_over():
    """By the service's own clock."""
    service = FakeService()
    browser = service.browser()
    for _ in range(6):
        send(browser)

    service.clock.advance(timedelta(minutes=10))

    assert send(browser).status_code == 303


def test_takes_sixty_messages_in_ten_minutes_from_all_together():
    """Whoever makes a new browser for each message is stopped as well."""
    service = FakeService()
    statuses = [send(service.browser()).status_code for _ in range(61)]

    assert statuses == [303] * 60 + [429]


@pytest.mark.parametrize(
    ("language", "heading"), [("fi", "Odota hetki"), ("sv", "Vänta en stund"), ("en", "Wait a moment")]
)
def test_says_so_when_one_browser_starts_logins_without_end(language: str, heading: str):
    """The sixty-first in five minutes waits, on a page in the person's language."""
    browser = FakeService().browser()
    answers = [browser.get(f"/kirjaudu/mpassid?lang={language}") for _ in range(62)]

    assert [answer.status_code for answer in answers] == [302] * 61 + [429]  # the first had no cookie to count by
    assert field(answers[61], "reason") == "too-many-requests"
    assert heading in answers[61].text


def test_lets_a_whole_school_start_logins_from_one_address():
    """Each in a browser of its own."""
    service = FakeService()

    assert {service.browser().get("/kirjaudu/mpassid").status_code for _ in range(62)} == {302}


def test_does_not_count_a_script():
    """Who holds the run's token may start as many as it likes; who pretends to, may not."""
    browser = FakeService().browser()

    scripted = [browser.get("/kirjaudu/mpassid", **{AUTHORIZATION: bearer(RUN_TOKEN)}) for _ in range(70)]
    pretended = [browser.get("/kirjaudu/mpassid", **{AUTHORIZATION: bearer(bytes(32))}) for _ in range(61)]

    assert {answer.status_code for answer in scripted} == {302}
    assert pretended[-1].status_code == 429


@pytest.fixture
def sign_in() -> Flask:
    """Return a small app with a form that takes a password, and the limits of one."""
    app = Flask("sign_in")
    app.secret_key = bytes(32)
    settings = service_settings()
    limits = RateLimits(app, settings, BrowserCookies(settings), MovableClock(NOW))

    def browser(number: int) -> Response:
        session["csrf_token"] = str(number)
        return Response()

    def take_password() -> Response:
        return Response("wrong", status=403)

    app.add_url_rule("/browser/<int:number>", view_func=browser)
    app.add_url_rule("/", view_func=limits.guard(take_password, password_limits("user")), methods=["POST"])
    app.register_error_handler(RateLimitExceeded, lambda _error: Response(status=429))
    return app


def guess(client: FlaskClient, user: str, browser: int = 1, address: str = "192.0.2.1") -> int:
    client.get(f"/browser/{browser}")
    return client.post("/", data={"user": user}, environ_overrides={"REMOTE_ADDR": address}).status_code


def test_slows_down_who_guesses_one_password_from_many_browsers(sign_in: Flask):
    """Twenty in five minutes, however the name is written and whoever asks."""
    client = sign_in.test_client()
    names = ["Ope@koulu.example", " ope@KOULU.example "]
    statuses = [guess(client, names[number % 2], number, f"192.0.2.{number}") for number in range(21)]

    assert statuses == [403] * 20 + [429]


def test_slows_down_who_tries_many_accounts_from_one_browser(sign_in: Flask):
    """Forty in five minutes."""
    client = sign_in.test_client()

    assert [guess(client, f"user{number}") for number in range(41)] == [403] * 40 + [429]


@pytest.mark.thorough
def test_slows_down_who_tries_many_accounts_from_one_address(sign_in: Flask):
    """A thousand in five minutes: more than a school forgets."""
    client = sign_in.test_client()
    statuses = {guess(client, f"user{number}", number) for number in range(1000)}

    assert statuses == {403}
    assert guess(client, "user1000", 1000) == 429


def test_logs_nobody_it_refuses(sign_in: Flask, caplog: pytest.LogCaptureFixture):
    """Neither account nor address stands in what is logged."""
    caplog.set_level(logging.DEBUG)
    client = sign_in.test_client()
    for _ in range(21):
        guess(client, "ope@koulu.example")

    assert "ratelimit" in caplog.text
    assert "ope" not in caplog.text
    assert "192.0.2.1" not in caplog.text
