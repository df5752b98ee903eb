# SPDX-License-Identifier: Apache-2.0
"""The mail the service sent: no message leaves the testbed, each is kept here and shown on a page in its stead.

A message is its kind, its language and its link; the words stand in the catalogue. What is older than thirty days
goes with the next message. Callers ask whether an address has had enough for now (five in a quarter of an hour) before
they send what anybody could ask for; what tells that something was done always goes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, delete, func, insert, select

from federation.model import Language
from sp_stub.data.people_tables import SENT_MAIL

MailKind: TypeAlias = Literal[
    "confirm-registration",
    "already-registered",
    "reset",
    "no-account",
    "password-changed",
    "confirm-new-mail",
    "mail-changed",
    "consent",
    "choose-password",
    "close-lost",
    "closed",
    "belongs-to-school",
]

KEPT: Final = timedelta(days=30)
WINDOW: Final = timedelta(minutes=15)
MOST_TO_ONE: Final = 5
MOST_SHOWN: Final = 20


@dataclass(frozen=True)
class Mail:
    """One message, and to whom it went."""

    recipient: str
    kind: MailKind
    language: Language
    link: str | None
    sent_at: datetime


def has_had_enough(connection: Connection, address: str, now: datetime) -> bool:
    """Tell whether `address` has had its share of mail for now."""
    columns = SENT_MAIL.c
    recent = select(func.count()).where(columns.recipient == address.casefold(), columns.sent_at > now - WINDOW)
    return (connection.scalar(recent) or 0) >= MOST_TO_ONE


def send(connection: Connection, mail: Mail, user_id: int | None) -> None:
    """Keep a message as sent."""
    connection.execute(delete(SENT_MAIL).where(SENT_MAIL.c.sent_at <= mail.sent_at - KEPT))
    connection.execute(
        insert(SENT_MAIL).values(
            recipient=mail.recipient.casefold(),
            user_id=user_id,
            kind=mail.kind,
            language=mail.language,
            link=mail.link,
            sent_at=mail.sent_at,
        )
    )


def mail_to(connection: Connection, address: str) -> tuple[Mail, ...]:
    """Return the newest messages to `address`, newest first."""
    columns = SENT_MAIL.c
    query = select(SENT_MAIL).where(columns.recipient == address.casefold())
    rows = connection.execute(query.order_by(columns.id.desc()).limit(MOST_SHOWN))
    return tuple(Mail(row.recipient, row.kind, row.language, row.link, row.sent_at) for row in rows)
