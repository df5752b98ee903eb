# SPDX-License-Identifier: Apache-2.0
"""What the holder of an account does to it: another password, another address, closing it because it was lost.

The rules:
- A new password or a new address asks for the password first; wrong ones count as tries to sign in.
- With a new password every other session ends, and this one goes on under a new id.
- A new address is the account's once the link that was sent to it is followed; the old address is told.
- A lost account closes at once, for who is signed in as for who has its mail; only customer service opens it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, update
from sqlalchemy.exc import IntegrityError

from federation.model import Language
from sp_stub.accounts.desk import Desk
from sp_stub.accounts.names import is_mail_address, name_key
from sp_stub.accounts.new_password import new_password_problems
from sp_stub.accounts.sign_in import check_password
from sp_stub.data.accounts import Account, AccountExistsError, account_named, account_of, set_mail, set_password
from sp_stub.data.people_tables import USERS
from sp_stub.data.sent_mail import has_had_enough

MAIL_PATH: Final = "/omat-tiedot/osoite"
LOST_PATH: Final = "/oma-tunnus/kadonnut"

_PROBLEMS: Final = {
    "wrong": "account.problem.current-wrong",
    "locked": "account.problem.locked",
    "busy": "account.busy",
}


def change_password(  # each of the form's fields, and the session it was sent from
    desk: Desk, account: Account, current: str, password: str, repeated: str, *, session: str, language: Language
) -> Mapping[str, str]:
    """Take a new password; returns what is wrong by field, nothing when it is taken and `session` is the only one."""
    problems = dict(new_password_problems((account.user_name, account.user.mail or ""), password, repeated))
    if problems:
        return problems
    verdict = check_password(desk, account, current)
    if verdict in _PROBLEMS:
        return {"current": _PROBLEMS[verdict]}
    password_hash = desk.hashes.hash(password)
    with desk.database.begin() as connection:
        set_password(connection, account.user.id, password_hash, desk.clock())
        desk.store.end_sessions_of(connection, account.user.id)
        desk.tokens.end(connection, "reset", account.user.id)
        if account.user.mail is not None:
            desk.send(connection, "password-changed", account.user.mail, language, user_id=account.user.id)
    desk.store.open_session(session, account.user.id, None, desk.clock())
    desk.events.emit("account-password-changed", way="holder")
    return {}


def ask_new_mail(desk: Desk, account: Account, address: str, current: str, language: Language) -> Mapping[str, str]:
    """Send a link to a new address; returns what is wrong by field. An address in use is told so by mail alone."""
    new = name_key(address)
    if not is_mail_address(new):
        return {"mail": "account.problem.mail"}
    verdict = check_password(desk, account, current)
    if verdict in _PROBLEMS:
        return {"current": _PROBLEMS[verdict]}
    with desk.database.begin() as connection:
        if has_had_enough(connection, new, desk.clock()):
            return {}
        if account_named(connection, new) is not None:
            desk.send(connection, "already-registered", new, language, link=f"{desk.origin}/kirjaudu")
            return {}
        link = desk.mail_link(connection, "new-mail", MAIL_PATH, account.user.id, mail=new)
        desk.send(connection, "confirm-new-mail", new, language, link=link, user_id=account.user.id)
    return {}


def can_confirm_new_mail(desk: Desk, token: str, user_id: int) -> bool:
    """Tell whether the link is still of use, for the person it was made for."""
    with desk.database.begin(writes=False) as connection:
        found = desk.tokens.find(connection, "new-mail", token, desk.clock())
    return found is not None and found.user_id == user_id


def confirm_new_mail(desk: Desk, token: str, user_id: int, language: Language) -> bool:
    """Make the new address the account's, for its holder alone; False for a link of no use."""
    now = desk.clock()
    try:
        with desk.database.begin() as connection:
            found = desk.tokens.find(connection, "new-mail", token, now)
            if found is None or found.user_id != user_id or desk.tokens.use(connection, "new-mail", token, now) is None:
                return False
            account = account_of(connection, user_id)
            if account is None:
                return False
            set_mail(connection, account, found.content["mail"])
            if account.user.mail is not None:
                desk.send(connection, "mail-changed", account.user.mail, language, user_id=user_id)
    except (AccountExistsError, IntegrityError):
        return False
    return True


def ask_closing(desk: Desk, typed_name: str, language: Language) -> None:
    """Send the holder of an account the link that closes it; whoever asks is told the same."""
    desk.seed()
    with desk.database.begin() as connection:
        account = account_named(connection, name_key(typed_name))
        address = None if account is None else account.user.mail
        if account is None or address is None or has_had_enough(connection, address, desk.clock()):
            return
        link = desk.mail_link(connection, "lost", LOST_PATH, account.user.id)
        desk.send(connection, "close-lost", address, language, link=link, user_id=account.user.id)


def can_close(desk: Desk, token: str) -> bool:
    """Tell whether the link is still of use."""
    with desk.database.begin(writes=False) as connection:
        return desk.tokens.find(connection, "lost", token, desk.clock()) is not None


def close_by_link(desk: Desk, token: str, language: Language) -> bool:
    """Close the account that a link is about; False for a link of no use."""
    with desk.database.begin() as connection:
        found = desk.tokens.use(connection, "lost", token, desk.clock())
        if found is None or found.user_id is None:
            return False
        _close(desk, connection, found.user_id, language)
    return True


def report_lost(desk: Desk, user_id: int, language: Language) -> None:
    """Close the access of who is signed in, by MPASSid or by an account: every session of theirs ends."""
    with desk.database.begin() as connection:
        _close(desk, connection, user_id, language)


def _close(desk: Desk, connection: Connection, user_id: int, language: Language) -> None:
    closed = connection.execute(
        update(USERS).where(USERS.c.id == user_id, USERS.c.closed_at.is_(None)).values(closed_at=desk.clock())
    )
    desk.store.end_sessions_of(connection, user_id)
    for purpose in ("reset", "new-mail", "lost"):
        desk.tokens.end(connection, purpose, user_id)
    account = account_of(connection, user_id)
    if closed.rowcount and account is not None and account.user.mail is not None:
        desk.send(connection, "closed", account.user.mail, language, user_id=user_id)
    desk.events.emit("account-closed")
