# SPDX-License-Identifier: Apache-2.0
"""Signing in with a user name or mail address and a password.

The rules:
- A try counts against the account, by whichever of its names and however it is written, before its password is looked
  at; a locked account is the same to the right password as to a wrong one.
- Who has no account gets the same answer after the same work as who mistypes a password.
- Only the right password learns that an account was closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sp_stub.accounts.desk import Desk
from sp_stub.accounts.names import name_key
from sp_stub.accounts.password_hashes import PasswordsBusyError
from sp_stub.data.accounts import Account, account_named

Verdict: TypeAlias = Literal["signed-in", "wrong", "locked", "busy", "closed"]


@dataclass(frozen=True)
class SignIn:
    """How a try ended; `session` is the id to give to the browser, `account` whose it is."""

    verdict: Verdict
    account: Account | None = None
    session: str | None = None


def sign_in(desk: Desk, typed_name: str, password: str, *, session: str, replaces: str | None) -> SignIn:
    """Try a name and a password; when they are right `session` is open, and the one it `replaces` is over."""
    result = _try(desk, typed_name, password)
    if result.verdict == "signed-in" and result.account is not None:
        desk.store.open_session(session, result.account.user.id, replaces, desk.clock())
        result = SignIn("signed-in", result.account, session)
    desk.events.emit("account-sign-in", outcome=result.verdict)
    return result


def check_password(desk: Desk, account: Account, password: str) -> Verdict:
    """Try the password of who is signed in already; it counts as a try like any other."""
    return _check(desk, account.user_name, account, password)


def _try(desk: Desk, typed_name: str, password: str) -> SignIn:
    name = name_key(typed_name)
    desk.seed()
    with desk.database.begin(writes=False) as connection:
        account = account_named(connection, name) if name else None
    verdict = _check(desk, account.user_name if account else name, account, password)
    if verdict == "signed-in" and account is not None and account.user.closed_at is not None:
        verdict = "closed"
    return SignIn(verdict, account if verdict in ("signed-in", "closed") else None)


def _check(desk: Desk, counted_name: str, account: Account | None, password: str) -> Verdict:
    try:
        # asked before the try counts: who only came when it was busy is not locked out by it
        desk.hashes.check_place()
        if desk.tries.admit(counted_name, desk.clock()) is not None:
            return "locked"
        is_right = desk.is_password(account, password)
    except PasswordsBusyError:
        return "busy"
    if not is_right:
        return "wrong"
    desk.tries.forget(counted_name)
    return "signed-in"
