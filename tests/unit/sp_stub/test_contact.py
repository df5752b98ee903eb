# SPDX-License-Identifier: Apache-2.0
"""The contact form: what is kept, what is asked again, and what is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from sp_stub.database import Database
from sp_stub.store import ContactMessage, Store
from tests.builders.sp_browser import Browser, FakeService, field

GOOD = {"reply_to": "ope@koulu.example", "text": "Error 105 näkyy.\r\nMitä teen?"}


def send(browser: Browser, form: dict[str, str], query: str = "") -> httpx.Response:
    page = browser.get(f"/yhteydenotto{query}").text
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">', page))
    return browser.post("/yhteydenotto", {**hidden, **form})


def test_keeps_a_message_with_the_error_it_is_about(tmp_path: Path):
    """What is sent stands in the database, and a page confirms it."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    answer = send(FakeService(database_url=url).browser(), GOOD, "?number=105")

    assert answer.headers["location"] == "https://publisher.localhost/yhteydenotto/kiitos"
    assert Store(Database(url), bytes(32)).messages() == [
        ContactMessage("ope@koulu.example", 105, "Error 105 näkyy.\nMitä teen?")
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"reply_to": ""}, "Kirjoita sähköpostiosoite"),
        ({"reply_to": "ope"}, "Kirjoita sähköpostiosoite"),
        ({"reply_to": "a@b.example\r\nBcc: x@y.example"}, "Kirjoita sähköpostiosoite"),
        ({"reply_to": f"{'a' * 250}@b.example"}, "Kirjoita sähköpostiosoite"),
        ({"text": "   "}, "Kirjoita viesti."),
        ({"text": "ä" * 2001}, "Lyhennä viestiä"),
    ],
)
def test_asks_again_and_loses_nothing(change: dict[str, str], problem: str):
    """A problem stands beside its field and in the summary; the other field keeps what was typed."""
    answer = send(FakeService().browser(), {**GOOD, **change})

    assert answer.status_code == 422
    assert answer.text.count(problem) == 2
    kept = "Error 105 näkyy." if "reply_to" in change else "ope@koulu.example"
    assert kept in answer.text


def test_refuses_a_form_of_another_site():
    """A message needs the token of a page of ours."""
    browser = FakeService().browser()
    browser.get("/yhteydenotto")

    assert field(browser.post("/yhteydenotto", GOOD), "reason") == "form-not-ours"
    assert (
        field(FakeService().browser().post("/yhteydenotto", {**GOOD, "token": "0" * 64}), "reason") == "form-not-ours"
    )


def test_takes_five_messages_in_ten_minutes_from_one_browser():
    """The sixth waits."""
    service = FakeService()
    browser = service.browser()
    answers = [send(browser, GOOD) for _ in range(6)]
    service.clock.advance(timedelta(minutes=10))

    assert [answer.status_code for answer in answers] == [303, 303, 303, 303, 303, 429]
    assert send(browser, GOOD).status_code == 303


def test_knows_the_numbers_of_its_own_errors_only():
    """A number from the address is never shown unless it is one of ours."""
    page = FakeService().browser().get("/yhteydenotto?number=%3Cb%3E105").text

    assert not re.search(r"\b105\b", page.partition("<main")[2])
