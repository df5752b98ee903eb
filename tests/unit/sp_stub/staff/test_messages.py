# SPDX-License-Identifier: Apache-2.0
"""Messages to customer service: read as plain text, dealt with once, or sent on to the school."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from party.events import event_to_json
from sp_stub.data.database import Database
from sp_stub.data.sent_mail import mail_to
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_people import mail_links
from tests.builders.sp_response import NOW
from tests.builders.sp_staff import DESK, StaffBrowser, at_desk, login_as, staffed_service

INBOX = f"{DESK}/viestit"
ATTACK = '<script>alert("x")</script><img src=x onerror=alert(2)>'


def write(browser: Browser, text: str = "Voitteko lähettää käyttötilastot?", number: str = "") -> None:
    """Send customer service a message."""
    sender = StaffBrowser(browser.service, browser.client.cookies)
    page = f"/yhteydenotto{f'?number={number}' if number else ''}"
    assert sender.submit(page, "/yhteydenotto", {"reply_to": "ope@koulu.example", "text": text}).status_code == 303


def test_waits_until_somebody_deals_with_it():
    """It is counted on the desk, listed, read, and then no longer waits."""
    service = staffed_service()
    write(service.browser(), number="105")
    desk = at_desk(service)
    before = field(desk.get(DESK), "waiting")

    page = desk.get(f"{INBOX}/1").text
    desk.step(f"{INBOX}/1/message-handled", "Vastattu puhelimessa.")

    assert before == "Yksi viesti odottaa vastausta."
    assert "Voitteko lähettää käyttötilastot?" in page
    assert "<dd>105</dd>" in page
    assert "ope@koulu.example" in page
    assert field(desk.get(DESK), "waiting") == "0 viestiä odottaa vastausta."
    assert field(desk.get(f"{INBOX}/1"), "outcome") == "käsitelty"
    assert desk.get(f"{INBOX}/1/message-handled").status_code == 404


def test_is_never_read_as_html():
    """Markup in a message, and line breaks, stand there as they were typed."""
    service = staffed_service()
    write(service.browser(), f"{ATTACK}\nToinen rivi & <b>lihava</b>")

    page = at_desk(service).get(f"{INBOX}/1").text

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in page
    assert "\nToinen rivi &amp; &lt;b&gt;lihava&lt;/b&gt;" in page


def test_tells_who_was_signed_in():
    """The message leads to the person; one that nobody sent signed in says so."""
    service = staffed_service()
    pupil = service.browser()
    pupil.log_in(login_as())
    write(pupil)
    write(service.browser())
    desk = at_desk(service)

    assert 'href="/asiakaspalvelu/kayttajat/1"' in desk.get(f"{INBOX}/1").text
    assert "Ei ollut kirjautuneena" in desk.get(f"{INBOX}/2").text


def test_leaves_nothing_of_itself_elsewhere(tmp_path: Path):
    """Neither the trail nor an event of the part holds an address or a word of it."""
    service = staffed_service(f"sqlite:///{tmp_path}/publisher.sqlite")
    write(service.browser(), "Salainen asia")
    desk = at_desk(service)
    desk.step(f"{INBOX}/1/message-handled")

    trail = desk.get(f"{DESK}/tapahtumat.json").text
    events = "\n".join(map(event_to_json, service.events))
    for datum in ("ope@koulu.example", "Salainen"):
        assert datum not in trail
        assert datum not in events


def test_is_answered_that_the_matter_belongs_to_the_school(tmp_path: Path):
    """The sender gets a message that leads to the page; the message no longer waits, and the answer goes once."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    service = staffed_service(url)
    write(service.browser())
    desk = at_desk(service)

    desk.step(f"{INBOX}/1/message-belongs-to-school")

    assert field(desk.get(f"{INBOX}/1"), "outcome") == "ohjattu oppilaitokselle"
    with Database(url).begin(writes=False) as connection:
        mails = mail_to(connection, "ope@koulu.example")
    assert [(mail.kind, mail.link) for mail in mails] == [
        ("belongs-to-school", "https://publisher.localhost/oppilaitoksen-asia")
    ]
    assert mails[0].sent_at == NOW
    assert desk.get(f"{INBOX}/1/message-belongs-to-school").status_code == 404


def test_is_answered_in_the_senders_mailbox():
    """The words, and the way to the page."""
    service = staffed_service()
    write(service.browser())
    at_desk(service).step(f"{INBOX}/1/message-belongs-to-school")

    assert mail_links(service, "ope@koulu.example") == [("belongs-to-school", "/oppilaitoksen-asia")]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Tämä asia kuuluu oppilaitoksellesi"),
        ("sv", "hör till din läroanstalt"),
        ("en", "belongs to your school"),
    ],
)
def test_has_a_page_for_what_belongs_to_the_school(language: str, words: str):
    """At its own address, for everybody, with its number and whom to ask there."""
    page = staffed_service().browser().get(f"/oppilaitoksen-asia?lang={language}")

    assert page.status_code == 200
    assert words in page.text
    assert field(page, "error-number") == "121"
    assert field(page, "reason") == "request-belongs-to-school"
    assert len(re.findall(r"<li>", page.text.partition('id="matters"')[2].partition("</ul>")[0])) == 6


@pytest.mark.parametrize("path", ["0", "2", "x", "1/activate", "1/view", "1'--", "9" * 50])
def test_knows_no_other_message_and_no_other_step(path: str):
    """What is no message, and what may not be done about it now, is not there: nobody was signed in to be looked at."""
    service = staffed_service()
    write(service.browser())

    assert at_desk(service).get(f"{INBOX}/{path}").status_code == 404


def test_is_listed_page_by_page():
    """Twenty-five to a page, with a way on; an odd page number shows the first."""
    service: FakeService = staffed_service()
    for _ in range(6):
        browser = service.browser()
        for _ in range(5):
            write(browser)
    desk = at_desk(service)

    first, second = desk.get(INBOX).text, desk.get(f"{INBOX}?sivu=2").text

    assert (len(re.findall("data-message", first)), len(re.findall("data-message", second))) == (25, 5)
    assert 'href="/asiakaspalvelu/viestit?sivu=2"' in first
    assert len(re.findall("data-message", desk.get(f"{INBOX}?sivu=%27x").text)) == 25
