# SPDX-License-Identifier: Apache-2.0
"""A refusal as an error page: what happened, the way out, whom to ask (facts-publisher, school not activated).

A login is refused when it ends, and an open session when what it rests on ends: the page is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, Literal

from federation.model import Language
from federation.reasons import REASONS
from party.pages import Action, Contact, ErrorPage, Pages
from sp_stub.config import ServiceConfig
from sp_stub.rules.days_in_words import moment_in_words
from sp_stub.rules.missing_code import MissingCode
from sp_stub.rules.target import HOME

CONTACT_FORM: Final = "/yhteydenotto"


@dataclass(frozen=True)
class _Way:
    """The way out of one refusal: its HTTP status, how many paragraphs advise, and where the button leads."""

    status: HTTPStatus
    advice: int
    action: Literal["own-account", "again", "materials", "contact"]


_WAYS: Final = {
    "school-not-activated": _Way(HTTPStatus.FORBIDDEN, 2, "own-account"),
    "no-school-data": _Way(HTTPStatus.FORBIDDEN, 2, "again"),
    "no-user-id": _Way(HTTPStatus.FORBIDDEN, 2, "again"),
    "contract-ended": _Way(HTTPStatus.FORBIDDEN, 2, "own-account"),
    "user-blocked": _Way(HTTPStatus.FORBIDDEN, 1, "contact"),
    "account-closed": _Way(HTTPStatus.FORBIDDEN, 1, "contact"),
    "service-break": _Way(HTTPStatus.SERVICE_UNAVAILABLE, 1, "again"),
    "no-licence": _Way(HTTPStatus.FORBIDDEN, 2, "materials"),
    "wrong-role": _Way(HTTPStatus.FORBIDDEN, 2, "materials"),
    "read-only-view": _Way(HTTPStatus.FORBIDDEN, 1, "materials"),
    "terms-not-accepted": _Way(HTTPStatus.FORBIDDEN, 2, "again"),
    "guardian-consent-missing": _Way(HTTPStatus.FORBIDDEN, 2, "again"),
    "cookies-needed": _Way(HTTPStatus.BAD_REQUEST, 2, "again"),
    "course-ended": _Way(HTTPStatus.FORBIDDEN, 1, "materials"),
    "login-refused": _Way(HTTPStatus.FORBIDDEN, 1, "again"),
    "response-not-accepted": _Way(HTTPStatus.BAD_REQUEST, 1, "again"),
    "request-unknown": _Way(HTTPStatus.BAD_REQUEST, 1, "again"),
    "response-consumed": _Way(HTTPStatus.BAD_REQUEST, 1, "materials"),
}
_URLS: Final = {"own-account": "/oma-tunnus", "again": "/kirjaudu", "materials": HOME, "contact": CONTACT_FORM}


SHOWN: Final = tuple(_WAYS)
"""The reasons that have a page here."""


def refusal_status(because: str) -> HTTPStatus:
    """Return the HTTP status of a refusal's page."""
    return _WAYS[because].status


@dataclass(frozen=True)
class Refused:
    """A refusal to show: why, and what the person who solves it wants to know.

    `opens_at` is set in a service break, `missing` where a school code seems to be missing. `asked_for` is where a login
    was to lead. `at` is when it was refused, now unless it is shown again.
    """

    because: str
    request_id: str | None = None
    detail: str | None = None
    opens_at: datetime | None = None
    missing: MissingCode | None = None
    asked_for: str = ""
    at: datetime | None = None


def refusal_page(pages: Pages, config: ServiceConfig, refused: Refused, language: Language, at: datetime) -> ErrorPage:
    """Return the page of a refusal."""
    because = refused.because
    way, number = _WAYS[because], REASONS[because].page
    url = _URLS[way.action]
    return ErrorPage(
        heading=pages.message(language, f"refusal.{because}.heading"),
        happened=pages.message(language, f"refusal.{because}.happened"),
        advice=(
            *_opens(pages, refused, language),
            *(pages.message(language, f"refusal.{because}.advice-{index}") for index in range(1, way.advice + 1)),
        ),
        action=Action(
            pages.message(language, f"refusal.action.{way.action}"),
            f"{url}?number={number}" if url == CONTACT_FORM else url,
        ),
        contact=service_contact(config, language, number),
        number=number,
        reason_id=because,
        at=at,
        request_id=refused.request_id,
        detail=refused.detail,
    )


def _opens(pages: Pages, refused: Refused, language: Language) -> Iterator[str]:
    if refused.opens_at is not None:
        when = moment_in_words(refused.opens_at, language)
        yield pages.message(language, "refusal.service-break.opens", when=when)


def error_line(config: ServiceConfig, because: str | None) -> str | None:
    """Return the line that people quote to customer service, the same in every language; only 105 has one."""
    if because != "school-not-activated":
        return None
    return f"Error code 105: MPASS users school(s) are not {config.publisher.name.fi} MPASS schools."


def service_contact(config: ServiceConfig, language: Language, number: int | None) -> Contact:
    """Return how customer service is reached, with its form for a message about error `number`."""
    contact = config.publisher.contact
    query = "" if number is None else f"?number={number}"
    return Contact(
        mail=contact.mail,
        phone=contact.phone,
        hours=contact.hours.in_language(language),
        form_url=f"{CONTACT_FORM}{query}",
    )
