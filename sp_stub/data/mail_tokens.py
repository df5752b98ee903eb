# SPDX-License-Identifier: Apache-2.0
"""Links that go out by mail: random, of use once, for one thing, for a while; kept as keyed hashes.

A newer link of a person for the same thing ends the older ones. Looking at a page does not use its link up, because
mail programs open links too; what the page's button does, does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Connection, delete, insert, select

from sp_stub.data.hashing import keyed_hash
from sp_stub.data.people_tables import MAIL_TOKENS

Purpose: TypeAlias = Literal["registration", "reset", "new-mail", "consent", "lost"]

VALID: Final[Mapping[Purpose, timedelta]] = {
    "registration": timedelta(hours=24),
    "reset": timedelta(minutes=30),
    "new-mail": timedelta(hours=24),
    "consent": timedelta(days=30),
    "lost": timedelta(hours=1),
}


@dataclass(frozen=True)
class MailToken:
    """What a link stands for."""

    user_id: int | None
    content: Mapping[str, Any]


class MailTokens:
    """The links; every method is a part of its caller's transaction."""

    def __init__(self, secret: bytes, make_id: Callable[[], str]) -> None:
        """Hash them with `secret`, make them with `make_id`."""
        self._secret = secret
        self._make_id = make_id

    def issue(
        self, connection: Connection, purpose: Purpose, now: datetime, user_id: int | None, **content: object
    ) -> str:
        """Return a new token; the person's older ones for the same purpose end."""
        tokens = MAIL_TOKENS.c
        connection.execute(delete(MAIL_TOKENS).where(tokens.expires_at <= now))
        if user_id is not None:
            self.end(connection, purpose, user_id)
        token = self._make_id()
        connection.execute(
            insert(MAIL_TOKENS).values(
                token=self._hash(token),
                purpose=purpose,
                user_id=user_id,
                content=content,
                expires_at=now + VALID[purpose],
            )
        )
        return token

    def find(self, connection: Connection, purpose: Purpose, token: str, now: datetime) -> MailToken | None:
        """Return what `token` stands for, `None` where it is for something else, over, used or never was."""
        tokens = MAIL_TOKENS.c
        row = connection.execute(
            select(tokens.user_id, tokens.content).where(
                tokens.token == self._hash(token), tokens.purpose == purpose, tokens.expires_at > now
            )
        ).one_or_none()
        return None if row is None else MailToken(row.user_id, row.content)

    def use(self, connection: Connection, purpose: Purpose, token: str, now: datetime) -> MailToken | None:
        """Return what `token` stands for and end it; `None` as `find`, and for whoever comes second."""
        found = self.find(connection, purpose, token, now)
        if found is None:
            return None
        used = connection.execute(delete(MAIL_TOKENS).where(MAIL_TOKENS.c.token == self._hash(token)))
        return found if used.rowcount else None

    def end(self, connection: Connection, purpose: Purpose, user_id: int) -> None:
        """End every token of a person for a purpose."""
        tokens = MAIL_TOKENS.c
        connection.execute(delete(MAIL_TOKENS).where(tokens.user_id == user_id, tokens.purpose == purpose))

    def _hash(self, token: str) -> str:
        return keyed_hash(self._secret, f"mail\n{token}")
