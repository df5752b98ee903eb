# SPDX-License-Identifier: Apache-2.0
"""How a service answers a browser: pages with their headers, in the person's language, and redirects to itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeAlias

from flask import Request, Response
from flask_wtf.csrf import generate_csrf

from federation.model import LANGUAGES, Language
from party.clock import Clock
from party.language import LANGUAGE_PARAMETER, language_cookie, language_of
from party.pages import Action, ErrorPage, Pages, headers
from sp_stub.config import PORTAL_NAME, ServiceConfig
from sp_stub.rules.decision import Decision
from sp_stub.rules.target import HOME, came_by_portal
from sp_stub.web.refusal_address import RefusalAddresses
from sp_stub.web.refusals import Refused, error_line, refusal_page, refusal_status, service_contact

Around: TypeAlias = Callable[[Language], Mapping[str, Any]]
"""Returns values that every page of a request is shown with."""


def nothing_around(_language: Language) -> Mapping[str, Any]:
    """Return nothing to stand around a page."""
    return {}


class Answers:
    """The answers of one service."""

    def __init__(
        self,
        config: ServiceConfig,
        pages: Pages,
        clock: Clock,
        around: Around = nothing_around,
        refusals: RefusalAddresses | None = None,
    ) -> None:
        """Answer with `pages` for the service of `config`; `around` gives what stands around each of them.

        `refusals` gives addresses to those that answer a POST, for their language links.
        """
        self.config = config
        self.pages = pages
        self._clock = clock
        self._around = around
        self._refusals = refusals

    def language(self, request: Request) -> Language:
        """Return the language of a request."""
        return language_of(self.config.simulated, self.config.origin, request.environ)

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **values: Any,  # noqa: ANN401  # whatever the template takes
    ) -> Response:
        """Answer with a page."""
        language = self.language(request)
        address = self._address(request)
        common = self._common(language, self._asked_for(request))
        html = self.pages.render(template, language, address=address, **common, **values)
        response = self._html(html, status)
        self.remember_language(request, response)
        return response

    def remember_language(self, request: Request, response: Response) -> None:
        """Make the browser remember the language that the address asks for, if it does."""
        if request.args.get(LANGUAGE_PARAMETER) in LANGUAGES:
            cookie = language_cookie(self.config.simulated, self.config.origin, self.language(request))
            response.headers.add("Set-Cookie", cookie)

    def refused(
        self, request: Request, refused: Refused, decision: Decision | None = None, language: Language | None = None
    ) -> Response:
        """Answer with the page of a refusal; `language` is the one the login began in, else the request's."""
        language = language or self.language(request)
        because, now = refused.because, self._clock()
        at = refused.at or now
        html = self.pages.render(
            "refused.html",
            language,
            address=self._address(request) or self._address_of(refused, at),
            page=refusal_page(self.pages, self.config, refused, language, at),
            error_line=error_line(self.config, because),
            schools=() if decision is None else (*decision.ended, *decision.not_activated),
            missing=refused.missing,
            **self._common(language, refused.asked_for or self._asked_for(request)),
        )
        response = self._html(html, refusal_status(because))
        if refused.opens_at is not None:
            response.headers["Retry-After"] = str(max(1, math.ceil((refused.opens_at - now).total_seconds())))
        self.remember_language(request, response)
        return response

    def shown_again(self, token: str) -> Refused | None:
        """Return the refusal that an address of ours shows again, `None` where it is over or was not made here."""
        return None if self._refusals is None else self._refusals.read(token, self._clock())

    def fault(self, request: Request, status: HTTPStatus, fault: str) -> Response:
        """Answer with an error page about the request itself; `fault` is its id in the catalogue and on the page."""
        language = self.language(request)
        page = ErrorPage(
            heading=self.pages.message(language, f"fault.{fault}.heading"),
            happened=self.pages.message(language, f"fault.{fault}.happened"),
            action=Action(self.pages.message(language, "fault.action"), "/"),
            contact=service_contact(self.config, language, None),
            reason_id=fault,
            at=self._clock(),
        )
        address = self._address(request)
        html = self.pages.render("error.html", language, address=address, page=page, **self._common(language))
        return self._html(html, status)

    def to_self(self, path: str, status: HTTPStatus = HTTPStatus.SEE_OTHER) -> Response:
        """Send the browser to a path of this service, by its whole address so that no path is read as a host."""
        return self.away(f"{self.config.origin}{path}", status)

    def away(self, url: str, status: HTTPStatus = HTTPStatus.FOUND) -> Response:
        """Send the browser to an address."""
        response = Response(status=status)
        response.headers["Location"] = url
        response.headers.extend(headers())
        return response

    def _asked_for(self, request: Request) -> str:
        """Return what somebody opens, or where the login leads to whose page they are on."""
        return request.args.get("target") or f"?{request.query_string.decode('ascii', 'replace')}"

    def _address(self, request: Request) -> str | None:
        """Return what the language links lead to; a page that answers a POST cannot be asked for again."""
        if request.method == "POST" or request.path.startswith("//"):
            return None
        query = request.query_string.decode("ascii", "replace")
        return f"{request.path}?{query}" if query else request.path

    def _address_of(self, refused: Refused, at: datetime) -> str | None:
        return None if self._refusals is None else self._refusals.address(refused, at)

    def _common(self, language: Language, asked_for: str = "") -> dict[str, Any]:
        portal = self.config.portal_origin if came_by_portal(asked_for) else None
        return {
            # called only by a page with a form: who calls it gets a cookie
            "csrf_token": generate_csrf,
            "is_publisher": self.config.simulated == "publisher",
            "contact": service_contact(self.config, language, None),
            "portal": None if portal is None else Action(PORTAL_NAME.in_language(language), f"{portal}{HOME}"),
            **self._around(language),
        }

    def _html(self, html: str, status: HTTPStatus) -> Response:
        response = Response(html, status=status, content_type="text/html; charset=utf-8")
        response.headers.extend(headers())
        return response
