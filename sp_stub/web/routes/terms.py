# SPDX-License-Identifier: Apache-2.0
"""The terms of use: read by everybody, accepted by who signs in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, request

from sp_stub.rules.target import local_target
from sp_stub.web.form_token import forget_form_token
from sp_stub.web.own_pages import own_visit
from sp_stub.web.refusals import Refused
from sp_stub.web.routes.site import Route, Site

PATH: Final = "/kayttoehdot"


@dataclass(frozen=True)
class TermsRoutes:
    """Reading, accepting and declining."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", PATH, self.read),
            Route("POST", PATH, self.answer),
            Route("GET", f"{PATH}/hylatty", self.declined),
        )

    def read(self) -> Response:
        """Show the terms."""
        return self.site.doors.terms_page()

    def answer(self) -> Response:
        """Take the answer of who is signed in: whoever does not accept is signed out."""
        site = self.site
        visit, terms = own_visit(site), site.doors.terms
        if isinstance(visit, Response):
            return visit
        target = local_target(request.form.get("target"))
        if request.form.get("answer") == "accept":
            # only what was shown is accepted: the terms may have changed while the page was open
            if terms is not None and request.form.get("version") == terms.version:
                site.people.accept_terms(visit.user.id, terms.version, site.clock())
            return site.answers.to_self(target)
        site.store.end_session(visit.session)
        forget_form_token()
        response = site.answers.to_self(f"{PATH}/hylatty")
        site.cookies.take(response, "session")
        return response

    def declined(self) -> Response:
        """Say what it means not to accept."""
        return self.site.answers.refused(request, Refused("terms-not-accepted"))
