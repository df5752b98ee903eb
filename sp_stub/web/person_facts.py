# SPDX-License-Identifier: Apache-2.0
"""What is held on a person, as rows of a page: label and value, in a language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from federation.model import Language
from party.pages import Pages
from sp_stub.data.users import User
from sp_stub.rules.person import PersonSchool
from sp_stub.web.moments import said

if TYPE_CHECKING:
    from sp_stub.web.routes.site import Visit

_NUMBERED = frozenset("123456")


def own_facts(pages: Pages, language: Language, visit: Visit) -> list[tuple[str, str]]:
    """Return what the person who is signed in reads of themselves."""
    user = visit.user
    return [
        *person_facts(pages, language, user),
        (pages.message(language, "data.fact.schools"), _schools(pages, language, visit.person.schools)),
        (pages.message(language, "data.fact.first_seen"), said(user.first_seen, language)),
        (pages.message(language, "data.fact.terms"), _terms(pages, language, user)),
    ]


def person_facts(pages: Pages, language: Language, user: User) -> list[tuple[str, str]]:
    """Return what somebody who may see a person reads of them."""
    nothing = pages.message(language, "data.fact.nothing")
    return [
        (pages.message(language, "data.fact.name"), str(user.held.get("name") or nothing)),
        (pages.message(language, "data.fact.mail"), user.mail or nothing),
        (pages.message(language, "data.fact.last_seen"), said(user.last_seen, language)),
    ]


def _schools(pages: Pages, language: Language, schools: Iterable[PersonSchool]) -> str:
    lines = [
        f"{school.name or school.code} ({school.code}): "
        + ", ".join(
            " ".join(filter(None, (_role(pages, language, role.code, role.name), role.group))) for role in school.roles
        )
        for school in schools
    ]
    return "; ".join(lines) or pages.message(language, "data.fact.nothing")


def _role(pages: Pages, language: Language, number: str, name: str) -> str:
    return pages.message(language, f"role.{number}") if number in _NUMBERED else name


def _terms(pages: Pages, language: Language, user: User) -> str:
    if user.terms_version is None or user.terms_accepted_at is None:
        return pages.message(language, "data.fact.terms_not_accepted")
    return pages.message(
        language, "data.fact.terms_accepted", version=user.terms_version, at=said(user.terms_accepted_at, language)
    )
