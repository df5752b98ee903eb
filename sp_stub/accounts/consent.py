# SPDX-License-Identifier: Apache-2.0
"""A guardian's consent to the account of a child under 15, by a link that goes to the guardian's address.

Only a contract of one's own asks for it: with a customer's contract the data are the customer's (facts-publisher,
terms). Whoever turns 15 needs it no longer. A newer link ends the older one.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from federation.model import Language
from sp_stub.accounts.desk import Desk
from sp_stub.data.accounts import Account, account_of, ask_guardian, give_consent
from sp_stub.data.sent_mail import has_had_enough

PATH: Final = "/oma-tunnus/suostumus"


def ask_consent(desk: Desk, account: Account, guardian_mail: str, language: Language) -> None:
    """Send a guardian the link; nothing when the address has had enough mail for now."""
    with desk.database.begin() as connection:
        if not has_had_enough(connection, guardian_mail, desk.clock()):
            ask_guardian(connection, account.user.id, guardian_mail)
            send_consent_link(desk, connection, account.user.id, guardian_mail, language)


def send_consent_link(desk: Desk, connection: Connection, user_id: int, guardian_mail: str, language: Language) -> None:
    """Send a guardian the link, within the caller's transaction."""
    link = desk.mail_link(connection, "consent", PATH, user_id)
    desk.send(connection, "consent", guardian_mail, language, link=link, user_id=user_id)


def awaiting_consent(desk: Desk, token: str) -> Account | None:
    """Return the child's account that a link is about, `None` for a link of no use."""
    with desk.database.begin(writes=False) as connection:
        found = desk.tokens.find(connection, "consent", token, desk.clock())
        return None if found is None or found.user_id is None else account_of(connection, found.user_id)


def consent(desk: Desk, token: str) -> bool:
    """Take a guardian's consent; False for a link of no use."""
    now = desk.clock()
    with desk.database.begin() as connection:
        found = desk.tokens.use(connection, "consent", token, now)
        if found is None or found.user_id is None:
            return False
        give_consent(connection, found.user_id, now)
    desk.events.emit("account-consented")
    return True
