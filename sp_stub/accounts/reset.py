# SPDX-License-Identifier: Apache-2.0
"""A forgotten password: a link by mail, once, for half an hour.

The rules:
- Whoever asks is told the same, whether there is such an account or not; what there is stands in the mail.
- Mail goes to the address that the account has, never to the one that was typed.
- The link is used up by the new password, and a newer link ends it. With the new password every session ends, a lock
  goes, and the holder gets a message about it.
"""

from __future__ import annotations

from collections.abc import Mapping

from federation.model import Language
from sp_stub.accounts.desk import Desk
from sp_stub.accounts.names import is_mail_address, name_key
from sp_stub.accounts.new_password import new_password_problems
from sp_stub.data.accounts import Account, account_named, account_of, set_password
from sp_stub.data.sent_mail import has_had_enough

PATH = "/oma-tunnus/salasana"
CHOOSE_PATH = f"{PATH}/uusi"


def ask_reset(desk: Desk, typed_name: str, language: Language) -> None:
    """Send a link to the holder of an account, or, to an address without one, a message that says so."""
    name = name_key(typed_name)
    desk.seed()
    with desk.database.begin() as connection:
        account = account_named(connection, name)
        address = name if account is None else account.user.mail
        if address is None or not is_mail_address(address) or has_had_enough(connection, address, desk.clock()):
            return
        if account is None:
            desk.send(connection, "no-account", address, language)
        elif account.user.closed_at is not None:
            desk.send(connection, "closed", address, language, user_id=account.user.id)
        else:
            link = desk.mail_link(connection, "reset", CHOOSE_PATH, account.user.id)
            desk.send(connection, "reset", address, language, link=link, user_id=account.user.id)


def can_reset(desk: Desk, token: str) -> bool:
    """Tell whether the link is still of use."""
    return _account(desk, token) is not None


def reset_password(
    desk: Desk, token: str, password: str, repeated: str, language: Language
) -> Mapping[str, str] | None:
    """Take a new password; returns what is wrong with it, nothing when it is taken, `None` for a link of no use.

    Raises `PasswordsBusyError`.
    """
    account = _account(desk, token)
    if account is None:
        return None
    problems = new_password_problems((account.user_name, account.user.mail or ""), password, repeated)
    if problems:
        return problems
    password_hash = desk.hashes.hash(password)
    with desk.database.begin() as connection:
        if desk.tokens.use(connection, "reset", token, desk.clock()) is None:
            return None
        set_password(connection, account.user.id, password_hash, desk.clock())
        desk.store.end_sessions_of(connection, account.user.id)
        if account.user.mail is not None:
            desk.send(connection, "password-changed", account.user.mail, language, user_id=account.user.id)
    desk.tries.forget(account.user_name)
    desk.events.emit("account-password-changed", way="link")
    return {}


def _account(desk: Desk, token: str) -> Account | None:
    with desk.database.begin(writes=False) as connection:
        found = desk.tokens.find(connection, "reset", token, desk.clock())
        account = None if found is None or found.user_id is None else account_of(connection, found.user_id)
    return account if account is not None and account.user.closed_at is None else None
