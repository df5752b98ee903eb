# SPDX-License-Identifier: Apache-2.0
"""The contact form: what is kept, what is asked again, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from sp_stub.data.database import Database
from sp_stub.data.messages import ContactMessage, Messages
from tests.builders.sp_browser import Browser, FakeService

GOOD = {"reply_to": "ope@koulu.example", "text": "Error 105 näkyy.\r\nMitä teen?"}


def send(browser: Browser, form: dict[str, str], query: str = "") -> httpx.Response:
    page = browser.get(f"/yhteydenotto{query}").text
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page))
    return browser.post("/yhteydenotto", {**hidden, **form})


def test_keeps_a_message_with_the_error_it_is_about(tmp_path: Path):
    """What is sent stands in the database, and a page confirms it."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    answer = send(FakeService(database_url=url).browser(), GOOD, "?number=105")

    assert answer.headers["location"] == "https://publisher.localhost/yhteydenotto/kiitos"
    assert Messages(Database(url), bytes(32)).all() == [
        ContactMessage("ope@koulu.example", 105, "Error 105 näkyy.\nMitä teen?")
    ]


def test_keeps_a_message_once_however_often_its_form_is_sent(tmp_path: Path):
    """A replay and a reload are confirmed and keep nothing; a correction by the same form is another message."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    browser = FakeService(database_url=url).browser()
    hidden = dict(
        re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', browser.get("/yhteydenotto").text)
    )
    corrected = {**GOOD, "text": "Error 106 näkyy."}

    answers = [browser.post("/yhteydenotto", {**hidden, **form}) for form in (GOOD, GOOD, corrected)]

    assert {answer.headers["location"] for answer in answers} == {"https://publisher.localhost/yhteydenotto/kiitos"}
    kept = [message.text for message in Messages(Database(url), bytes(32)).all()]
    assert kept == ["Error 105 näkyy.\nMitä teen?", "Error 106 näkyy."]


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


def test_knows_the_numbers_of_its_own_errors_only():
    """A number from the address is never shown unless it is one of ours."""
    page = FakeService().browser().get("/yhteydenotto?number=%3Cb%3E105").text

    assert not re.search(r"\b105\b", page.partition("<main")[2])
