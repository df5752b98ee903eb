# SPDX-License-Identifier: Apache-2.0
"""The attribute test: every attribute that a login brought to this service, with a verdict (facts-mpassid 11).

It shows what came also to whom the service refuses: they need it most. Nobody else's values are ever shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, jsonify, request

from party.run_token import AUTHORIZATION, holds_run_token
from sp_stub.data.login_store import StoredAnswer
from sp_stub.rules.attribute_report import JudgedLogin, document, report
from sp_stub.rules.attribute_verdicts import judged
from sp_stub.rules.target import ATTRIBUTE_TEST
from sp_stub.web.routes.site import LOGIN_PAGE, Route, Site


@dataclass(frozen=True)
class AttributeTestRoutes:
    """The test of both services, each of what it received itself."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", ATTRIBUTE_TEST, self.page),
            Route("GET", f"{ATTRIBUTE_TEST}.json", self.json),
        )

    def page(self) -> Response:
        """Show the verdicts to the person whose values they are, and the way in to everybody else."""
        site = self.site
        tested = self._tested()
        return site.answers.page(
            request,
            "attribute_test.html",
            tested=tested,
            report=None if tested is None else report(tested),
            sign_in=f"{LOGIN_PAGE}/mpassid?target={ATTRIBUTE_TEST}",
            proxy_page=f"{site.settings.config.proxy_origin}/idp/profile/attributes",
        )

    def json(self) -> Response:
        """Answer with the same for a script: 401 without the run's token, 404 before any login."""
        if not holds_run_token(request.headers.get(AUTHORIZATION), self.site.settings.run_token):
            return Response(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
        tested = self._tested()
        if tested is None:
            return Response(status=HTTPStatus.NOT_FOUND)
        response = jsonify(document(tested))
        response.headers["Cache-Control"] = "no-store"
        return response

    def _tested(self) -> JudgedLogin | None:
        """Return what the login of this browser brought; `None` where it made none by MPASSid."""
        site = self.site
        session = site.cookies.read(request, "session")
        answer = None if session is None else site.store.answer_of(session, site.clock())
        if answer is None or answer.answer["issued_by"] is None:
            return None
        return JudgedLogin(
            service=site.settings.service,
            entity_id=site.settings.config.endpoints.entity_id,
            at=site.clock(),
            issued_by=answer.answer["issued_by"],
            authn_context=answer.answer["authn_context"],
            because=self._because(answer),
            attributes=judged(answer.answer["attributes"], site.settings.config.receives),
        )

    def _because(self, answer: StoredAnswer) -> str | None:
        if answer.answer["because"] == "login-refused":
            return "login-refused"
        return self.site.logins.decide(answer).because
