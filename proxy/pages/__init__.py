# SPDX-License-Identifier: Apache-2.0
"""The proxy's pages as answers: the picker, the form that carries a response on, and every refusal in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from satosa.response import Response

from federation.model import Language, SchoolType
from federation.reasons import Refusal
from party.clock import Clock
from party.pages import Action, Contact, ContinueForm, ErrorPage, Look, Pages, headers
from proxy.pages.refusals import http_status, text_of

LOOK: Final = Look(
    name="proxy.name",
    accent="#1b4f9c",
    owner="proxy.owner",
    operator="proxy.operator",
)

_HTML: Final = ("Content-Type", "text/html; charset=utf-8")


@cache
def _pages() -> Pages:
    """Return the pages; they are the same for every proxy of a process, and compiling them is most of its start."""
    return Pages("proxy", LOOK, keep=("q",))


class ProxyPages:
    """Makes the proxy's answers; `form_targets` are the origins its forms may end up at."""

    def __init__(self, clock: Clock, form_targets: Sequence[str]) -> None:
        """Load templates and catalogues; raises where one is incomplete."""
        self.pages = _pages()
        self._clock = clock
        self._form_targets = tuple(form_targets)

    def page(self, language: Language, template: str, address: str, **values: Any) -> Response:  # noqa: ANN401
        """Return one of the proxy's own pages, 200."""
        html = self.pages.render(template, language, address=address, **values)
        return self._answer(html, "200 OK")

    def picker(self, language: Language, address: str, **values: Any) -> Response:  # noqa: ANN401
        """Return the school picker, whose script may ask this origin for suggestions."""
        levels = tuple(level.value for level in SchoolType if level is not SchoolType.OFFICE)
        html = self.pages.render(
            "picker.html", language, address=address, levels=levels, contact=self._contact(language), **values
        )
        return self._answer(html, "200 OK", may_fetch=True)

    def post(self, language: Language, action: str, fields: Mapping[str, str]) -> Response:
        """Return the page that posts `fields` to a service by itself, or by its button without JavaScript."""
        html = self.pages.render("saml_post.html", language, address=None, action=action, fields=dict(fields))
        return self._answer(html, "200 OK")

    def refusal(
        self,
        language: Language,
        refusal: Refusal,
        request_id: str | None,
        *,
        continue_form: ContinueForm | None = None,
        action: Action | None = None,
        address: str | None = None,
        at: datetime | None = None,
    ) -> Response:
        """Return the page that says why a login ends here, what to do and whom to contact.

        `address` is where a GET gives this page again, `at` when it was refused, now unless given.
        """
        page = replace(
            self._error_page(language, text_of(refusal.reason_id), refusal.reason_id),
            at=at or self._clock(),
            request_id=request_id,
            continue_form=continue_form,
            action=action,
            detail=refusal.reason.sentence,
        )
        return self._answer(self.pages.refusal(language, page, address=address), http_status(refusal.reason_id))

    def not_found(self, language: Language, address: str | None = None) -> Response:
        """Return 404 for an address that the proxy does not have."""
        page = self._error_page(language, "not-found", "not-found")
        return self._answer(self.pages.refusal(language, page, address=address), "404 Not Found")

    def bad_request(self, language: Language) -> Response:
        """Return 400 for a request that cannot be read."""
        page = self._error_page(language, "bad-request", "bad-request")
        return self._answer(self.pages.refusal(language, page, address=None), "400 Bad Request")

    def method_not_allowed(self, language: Language, allowed: Sequence[str]) -> Response:
        """Return 405, naming the methods that the address answers."""
        page = self._error_page(language, "bad-request", "method-not-allowed")
        response = self._answer(self.pages.refusal(language, page, address=None), "405 Method Not Allowed")
        response.headers.append(("Allow", ", ".join(allowed)))
        return response

    def continue_form(self, language: Language, url: str, fields: Mapping[str, str]) -> ContinueForm:
        """Return the button that takes a refused person back to the service."""
        return ContinueForm(self.pages.message(language, "proxy.continue"), url, fields)

    def search_again(self, language: Language, path: str) -> Action:
        """Return the button that takes a person back to the school picker."""
        return Action(self.pages.message(language, "proxy.picker.search-again"), path)

    def log_out(self, language: Language, path: str) -> Action:
        """Return the button by which a remembered person makes room for somebody else."""
        return Action(self.pages.message(language, "proxy.logout.action"), path)

    def _error_page(self, language: Language, text: str, reason_id: str) -> ErrorPage:
        def say(message_id: str) -> str:
            return self.pages.message(language, message_id)

        return ErrorPage(
            heading=say(f"proxy.refusal.{text}.heading"),
            happened=say(f"proxy.refusal.{text}.happened"),
            advice=(say(f"proxy.refusal.{text}.advice"),),
            reason_id=reason_id,
            at=self._clock(),
            contact=self._contact(language),
        )

    def _contact(self, language: Language) -> Contact:
        hours = self.pages.message(language, "proxy.contact.hours")
        return Contact(mail="tuki@mpass-testbed.example", phone="029 000 0000", hours=hours)

    def _answer(self, html: str, status: str, *, may_fetch: bool = False) -> Response:
        fields = [_HTML, *headers(self._form_targets, may_fetch=may_fetch)]
        return Response(html.encode(), status=status, headers=fields)
