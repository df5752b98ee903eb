# SPDX-License-Identifier: Apache-2.0
"""Signing in by MPASSid, and signing out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, request

from sp_stub.logins import LoginOutcome
from sp_stub.rules.target import ATTRIBUTE_TEST, HOME, local_target
from sp_stub.web.account_forms import SignInForm
from sp_stub.web.form_token import forget_form_token
from sp_stub.web.limits import RateLimit, by_login_browser
from sp_stub.web.own_pages import login_page
from sp_stub.web.refusals import Refused
from sp_stub.web.routes.site import LOGIN_PAGE, Route, Site

STARTS: Final = (RateLimit("60 per 5 minutes", by_login_browser),)
"""Logins that one browser may start: more than anybody does by hand, and no rows without end."""


@dataclass(frozen=True)
class LoginRoutes:
    """The addresses of a login, from the page with the ways in to the page that says what stays open."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", "/", self.front),
            Route("GET", LOGIN_PAGE, self.login_page),
            Route("GET", f"{LOGIN_PAGE}/mpassid", self.start_login, limits=STARTS),
            Route("POST", "/acs", self.finish_login, is_from_elsewhere=True),
            Route("POST", "/logout", self.sign_out),
            Route("GET", "/uloskirjattu", self.signed_out),
        )

    def front(self) -> Response:
        """Lead to the materials, or to the login page."""
        _, answer = self.site.session()
        return self.site.answers.to_self(LOGIN_PAGE if answer is None else HOME)

    def login_page(self) -> Response:
        """Show the ways in."""
        closed = self.site.closed()
        if closed is not None:
            return closed
        return login_page(self.site, SignInForm(local_target(request.args.get("target"))))

    def start_login(self) -> Response:
        """Send the browser to the login service."""
        site = self.site
        closed = site.closed()
        if closed is not None:
            return closed
        browser = site.cookies.read(request, "browser") or site.cookies.make_id()
        target = local_target(request.args.get("target"))
        response = site.answers.away(site.logins.start(browser, target, site.answers.language(request)))
        site.cookies.give(response, "browser", browser)
        site.answers.remember_language(request, response)
        return response

    def finish_login(self) -> Response:
        """Take the login service's answer."""
        cookies = self.site.cookies
        if cookies.holds_any(request):
            outcome = self.site.logins.finish(
                cookies.read(request, "browser"),
                relay_states=request.form.getlist("RelayState"),
                saml_responses=request.form.getlist("SAMLResponse"),
                replaces=cookies.read(request, "session"),
            )
        else:
            outcome = self.site.logins.finish_without_cookies()
        response = self.site.answers.to_self(outcome.target) if outcome.because is None else self._refusal(outcome)
        if outcome.session is not None:
            cookies.give(response, "session", outcome.session)
        return response

    def sign_out(self) -> Response:
        """End the session here, asked for by our own page."""
        site = self.site
        session = site.cookies.read(request, "session")
        if session is not None:
            site.store.end_session(session)
        forget_form_token()
        response = site.answers.to_self("/uloskirjattu")
        site.cookies.take(response, "session")
        return response

    def signed_out(self) -> Response:
        """Say what ended and what stays open."""
        return self.site.answers.page(request, "signed_out.html")

    def _refusal(self, outcome: LoginOutcome) -> Response:
        if outcome.session is not None and outcome.target == ATTRIBUTE_TEST:
            return self.site.answers.to_self(ATTRIBUTE_TEST)
        decision = outcome.decision
        refused = Refused(
            str(outcome.because), outcome.request_id, outcome.detail, decision.opens_at, asked_for=outcome.target
        )
        return self.site.answers.refused(request, refused, decision, outcome.language)
