# SPDX-License-Identifier: Apache-2.0
"""What customer service asks for to let an itinerant teacher without MPASS into a product, and what is wrong with it.

Municipality, institution and its code must fit one another: a code alone is easily mistyped, and one digit away is
another school (facts-publisher, teacher at two schools). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sp_stub.accounts.names import display_name
from sp_stub.rules.business import Business
from sp_stub.rules.finnish_time import finnish_day
from sp_stub.staff.reasons import read_reason
from sp_stub.staff.schools import SchoolRegister, is_named

FIELDS: Final = ("municipality", "school", "code", "product", "account", "given_name", "surname", "reason")
"""In the order of the form."""
_CODE: Final = re.compile(r"[0-9]{5}", re.ASCII)
_MAX_FIELD: Final = 254
_MAX_NAME: Final = 50


@dataclass(frozen=True)
class GrantForm:
    """The form as it was filled in; `problems` are by field, in the order of the form."""

    municipality: str = ""
    school: str = ""
    code: str = ""
    product: str = ""
    account: str = ""
    given_name: str = ""
    surname: str = ""
    reason: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def read_grant_form(typed: Mapping[str, str]) -> GrantForm:
    """Return what was filled in, one line a field, bounded."""

    def one_line(name: str, most: int = _MAX_FIELD) -> str:
        return display_name(typed.get(name, ""))[:most]

    return GrantForm(
        municipality=one_line("municipality"),
        school=one_line("school"),
        code=one_line("code"),
        product=one_line("product"),
        account=one_line("account"),
        given_name=one_line("given_name", _MAX_NAME),
        surname=one_line("surname", _MAX_NAME),
        reason=read_reason(typed.get("reason", "")).text,
    )


def grant_problems(form: GrantForm, register: SchoolRegister, business: Business, now: datetime) -> dict[str, str]:
    """Return what is wrong with the form itself; whose account it is, is looked at afterwards."""
    problems: dict[str, str] = _school_problems(form, register)
    if form.product not in business.products:
        problems["product"] = "unknown-product"
    elif not problems and not business.has_contract(business.customer_of(form.code), now):
        problems["municipality"] = "contract-ended"
    elif not problems and not _is_licensed(form, business, finnish_day(now)):
        problems["product"] = "not-licensed"
    if not form.account:
        problems["account"] = "missing-account"
    reason = read_reason(form.reason)
    if reason.problem is not None:
        problems["reason"] = f"{reason.problem}-reason"
    return problems


def _is_licensed(form: GrantForm, business: Business, today: date) -> bool:
    return any(
        licence.product == form.product
        and (licence.first_day is None or licence.first_day <= today)
        and (licence.last_day is None or today <= licence.last_day)
        for licence in business.licences.get(form.code, ())
    )


def _school_problems(form: GrantForm, register: SchoolRegister) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not form.municipality:
        problems["municipality"] = "missing-municipality"
    if not form.school:
        problems["school"] = "missing-school"
    if not _CODE.fullmatch(form.code):
        return {**problems, "code": "bad-code"}
    school = register.schools.get(form.code)
    if school is None:
        return {**problems, "code": "unknown-code"}
    if form.municipality and not is_named(school.customer_name, form.municipality):
        problems["municipality"] = "other-municipality"
    if form.school and not is_named(school.name, form.school):
        problems["school"] = "other-school"
    return problems
