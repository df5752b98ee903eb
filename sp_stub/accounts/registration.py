# SPDX-License-Identifier: Apache-2.0
"""Registering an account of one's own, where the municipality has no agreement with the publisher.

The rules:
- The mail address is the user name (facts-publisher, accounts). Nothing is an account before the link in the mail was
  followed: an address that somebody else registers stays free.
- The link asks for the password that was chosen: who owns the address, but did not register, cannot make the account of
  somebody who did.
- Whoever registers is told the same, whether the address has an account or not; what there is stands in the mail.
- A child under 15 names a guardian, who gets a link of their own; until the guardian consents, nothing opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from federation.model import Language
from sp_stub.accounts.consent import send_consent_link
from sp_stub.accounts.desk import Desk
from sp_stub.data.accounts import AccountExistsError, NewAccount, account_named, make_account
from sp_stub.data.mail_tokens import MailToken
from sp_stub.data.sent_mail import has_had_enough

CONFIRM_PATH: Final = "/oma-tunnus/vahvista"
ROLE: Final = "additional-user"
"""Nobody has verified what a person who registers is at a school, so they get nothing that is for teachers."""

Confirmation: TypeAlias = Literal["made", "wrong", "locked", "gone"]


@dataclass(frozen=True)
class Registration:
    """What a person registers with, checked; `of_age_on` is the 15th birthday of who is younger."""

    given_name: str
    surname: str
    mail: str
    password: str
    municipality: str | None
    of_age_on: date | None = None
    guardian_mail: str | None = None


def register(desk: Desk, registration: Registration, language: Language) -> None:
    """Send the link that makes the account, or, where there is one already, a message that says so.

    Raises `PasswordsBusyError`.
    """
    password_hash = desk.hashes.hash(registration.password)
    mail = registration.mail.casefold()
    desk.seed()
    with desk.database.begin() as connection:
        if has_had_enough(connection, mail, desk.clock()):
            return
        if account_named(connection, mail) is not None:
            desk.send(connection, "already-registered", mail, language, link=f"{desk.origin}/kirjaudu")
            return
        content = {
            "given_name": registration.given_name,
            "surname": registration.surname,
            "mail": mail,
            "password_hash": password_hash,
            "municipality": registration.municipality,
            "of_age_on": None if registration.of_age_on is None else registration.of_age_on.isoformat(),
            "guardian_mail": registration.guardian_mail,
        }
        link = desk.mail_link(connection, "registration", CONFIRM_PATH, None, **content)
        desk.send(connection, "confirm-registration", mail, language, link=link)


def can_confirm(desk: Desk, token: str) -> bool:
    """Tell whether the link is still of use."""
    with desk.database.begin(writes=False) as connection:
        return desk.tokens.find(connection, "registration", token, desk.clock()) is not None


def confirm(desk: Desk, token: str, password: str, language: Language) -> Confirmation:
    """Make the account that the link stands for, for who knows its password; raises `PasswordsBusyError`."""
    now = desk.clock()
    with desk.database.begin(writes=False) as connection:
        found = desk.tokens.find(connection, "registration", token, now)
    if found is None:
        return "gone"
    if desk.tries.admit(f"registration\n{token}", now) is not None:
        return "locked"
    if not desk.hashes.verify(found.content["password_hash"], password):
        return "wrong"
    try:
        with desk.database.begin() as connection:
            if desk.tokens.use(connection, "registration", token, now) is None:
                return "gone"
            _make(desk, connection, found, language)
    except (AccountExistsError, IntegrityError):
        return "gone"
    desk.events.emit("account-made", way="registration")
    return "made"


def _make(desk: Desk, connection: Connection, found: MailToken, language: Language) -> None:
    content = found.content
    names = content["given_name"], content["surname"]
    held = {
        "name": " ".join(names),
        "given_name": names[0],
        "surname": names[1],
        "role": ROLE,
        "schools": [],
        "products": [],
        "class_level": None,
        "municipality": content["municipality"],
    }
    of_age_on = None if content["of_age_on"] is None else date.fromisoformat(content["of_age_on"])
    new = NewAccount(
        user_name=content["mail"],
        mail=content["mail"],
        held=held,
        made_by="registration",
        password_hash=content["password_hash"],
        of_age_on=of_age_on,
        guardian_mail=content["guardian_mail"],
    )
    user = make_account(connection, new, desk.clock())
    if content["guardian_mail"] is not None:
        send_consent_link(desk, connection, user.id, content["guardian_mail"], language)
