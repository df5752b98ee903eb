# SPDX-License-Identifier: Apache-2.0
"""What a service keeps between requests: logins it started, answers it used, sessions, messages to customer service.

Every method is one transaction, so that it holds with several threads and several workers. Ids come in as the browser
holds them and are hashed here. Rows that are over are removed by the writes that follow them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from federation.model import Language
from sp_stub.database import Database
from sp_stub.tables import CONSUMED_MESSAGES, MESSAGES, PENDING_LOGINS, SESSIONS

LOGIN_TIME: Final = timedelta(minutes=15)
"""How long a person may take at the login service: as long as its own login state lives (design 7)."""
MAX_PENDING: Final = 8
"""Logins one browser may have in progress; the oldest give way."""
IDLE_TIME: Final = timedelta(minutes=30)
"""A session that nobody uses ends: on a shared device the next pupil comes after the lesson."""
LIFETIME: Final = timedelta(hours=8)
"""A session in use ends with the school day; the login service itself asks again after an hour (facts-mpassid 5)."""
TOUCH_EVERY: Final = timedelta(minutes=1)
"""How exactly the last use is known: a write for each page would be one too many."""


@dataclass(frozen=True)
class PendingLogin:
    """A login this browser started."""

    request_id: str
    target: str
    language: Language


@dataclass(frozen=True)
class StoredAnswer:
    """What a browser's last login brought: `answer` as it was stored, and whether it opened a session."""

    is_signed_in: bool
    answer: dict[str, Any]


@dataclass(frozen=True)
class ContactMessage:
    """What a person wrote to customer service."""

    reply_to: str
    error_number: int | None
    text: str


class Store:
    """A service's state in its database."""

    def __init__(self, database: Database, secret: bytes) -> None:
        """Keep state in `database`, ids hashed with `secret`."""
        self.database = database
        self._secret = secret

    def start_login(self, browser: str, relay_state: str, login: PendingLogin, now: datetime) -> None:
        """Remember that `browser` started `login`, found again by `relay_state`."""
        pending, owner = PENDING_LOGINS.c, self._hash(browser)
        newest = (
            select(pending.relay_state)
            .where(pending.browser == owner)
            .order_by(pending.expires_at.desc())
            .limit(MAX_PENDING)
        )
        with self.database.begin() as connection:
            connection.execute(delete(PENDING_LOGINS).where(pending.expires_at <= now))
            connection.execute(
                insert(PENDING_LOGINS).values(
                    relay_state=self._hash(relay_state),
                    browser=owner,
                    request_id=login.request_id,
                    target=login.target,
                    language=login.language,
                    expires_at=now + LOGIN_TIME,
                )
            )
            kept = connection.scalars(newest).all()
            connection.execute(delete(PENDING_LOGINS).where(pending.browser == owner, pending.relay_state.not_in(kept)))

    def pending_login(self, browser: str, relay_state: str, now: datetime) -> PendingLogin | None:
        """Return the login that `browser` started under `relay_state`, if it did and it is not over."""
        pending = PENDING_LOGINS.c
        query = select(pending.request_id, pending.target, pending.language).where(
            pending.relay_state == self._hash(relay_state),
            pending.browser == self._hash(browser),
            pending.expires_at > now,
        )
        with self.database.begin(writes=False) as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else PendingLogin(row.request_id, row.target, row.language)

    def accept_answer(  # one transaction: all of it holds, or nothing
        self,
        *,
        messages: Iterable[str],
        usable_until: datetime,
        session: str,
        replaces: str | None,
        answer: StoredAnswer,
        ends_at: datetime | None,
        now: datetime,
    ) -> bool:
        """Use a verified answer: True when it was used for the first time and `session` now holds it.

        `messages` are the ids that count once; False, and nothing changed, when any of them was used before. The
        session that the browser `replaces` ends, whichever way the login went: on a shared device the next person is
        never left in the one before.
        """
        end = min(now + LIFETIME, ends_at or now + LIFETIME)
        consumed = CONSUMED_MESSAGES.c
        try:
            with self.database.begin() as connection:
                connection.execute(delete(CONSUMED_MESSAGES).where(consumed.expires_at <= now))
                connection.execute(
                    insert(CONSUMED_MESSAGES),
                    [{"message": self._hash(message), "expires_at": usable_until} for message in messages],
                )
                connection.execute(delete(SESSIONS).where(SESSIONS.c.ends_at <= now))
                if replaces is not None:
                    connection.execute(delete(SESSIONS).where(SESSIONS.c.id == self._hash(replaces)))
                connection.execute(
                    insert(SESSIONS).values(
                        id=self._hash(session),
                        is_signed_in=answer.is_signed_in,
                        seen_at=now,
                        ends_at=end,
                        answer=answer.answer,
                    )
                )
        except IntegrityError:
            return False
        return True

    def answer_of(self, session: str, now: datetime) -> StoredAnswer | None:
        """Return what `session` holds, if it is neither over nor idle for too long, and note that it is in use."""
        sessions, session_hash = SESSIONS.c, self._hash(session)
        query = select(sessions.is_signed_in, sessions.answer, sessions.seen_at).where(
            sessions.id == session_hash, sessions.ends_at > now, sessions.seen_at > now - IDLE_TIME
        )
        with self.database.begin(writes=False) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if row.seen_at <= now - TOUCH_EVERY:
            with self.database.begin() as connection:
                connection.execute(update(SESSIONS).where(sessions.id == session_hash).values(seen_at=now))
        return StoredAnswer(row.is_signed_in, row.answer)

    def end_session(self, session: str) -> None:
        """Forget `session`."""
        with self.database.begin() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.id == self._hash(session)))

    def keep_message(
        self, browser: str, message: ContactMessage, now: datetime, window: timedelta, most: tuple[int, int]
    ) -> bool:
        """Keep a message to customer service; False when too many came within `window`.

        `most` is how many one browser may send, and how many all of them together.
        """
        messages, sender = MESSAGES.c, self._hash(browser)
        recent = select(func.count()).select_from(MESSAGES).where(messages.received_at > now - window)
        with self.database.begin() as connection:
            of_browser = connection.scalar(recent.where(messages.browser == sender)) or 0
            of_all = connection.scalar(recent) or 0
            if of_browser >= most[0] or of_all >= most[1]:
                return False
            connection.execute(
                insert(MESSAGES).values(
                    received_at=now,
                    browser=sender,
                    reply_to=message.reply_to,
                    error_number=message.error_number,
                    text=message.text,
                )
            )
        return True

    def messages(self) -> list[ContactMessage]:
        """Return the messages to customer service, oldest first."""
        with self.database.begin(writes=False) as connection:
            rows = connection.execute(select(MESSAGES).order_by(MESSAGES.c.id)).all()
        return [ContactMessage(row.reply_to, row.error_number, row.text) for row in rows]

    def _hash(self, value: str) -> str:
        return hmac.new(self._secret, value.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()
