# SPDX-License-Identifier: Apache-2.0
"""Messages to customer service in the database, each once however often its form is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from sp_stub.data.database import Database
from sp_stub.data.hashing import keyed_hash
from sp_stub.data.tables import CONSUMED_MESSAGES, MESSAGES

REMEMBERED: Final = timedelta(days=400)
"""How long a form counts once: no browser keeps the cookie longer that its token hangs on (RFC 6265bis 5.5)."""


@dataclass(frozen=True)
class ContactMessage:
    """What a person wrote to customer service."""

    reply_to: str
    error_number: int | None
    text: str
    user: int | None = None
    """Who sent it, where somebody was signed in."""


class Messages:
    """The messages that people sent by the contact form."""

    def __init__(self, database: Database, secret: bytes) -> None:
        """Keep them in `database`, their senders' browsers hashed with `secret`."""
        self._database = database
        self._secret = secret

    def keep(self, browser: str, form: str, message: ContactMessage, now: datetime) -> bool:
        """Keep a message to customer service, and which browser sent it; False for one that came before.

        `form` is the token of the form it was sent with: the same words by the same form are the same message, by
        another one, or after a step back and a correction, they are another.
        """
        words = "\n".join((browser, form, message.reply_to, str(message.error_number), message.text))
        once = {"message": keyed_hash(self._secret, f"contact form\n{words}"), "expires_at": now + REMEMBERED}
        try:
            with self._database.begin() as connection:
                connection.execute(insert(CONSUMED_MESSAGES).values(once))
                connection.execute(
                    insert(MESSAGES).values(
                        received_at=now,
                        browser=keyed_hash(self._secret, browser),
                        reply_to=message.reply_to,
                        error_number=message.error_number,
                        text=message.text,
                        user_id=message.user,
                    )
                )
        except IntegrityError:
            return False
        return True

    def all(self) -> list[ContactMessage]:
        """Return the messages, oldest first."""
        with self._database.begin(writes=False) as connection:
            rows = connection.execute(select(MESSAGES).order_by(MESSAGES.c.id)).all()
        return [ContactMessage(row.reply_to, row.error_number, row.text, row.user_id) for row in rows]
