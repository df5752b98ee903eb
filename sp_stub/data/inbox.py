# SPDX-License-Identifier: Apache-2.0
"""The messages of the contact form as customer service works through them: what waits, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, RowMapping, func, select, update

from federation.model import Language
from sp_stub.data.audit_trail import Act, record
from sp_stub.data.database import Database
from sp_stub.data.sent_mail import Mail, MailKind, send
from sp_stub.data.tables import MESSAGES

Outcome: TypeAlias = Literal["handled", "belongs-to-school"]
"""What became of a message: it was dealt with, or its sender was sent to their school."""

PAGE_SIZE: Final = 25


@dataclass(frozen=True)
class ReceivedMessage:
    """A message as it came, and what became of it; `user` is who was signed in when they sent it."""

    number: int
    received_at: datetime
    reply_to: str
    error_number: int | None
    text: str
    user: int | None
    handled_at: datetime | None
    handled_by: str | None
    outcome: Outcome | None


@dataclass(frozen=True)
class InboxPage:
    """A page of messages: those that wait first, the oldest of them first; then the others, newest first."""

    messages: tuple[ReceivedMessage, ...]
    number: int
    last_number: int
    waiting: int


@dataclass(frozen=True)
class Answer:
    """What the sender is told by mail."""

    kind: MailKind
    language: Language
    link: str


class Inbox:
    """The messages to customer service."""

    def __init__(self, database: Database) -> None:
        """Read them in `database`."""
        self._database = database

    def page(self, number: int) -> InboxPage:
        """Return page `number` (from 1); a number too large gives the last page."""
        messages = MESSAGES.c
        is_handled = messages.handled_at.is_not(None)
        with self._database.begin(writes=False) as connection:
            total = connection.scalar(select(func.count()).select_from(MESSAGES)) or 0
            last = max(1, -(-total // PAGE_SIZE))
            shown = min(max(1, number), last)
            query = (
                select(MESSAGES)
                .order_by(is_handled, messages.handled_at.desc(), messages.id)
                .limit(PAGE_SIZE)
                .offset((shown - 1) * PAGE_SIZE)
            )
            found = tuple(_message(row) for row in connection.execute(query).mappings())
            return InboxPage(found, shown, last, _waiting(connection))

    def waiting(self) -> int:
        """Return how many messages nobody has dealt with."""
        with self._database.begin(writes=False) as connection:
            return _waiting(connection)

    def find(self, number: int) -> ReceivedMessage | None:
        """Return one message, where it is there."""
        with self._database.begin(writes=False) as connection:
            row = connection.execute(select(MESSAGES).where(MESSAGES.c.id == number)).mappings().one_or_none()
        return None if row is None else _message(row)

    def handle(self, number: int, outcome: Outcome, act: Act, now: datetime, answer: Answer | None = None) -> bool:
        """Note what became of a message, and send the answer; False where somebody dealt with it before."""
        messages = MESSAGES.c
        closing = (
            update(MESSAGES)
            .where(messages.id == number, messages.handled_at.is_(None))
            .values(handled_at=now, handled_by=act.staff, outcome=outcome)
            .returning(messages.reply_to, messages.user_id)
        )
        with self._database.begin() as connection:
            message = connection.execute(closing).one_or_none()
            if message is None:
                return False
            if answer is not None:
                mail = Mail(message.reply_to, answer.kind, answer.language, answer.link, now)
                send(connection, mail, message.user_id)
            record(connection, act, now)
        return True


def _waiting(connection: Connection) -> int:
    query = select(func.count()).select_from(MESSAGES).where(MESSAGES.c.handled_at.is_(None))
    return connection.scalar(query) or 0


def _message(row: RowMapping) -> ReceivedMessage:
    return ReceivedMessage(
        row["id"],
        row["received_at"],
        row["reply_to"],
        row["error_number"],
        row["text"],
        row["user_id"],
        row["handled_at"],
        row["handled_by"],
        row["outcome"],
    )
