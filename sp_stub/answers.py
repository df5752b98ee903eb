# SPDX-License-Identifier: Apache-2.0
"""How a service answers a browser: pages with their headers, in the person's language, and redirects to itself."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Request, Response

from federation.model import LANGUAGES, Language
from party.clock import Clock
from party.language import LANGUAGE_PARAMETER, language_cookie, language_of
from party.pages import Action, ErrorPage, Pages, headers
from sp_stub.config import ServiceConfig
from sp_stub.refusals import service_contact


class Answers:
    """The answers of one service."""

    def __init__(self, config: ServiceConfig, pages: Pages, clock: Clock) -> None:
        """Answer with `pages` for the service of `config`."""
        self.config = config
        self.pages = pages
        self._clock = clock

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
        html = self.pages.render(template, language, address=address, **self._common(language), **values)
        response = self._html(html, status)
        self.remember_language(request, response)
        return response

    def remember_language(self, request: Request, response: Response) -> None:
        """Make the browser remember the language that the address asks for, if it does."""
        if request.args.get(LANGUAGE_PARAMETER) in LANGUAGES:
            cookie = language_cookie(self.config.simulated, self.config.origin, self.language(request))
            response.headers.add("Set-Cookie", cookie)

    def refused(
        self, language: Language, page: ErrorPage, status: HTTPStatus, *, error_line: str | None, schools: object
    ) -> Response:
        """Answer with the page of a refused login: it came by POST, so there is no address to show it again."""
        html = self.pages.render(
            "refused.html", language, address=None, page=page, error_line=error_line, schools=schools
        )
        return self._html(html, status)

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
        return self._html(self.pages.refusal(language, page, address=self._address(request)), status)

    def to_self(self, path: str, status: HTTPStatus = HTTPStatus.SEE_OTHER) -> Response:
        """Send the browser to a path of this service, by its whole address so that no path is read as a host."""
        return self.away(f"{self.config.origin}{path}", status)

    def away(self, url: str, status: HTTPStatus = HTTPStatus.FOUND) -> Response:
        """Send the browser to an address."""
        response = Response(status=status)
        response.headers["Location"] = url
        response.headers.extend(headers())
        return response

    def _address(self, request: Request) -> str | None:
        """Return what the language links lead to; a page that answers a POST cannot be asked for again."""
        if request.method == "POST" or request.path.startswith("//"):
            return None
        query = request.query_string.decode("ascii", "replace")
        return f"{request.path}?{query}" if query else request.path

    def _common(self, language: Language) -> dict[str, Any]:
        return {
            "is_publisher": self.config.simulated == "publisher",
            "contact": service_contact(self.config, language, None),
        }

    def _html(self, html: str, status: HTTPStatus) -> Response:
        response = Response(html, status=status, content_type="text/html; charset=utf-8")
        response.headers.extend(headers())
        return response
