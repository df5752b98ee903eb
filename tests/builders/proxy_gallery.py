# SPDX-License-Identifier: Apache-2.0
"""Every page of the proxy that no login needs to be under way for, each at its own address, with its real headers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from satosa.response import Response

from federation.model import Language
from federation.reasons import REASONS, Refusal
from party.events import Events
from party.front import in_front
from party.language import language_of
from proxy.pages import ProxyPages
from proxy.pages.refusals import text_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NOW: Final = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)
ORIGIN: Final = "http://localhost:8000"
FIELDS: Final = {"SAMLResponse": "PHg+", "RelayState": "a&b"}

PAGES: Final = ProxyPages(lambda: NOW, [])

_Page = Callable[[Language, str], Response]


def _refusal(reason_id: str) -> _Page:
    def page(language: Language, address: str) -> Response:
        refusal = Refusal(reason_id)
        request_id = "_" + "0123456789abcdef" * 2
        if refusal.reason.status is not None:
            back = PAGES.continue_form(language, "/acs", FIELDS)
            return PAGES.refusal(language, refusal, request_id, continue_form=back, address=address)
        action = PAGES.search_again(language, "/picker") if reason_id == "source-unknown" else None
        return PAGES.refusal(language, refusal, request_id, action=action, address=address)

    return page


def _refusal_of_a_remembered_person(language: Language, address: str) -> Response:
    refusal = Refusal("test-learner-id-not-allowed")
    back = PAGES.continue_form(language, "/acs", FIELDS)
    action = PAGES.log_out(language, "/logout")
    return PAGES.refusal(language, refusal, "_1", continue_form=back, action=action, address=address)


def _gallery() -> dict[str, _Page]:
    """Return one page of each text, named after the first reason that is told with it, and the pages without one."""
    by_text = {text_of(reason.id): reason.id for reason in reversed(REASONS.values()) if reason.at == "proxy"}
    return {
        **{f"refusal/{text}": _refusal(reason_id) for text, reason_id in sorted(by_text.items())},
        "refusal/of-a-remembered-person": _refusal_of_a_remembered_person,
        "not-found": PAGES.not_found,
        "bad-request": lambda language, _: PAGES.bad_request(language),
        "method-not-allowed": lambda language, _: PAGES.method_not_allowed(language, ("POST",)),
        "logout": lambda language, address: PAGES.page(language, "logout.html", address),
        "post": lambda language, _: PAGES.post(language, "/acs", FIELDS),
    }


GALLERY: Final = _gallery()


def gallery_app() -> WSGIApplication:
    """Return an app with `GALLERY` at the paths of its names; anything posted is answered with no content."""
    events = Events("proxy", lambda: NOW, lambda _: None)
    return in_front(_show, part="proxy", origin=ORIGIN, pages=PAGES.pages, events=events, ready=lambda: None)


def _show(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "POST":
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))  # unread, it would reset the connection
        start_response("204 No Content", [])
        return [b""]
    path = environ["PATH_INFO"]
    response = GALLERY[path.removeprefix("/")](language_of("proxy", ORIGIN, environ), path)
    start_response(response.status, response.headers)
    body: bytes = response.message
    return [body]
