# SPDX-License-Identifier: Apache-2.0
"""The forms of personal accounts: what was typed, and what is wrong with it. Pure.

A problem is a message id by the field it stands beside. A form reads its own fields by name and nothing else, so that
no other field of a request can change anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sp_stub.accounts.names import MAX_DISPLAY_NAME, display_name, is_mail_address, name_key
from sp_stub.accounts.new_password import new_password_problems
from sp_stub.accounts.registration import Registration

CONSENT_AGE: Final = 15
OTHER: Final = "other"
MAX_PERSON_NAME: Final = 60
_OLDEST: Final = 120


@dataclass(frozen=True)
class SignInForm:
    """The form of a sign-in: the name as typed, where it leads, and what was wrong; never the password."""

    target: str
    name: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RegistrationForm:
    """The form of a registration as it was filled in, its passwords left out; `registration` when it can be sent."""

    municipality: str
    given_name: str = ""
    surname: str = ""
    mail: str = ""
    age: str = ""
    birthday: str = ""
    guardian_mail: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    registration: Registration | None = None


def read_registration(typed: Mapping[str, str], today: date) -> RegistrationForm:
    """Return what was filled in, with its problems, or with the registration it makes."""
    names = {name: display_name(typed.get(name, "")) for name in ("given_name", "surname")}
    mail, guardian = name_key(typed.get("mail", "")), name_key(typed.get("guardian_mail", ""))
    age, birthday = typed.get("age", ""), typed.get("birthday", "").strip()
    problems = {name: f"register.problem.{name}" for name, text in names.items() if not _is_person_name(text)}
    if not is_mail_address(mail):
        problems["mail"] = "account.problem.mail"
    password = typed.get("password", "")
    problems |= new_password_problems((mail, *names.values()), password, typed.get("repeated", ""))
    of_age_on = fifteenth_birthday(birthday)
    problems |= _age_problems(age, of_age_on, today)
    is_child = age == "under"
    if is_child and (not is_mail_address(guardian) or guardian == mail):
        problems["guardian_mail"] = "register.problem.guardian_mail"
    municipality = typed.get("municipality", OTHER)
    registration = None
    if not problems:
        registration = Registration(
            given_name=names["given_name"],
            surname=names["surname"],
            mail=mail,
            password=password,
            municipality=None if municipality == OTHER else municipality,
            of_age_on=of_age_on if is_child else None,
            guardian_mail=guardian if is_child else None,
        )
    kept = {"mail": typed.get("mail", "").strip(), "guardian_mail": typed.get("guardian_mail", "").strip()}
    return RegistrationForm(
        municipality, **names, **kept, age=age, birthday=birthday, problems=problems, registration=registration
    )


def fifteenth_birthday(text: str) -> date | None:
    """Return the day on which who was born on the day in `text` (such as 2014-03-31) turns 15; `None` for no day."""
    try:
        born = date.fromisoformat(text)
        # who was born on 29 February is a year older on 1 March (Act on the calculation of statutory time limits)
        return (
            date(born.year + CONSENT_AGE, 3, 1)
            if (born.month, born.day) == (2, 29)
            else born.replace(year=born.year + CONSENT_AGE)
        )
    except ValueError:
        return None


def read_display_name(typed: str) -> tuple[str | None, Mapping[str, str]]:
    """Return a chosen name, `None` where it is left empty, and what is wrong with it."""
    name = display_name(typed)
    if len(name) > MAX_DISPLAY_NAME:
        return name, {"display_name": "data.problem.display_name"}
    return name or None, {}


def read_optional_mail(typed: str) -> tuple[str | None, Mapping[str, str]]:
    """Return a mail address, `None` where it is left empty, and what is wrong with it."""
    address = name_key(typed)
    if address and not is_mail_address(address):
        return typed.strip(), {"mail": "account.problem.mail"}
    return address or None, {}


def _is_person_name(text: str) -> bool:
    return 0 < len(text) <= MAX_PERSON_NAME


def _age_problems(age: str, of_age_on: date | None, today: date) -> dict[str, str]:
    if age == "15":
        return {}
    if age != "under":
        return {"age": "register.problem.age"}
    if of_age_on is None or of_age_on.year - CONSENT_AGE < today.year - _OLDEST:
        return {"birthday": "register.problem.birthday"}
    if of_age_on <= today:
        return {"birthday": "register.problem.old_enough"}
    if of_age_on.year > today.year + CONSENT_AGE:
        return {"birthday": "register.problem.birthday"}
    return {}
