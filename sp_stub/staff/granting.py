# SPDX-License-Identifier: Apache-2.0
"""Giving an itinerant teacher a product of a school: to an account that is there, or to one that is made for it.

The rules:
- An account is found by the user name or mail address that customer service was told; it must be a teacher's and open.
- Where there is none, a mail address makes one: its holder gets a message with a link to choose the password, and no
  password is ever told by customer service.
- What was given stands in the audit trail, with the number of the person and never their name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from federation.model import Language
from sp_stub.accounts.desk import Desk
from sp_stub.accounts.names import is_mail_address, name_key
from sp_stub.accounts.reset import CHOOSE_PATH
from sp_stub.data.accounts import Account, AccountExistsError, NewAccount, account_named, make_account
from sp_stub.data.audit_trail import Act, Subject, record
from sp_stub.data.grants import give
from sp_stub.staff.grant_form import GrantForm

_TEACHER: Final = "teacher"


class Granting:
    """Gives products to single people."""

    def __init__(self, accounts: Desk) -> None:
        """Give them to holders of `accounts`."""
        self._accounts = accounts

    def grant(self, form: GrantForm, customer: str, staff: str, language: Language, now: datetime) -> dict[str, str]:
        """Give what the form asks for; returns what is wrong by field, nothing when it is given."""
        self._accounts.seed()
        name = name_key(form.account)
        try:
            with self._accounts.database.begin() as connection:
                account = account_named(connection, name)
                if account is None:
                    problems = _new_account_problems(form, name)
                    if problems:
                        return problems
                    user = self._make(connection, form, name, customer, staff, language, now)
                else:
                    problem = _problem_of(account)
                    if problem is not None:
                        return {"account": problem}
                    user = account.user.id
                after = {"product": form.product, "school": form.code}
                act = Act(staff, "grant", Subject("user", str(user)), form.reason, after=after)
                if not give(connection, user, form.product, form.code, act, now):
                    return {"product": "granted-already"}
        except (AccountExistsError, IntegrityError):  # somebody made the same account a moment ago
            return {"account": "no-account"}
        return {}

    def _make(  # what an account is made of
        self,
        connection: Connection,
        form: GrantForm,
        mail: str,
        customer: str,
        staff: str,
        language: Language,
        now: datetime,
    ) -> int:
        held: dict[str, Any] = {
            "name": f"{form.given_name} {form.surname}",
            "given_name": form.given_name,
            "surname": form.surname,
            "role": _TEACHER,
            "schools": [],
            "products": [],
            "class_level": None,
        }
        new = NewAccount(user_name=mail, mail=mail, held=held, made_by="staff", customer=customer)
        user = make_account(connection, new, now)
        link = self._accounts.mail_link(connection, "reset", CHOOSE_PATH, user.id)
        self._accounts.send(connection, "choose-password", mail, language, link=link, user_id=user.id)
        record(connection, Act(staff, "create-account", Subject("user", str(user.id)), form.reason), now)
        return user.id


def _new_account_problems(form: GrantForm, mail: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not is_mail_address(mail):
        return {"account": "no-account"}
    if not form.given_name:
        problems["given_name"] = "missing-given-name"
    if not form.surname:
        problems["surname"] = "missing-surname"
    return problems


def _problem_of(account: Account) -> str | None:
    if account.user.closed_at is not None or account.user.blocked_at is not None:
        return "account-closed"
    return None if account.user.held.get("role") == _TEACHER else "not-a-teacher"
