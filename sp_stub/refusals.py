# SPDX-License-Identifier: Apache-2.0
"""A refused login as an error page: what happened, the way out, whom to ask (facts-publisher, school not activated)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, Literal

from federation.model import Language
from party.pages import Action, Contact, ErrorPage, Pages
from sp_stub.config import ServiceConfig
from sp_stub.logins import LoginOutcome


@dataclass(frozen=True)
class _Way:
    """The way out of one refusal: its HTTP status, how many paragraphs advise, and where the button leads."""

    status: HTTPStatus
    advice: int
    action: Literal["own-account", "again", "materials"]


_WAYS: Final = {
    "school-not-activated": _Way(HTTPStatus.FORBIDDEN, 2, "own-account"),
    "no-school-data": _Way(HTTPStatus.FORBIDDEN, 2, "again"),
    "no-user-id": _Way(HTTPStatus.FORBIDDEN, 2, "again"),
    "login-refused": _Way(HTTPStatus.FORBIDDEN, 1, "again"),
    "response-not-accepted": _Way(HTTPStatus.BAD_REQUEST, 1, "again"),
    "request-unknown": _Way(HTTPStatus.BAD_REQUEST, 1, "again"),
    "response-consumed": _Way(HTTPStatus.BAD_REQUEST, 1, "materials"),
}
_URLS: Final = {"own-account": "/oma-tunnus", "again": "/kirjaudu", "materials": "/materials"}


def refusal_status(because: str) -> HTTPStatus:
    """Return the HTTP status of a refusal's page."""
    return _WAYS[because].status


def refusal_page(
    pages: Pages, config: ServiceConfig, outcome: LoginOutcome, language: Language, at: datetime
) -> ErrorPage:
    """Return the page of a refused login."""
    because = outcome.because
    if because is None:
        message = "the login was not refused"
        raise ValueError(message)
    way = _WAYS[because]
    return ErrorPage(
        heading=pages.message(language, f"refusal.{because}.heading"),
        happened=pages.message(language, f"refusal.{because}.happened"),
        advice=tuple(
            pages.message(language, f"refusal.{because}.advice-{number}") for number in range(1, way.advice + 1)
        ),
        action=Action(pages.message(language, f"refusal.action.{way.action}"), _URLS[way.action]),
        contact=service_contact(config, language, outcome.page),
        number=outcome.page,
        reason_id=because,
        at=at,
        request_id=outcome.request_id,
        detail=outcome.detail,
    )


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
        form_url=f"/yhteydenotto{query}",
    )
