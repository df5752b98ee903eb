# SPDX-License-Identifier: Apache-2.0
"""The inbox: what waits comes first, and a message is dealt with once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sp_stub.data.audit_trail import Act, AuditFilter, AuditTrail, Subject
from sp_stub.data.database import Database
from sp_stub.data.inbox import Answer, Inbox, ReceivedMessage
from sp_stub.data.messages import ContactMessage, Messages
from sp_stub.data.sent_mail import mail_to
from tests.builders.sp_response import NOW

ACT = Act("saara", "message-handled", Subject("message", "1"), "Vastattu.")


def filled(database: Database, count: int) -> Inbox:
    """Return an inbox with so many messages, a minute apart."""
    messages = Messages(database, bytes(32))
    for number in range(1, count + 1):
        message = ContactMessage(f"ope{number}@koulu.example", 105, f"Viesti {number}")
        messages.keep("browser", f"form {number}", message, NOW + timedelta(minutes=number))
    return Inbox(database)


def test_shows_what_waits_first(database: Database):
    """The oldest of those that wait, then those that are dealt with."""
    inbox = filled(database, 3)
    inbox.handle(1, "handled", ACT, NOW)

    page = inbox.page(1)

    assert [message.number for message in page.messages] == [2, 3, 1]
    assert (page.waiting, inbox.waiting()) == (2, 2)


def test_keeps_a_message_as_it_was_sent(database: Database):
    """Its words, its number, who was signed in, and that nobody has dealt with it."""
    inbox = filled(database, 1)

    assert inbox.find(1) == ReceivedMessage(
        1, NOW + timedelta(minutes=1), "ope1@koulu.example", 105, "Viesti 1", None, None, None, None
    )
    assert inbox.find(2) is None


@pytest.mark.parametrize(("asked", "shown", "count"), [(1, 1, 25), (2, 2, 5), (9, 2, 5)])
def test_is_read_page_by_page(database: Database, asked: int, shown: int, count: int):
    """Twenty-five to a page."""
    inbox = filled(database, 30)

    page = inbox.page(asked)

    assert (page.number, len(page.messages), page.last_number) == (shown, count, 2)


def test_deals_with_a_message_once(database: Database):
    """A form that is sent again changes nothing, sends nothing, and leaves no second entry in the trail."""
    inbox = filled(database, 1)
    answer = Answer("belongs-to-school", "sv", "https://publisher.localhost/oppilaitoksen-asia")

    handled = [inbox.handle(number, "belongs-to-school", ACT, NOW, answer) for number in (1, 1, 2)]

    trail = AuditTrail(database).page(AuditFilter(), 1)
    with database.begin(writes=False) as connection:
        mails = mail_to(connection, "ope1@koulu.example")
    assert handled == [True, False, False]
    assert [entry.act for entry in trail.entries] == [ACT]
    assert [(mail.kind, mail.language, mail.link) for mail in mails] == [
        ("belongs-to-school", "sv", "https://publisher.localhost/oppilaitoksen-asia")
    ]
    assert "koulu.example" not in repr(trail)
