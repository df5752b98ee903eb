# SPDX-License-Identifier: Apache-2.0
"""Personal accounts in the database: who signs in with a password, and what that account is for.

The declaration seeds: a declared account is put here when its name is first asked for, without a hash, and its password
is the documented one (the user name and `pwd`) until its holder chooses another. What the account opens (schools,
products) is its holder's `held`, in the declaration's own form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from federation.errors import TestbedError
from sp_stub.data.people_tables import ACCOUNTS, USERS
from sp_stub.data.users import USER_COLUMNS, User, add_user, user_of

MadeBy: TypeAlias = Literal["declaration", "registration", "staff"]


class AccountExistsError(TestbedError):
    """The user name or the mail address is another account's."""


@dataclass(frozen=True)
class NewAccount:
    """An account to be made: names as `sp_stub.accounts.names` folds them, and what it opens."""

    user_name: str
    mail: str | None
    held: Mapping[str, Any]
    made_by: MadeBy
    customer: str | None = None
    password_hash: str | None = None
    of_age_on: date | None = None
    guardian_mail: str | None = None


@dataclass(frozen=True)
class Account:
    """An account as it is kept, with the person who holds it."""

    user: User
    user_name: str
    password_hash: str | None
    made_by: MadeBy
    of_age_on: date | None
    guardian_mail: str | None
    guardian_consented_at: datetime | None

    def lacks_consent(self, now: datetime) -> bool:
        """Tell whether its holder is under 15 and no guardian has consented."""
        return self.of_age_on is not None and self.guardian_consented_at is None and now.date() < self.of_age_on


_OWN_COLUMNS: Final = tuple(name for name in Account.__dataclass_fields__ if name != "user")


def account_named(connection: Connection, name: str) -> Account | None:
    """Return the account with this user name or mail address, folded as it is looked up."""
    return _find(connection, or_(ACCOUNTS.c.user_name == name, ACCOUNTS.c.mail_key == name))


def account_of(connection: Connection, user_id: int) -> Account | None:
    """Return the account of a person, `None` for who comes by MPASSid."""
    return _find(connection, ACCOUNTS.c.user_id == user_id)


def make_account(connection: Connection, new: NewAccount, now: datetime) -> User:
    """Add an account and its holder; raises `AccountExistsError`."""
    mail_key = None if new.mail is None else new.mail.casefold()
    if any(name and account_named(connection, name) is not None for name in (new.user_name, mail_key)):
        message = "the user name or mail address is another account's"
        raise AccountExistsError(message)
    user = add_user(connection, {"customer": new.customer, "held": dict(new.held), "mail": new.mail}, now)
    connection.execute(
        insert(ACCOUNTS).values(
            user_id=user.id,
            user_name=new.user_name,
            mail_key=mail_key,
            password_hash=new.password_hash,
            made_by=new.made_by,
            made_at=now,
            of_age_on=new.of_age_on,
            guardian_mail=new.guardian_mail,
        )
    )
    return user


def set_password(connection: Connection, user_id: int, password_hash: str, now: datetime) -> None:
    """Put a new password's hash in the place of the old one."""
    _change(connection, user_id, password_hash=password_hash, password_changed_at=now)


def set_mail(connection: Connection, account: Account, address: str) -> None:
    """Make a confirmed address the account's; raises `AccountExistsError` where another account has it."""
    key = address.casefold()
    other = account_named(connection, key)
    if other is not None and other.user.id != account.user.id:
        message = "the mail address is another account's"
        raise AccountExistsError(message)
    named_by_mail = account.user.mail is not None and account.user_name == account.user.mail.casefold()
    _change(connection, account.user.id, mail_key=key, **({"user_name": key} if named_by_mail else {}))
    connection.execute(update(USERS).where(USERS.c.id == account.user.id).values(mail=address))


def ask_guardian(connection: Connection, user_id: int, address: str) -> None:
    """Remember which guardian was asked for consent."""
    _change(connection, user_id, guardian_mail=address)


def give_consent(connection: Connection, user_id: int, now: datetime) -> None:
    """Remember that the guardian has consented."""
    _change(connection, user_id, guardian_consented_at=now)


def _change(connection: Connection, user_id: int, **values: object) -> None:
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.user_id == user_id).values(values))


def _find(connection: Connection, condition: ColumnElement[bool]) -> Account | None:
    columns = [ACCOUNTS.c[name] for name in _OWN_COLUMNS]
    query = select(*USER_COLUMNS, *columns).join_from(ACCOUNTS, USERS, USERS.c.id == ACCOUNTS.c.user_id)
    row = connection.execute(query.where(condition)).first()
    return None if row is None else Account(user=user_of(row), **{name: getattr(row, name) for name in _OWN_COLUMNS})
