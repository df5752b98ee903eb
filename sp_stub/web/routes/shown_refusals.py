# SPDX-License-Identifier: Apache-2.0
"""A refusal shown again, in another language: its first page answered a POST, which cannot be asked for anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import Response, request

from sp_stub.rules.decision import Decision
from sp_stub.web.refusal_address import PATH
from sp_stub.web.refusals import Refused
from sp_stub.web.routes.site import Route, Site


@dataclass(frozen=True)
class ShownRefusalRoutes:
    """The address that the language links of such a page lead to."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the address."""
        return (Route("GET", f"{PATH}/<token>", self.show),)

    def show(self, token: str) -> Response:
        """Show the refusal; what it says of the person, only to the browser in which they were refused."""
        site = self.site
        refused = site.answers.shown_again(token)
        if refused is None:
            return site.answers.fault(request, HTTPStatus.NOT_FOUND, "refusal-over")
        detail, decision = self._of_this_browser(refused)
        return site.answers.refused(request, replace(refused, detail=detail), decision)

    def _of_this_browser(self, refused: Refused) -> tuple[str | None, Decision | None]:
        site = self.site
        session = site.cookies.read(request, "session")
        answer = None if session is None else site.store.answer_of(session, site.clock())
        if answer is None or refused.request_id is None or answer.answer.get("request_id") != refused.request_id:
            return None, None
        decision = site.logins.decide(answer)
        return answer.answer.get("detail"), decision if decision.because == refused.because else None
