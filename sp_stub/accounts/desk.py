# SPDX-License-Identifier: Apache-2.0
"""What everything that happens to an account works with: the database, hashes, tries, links and mail of one service."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, update
from sqlalchemy.exc import IntegrityError

from federation.model import Language
from federation.publisher import Account as DeclaredAccount
from party.clock import Clock
from party.events import Events
from sp_stub.accounts.password_hashes import PasswordHashes
from sp_stub.data.accounts import Account, NewAccount, account_named, account_of, make_account
from sp_stub.data.database import Database
from sp_stub.data.login_store import LoginStore
from sp_stub.data.mail_tokens import MailTokens, Purpose
from sp_stub.data.people_tables import USERS
from sp_stub.data.sent_mail import Mail, MailKind, send
from sp_stub.data.sign_in_tries import SignInTries

_ENDING: Final = "pwd"
_ALWAYS_UNDER_AGE: Final = date.max
"""A declared account says that its holder is under 15 and not until when."""


@dataclass(frozen=True)
class Desk:
    """One service's accounts, and what they are kept with."""

    database: Database
    store: LoginStore
    hashes: PasswordHashes
    tries: SignInTries
    tokens: MailTokens
    declared: Mapping[str, DeclaredAccount]
    origin: str
    clock: Clock
    events: Events
    _seeded: list[bool] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def seed(self) -> None:
        """Put the declared accounts into the database, once in each process; what people changed of them stays."""
        with self._lock:
            if self._seeded:
                return
            for user_name, declared in self.declared.items():
                try:
                    self._seed_one(user_name, declared)
                except IntegrityError:
                    continue  # another worker was faster
            self._seeded.append(True)

    def account_of(self, user_id: int) -> Account | None:
        """Return the account of a person, `None` for who comes by MPASSid."""
        with self.database.begin(writes=False) as connection:
            return account_of(connection, user_id)

    def is_password(self, account: Account | None, typed: str) -> bool:
        """Tell whether `typed` is the account's password; as much work for an account that is not there.

        Raises `PasswordsBusyError`.
        """
        is_right = self.hashes.verify(None if account is None else account.password_hash, typed)
        if account is None or account.password_hash is not None or account.user_name not in self.declared:
            return is_right
        documented = account.user_name + _ENDING
        return hmac.compare_digest(typed.encode("utf-8", "surrogateescape"), documented.encode())

    def mail_link(
        self, connection: Connection, purpose: Purpose, path: str, user_id: int | None, **content: object
    ) -> str:
        """Return the address that a message leads to, with a new token in it."""
        token = self.tokens.issue(connection, purpose, self.clock(), user_id, **content)
        return f"{self.origin}{path}/{token}"

    def send(
        self,
        connection: Connection,
        kind: MailKind,
        address: str,
        language: Language,
        *,
        link: str | None = None,
        user_id: int | None = None,
    ) -> None:
        """Send a message."""
        send(connection, Mail(address, kind, language, link, self.clock()), user_id)

    def _seed_one(self, user_name: str, declared: DeclaredAccount) -> None:
        held = held_of(declared)
        with self.database.begin() as connection:
            known = account_named(connection, user_name)
            if known is None:
                make_account(connection, _seed(user_name, declared, held), self.clock())
            elif known.made_by == "declaration" and known.user.held != held:
                connection.execute(update(USERS).where(USERS.c.id == known.user.id).values(held=held))


def held_of(account: DeclaredAccount) -> dict[str, Any]:
    """Return what an account opens, and its holder's name, as it is kept with the person."""
    held = account.model_dump(mode="json", exclude={"mail", "is_under_15"})
    return {**held, "name": f"{account.given_name} {account.surname}"}


def _seed(user_name: str, declared: DeclaredAccount, held: Mapping[str, Any]) -> NewAccount:
    asks_guardian = declared.is_under_15 and not declared.schools
    return NewAccount(
        user_name=user_name,
        mail=declared.mail,
        held=held,
        made_by="declaration",
        of_age_on=_ALWAYS_UNDER_AGE if asks_guardian else None,
    )


def is_of_use(account: Account | None, at: datetime) -> bool:
    """Tell whether an account is there and was not closed before `at`."""
    return account is not None and (account.user.closed_at is None or account.user.closed_at > at)
