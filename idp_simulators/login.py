# SPDX-License-Identifier: Apache-2.0
"""One login at an identity provider, whatever it speaks: from the proxy's request to the answer that goes back.

- A session at this municipality answers at once, unless the proxy forces a new sign-in.
- A passive request is never shown a page: without a usable session the answer is NoPassive (saml-core-2.0-os 3.4.1).
- The password of a test person is the user name and `pwd` (facts-mpassid 11) until they choose another one; a button
  signs in without it, also to a locked account.
- Who is signed in already and must sign in anew is told as whom, and may become somebody else.
- An account without MPASS data signs in nowhere: a page says so (facts-mpassid 10).
- Turning back is answered too, so that the proxy can tell the service.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from flask import Response, request

from federation.model import Person
from federation.reasons import Refusal
from idp_simulators.browser_cookies import BrowserCookies
from idp_simulators.credentials import Credentials, Locked, Verdict
from idp_simulators.home_request import HomeRequest, RefusedRequestError
from idp_simulators.login_pages import FormProblem, LoginPages
from idp_simulators.logins import Logins
from idp_simulators.provider import Desk, HomeProvider, NotSignedIn
from idp_simulators.sessions import Session, Sessions
from idp_simulators.settings import Settings
from party.clock import Clock
from party.events import Events
from party.run_token import AUTHORIZATION, holds_run_token

MAX_TYPED: Final = 200


@dataclass(frozen=True)
class HomeLogin:
    """The steps of a login, each a function of the request at hand."""

    settings: Settings
    clock: Clock
    events: Events
    pages: LoginPages
    desk: Desk
    logins: Logins
    sessions: Sessions
    credentials: Credentials
    cookies: BrowserCookies

    def take_request(self, provider: HomeProvider) -> Response:
        """Answer a request of the proxy: the login page, or at once where no page is needed or allowed."""
        now = self.clock()
        try:
            asked = provider.dialogue.read(provider, now)
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        self.events.emit("authn-request-received", home_request_id=asked.id, source=provider.flow)
        session = self._usable_session(provider, asked, now)
        person = None if session is None else provider.people.person(session.user_name)
        if session is not None and person is not None and person.mpass_data:
            return provider.dialogue.signed_in(self.desk, provider, asked, session, person)
        if asked.is_passive:
            return provider.dialogue.not_signed_in(self.desk, provider, asked, NotSignedIn.NO_PAGE_ALLOWED)
        browser = self.cookies.browser()
        login = self.logins.begin(provider.key, asked, browser, now)
        response = Response(status=HTTPStatus.SEE_OTHER)
        response.headers["Location"] = f"/{provider.key}/login?login={quote(login)}"
        response.headers["Cache-Control"] = "no-store"
        self.cookies.set(response, "browser", browser)
        return response

    def show_form(self, provider: HomeProvider) -> Response:
        """Show the login page of a login in progress."""
        login = request.args.get("login", "")
        try:
            self.logins.resume(login, provider.key, self.cookies.read("browser"), self.clock())
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        session = self.sessions.at(self.cookies.read("sessions"), provider.key, self.clock())
        return self.pages.login(provider, login, signed_in=None if session is None else session.user_name)

    def take_form(self, provider: HomeProvider) -> Response:
        """Answer what the person did on the login page: signed in, picked a test person, turned back."""
        login = request.form.get("login", "")
        try:
            asked = self.logins.resume(login, provider.key, self.cookies.read("browser"), self.clock())
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        if request.form.get("action") == "cancel":
            self.events.emit("refused", because="home-login-cancelled", home_request_id=asked.id, source=provider.flow)
            return provider.dialogue.not_signed_in(self.desk, provider, asked, NotSignedIn.TURNED_BACK)
        if request.form.get("action") == "change-user":
            return self._forget_session(provider, f"/{provider.key}/login?{urlencode({'login': login})}")
        picked = request.form.get("person", "")
        person = provider.people.person(picked)
        if person is not None:
            return self._sign_in(provider, asked, login, picked, person)
        return self._take_password(provider, asked, login)

    def sign_out(self, provider: HomeProvider) -> Response:
        """Forget the session at one municipality, and go back to the list."""
        if not self.cookies.is_own_form():
            return self.refuse(Refusal("home-form-from-elsewhere"), provider)
        return self._forget_session(provider, "/")

    def show_index(self) -> Response:
        """Show every municipality, and where this browser is signed in."""
        return self.pages.index({session.provider: session.user_name for session in self._sessions(self.clock())})

    def refuse(
        self, refusal: Refusal, provider: HomeProvider | None, status: HTTPStatus = HTTPStatus.BAD_REQUEST
    ) -> Response:
        """Answer with the page that says why it does not go on, and record it."""
        source = {} if provider is None else {"source": provider.flow}
        self.events.emit("refused", because=refusal.reason_id, found=refusal.found, expected=refusal.expected, **source)
        return self.pages.refusal(refusal, status, provider)

    def _take_password(self, provider: HomeProvider, asked: HomeRequest, login: str) -> Response:
        """Sign in by what was typed, or show what is wrong with it."""
        user_name, password = request.form.get("username", "").strip()[:MAX_TYPED], request.form.get("password", "")
        problems = _missing_fields(user_name, password)
        if problems:
            return self.pages.login(provider, login, user_name, problems)
        now = self.clock()
        is_scripted = holds_run_token(request.headers.get(AUTHORIZATION), self.settings.run_token)
        verdict = self.credentials.judge(provider, user_name, password, now, is_scripted=is_scripted)
        person = provider.people.person(user_name)
        if verdict is Verdict.RIGHT and person is not None:
            return self._sign_in(provider, asked, login, user_name, person)
        because = "account-locked" if isinstance(verdict, Locked) else "wrong-password"
        self.events.emit("refused", because=because, home_request_id=asked.id, source=provider.flow)
        if isinstance(verdict, Locked):
            return self.pages.locked(provider, login, verdict.until)
        return self.pages.login(provider, login, user_name, [FormProblem("password", "wrong")])

    def _forget_session(self, provider: HomeProvider, then: str) -> Response:
        response = Response(status=HTTPStatus.SEE_OTHER)
        response.headers["Location"] = then
        remaining = self.sessions.without(self.cookies.read("sessions"), provider.key, self.clock())
        self.cookies.set(response, "sessions", remaining)
        return response

    def _sign_in(
        self, provider: HomeProvider, asked: HomeRequest, login: str, user_name: str, person: Person
    ) -> Response:
        """Answer that the person signed in; an account without MPASS data is told so and sends nothing."""
        if not person.mpass_data:
            because = "account-not-connected"
            self.events.emit("refused", because=because, home_request_id=asked.id, source=provider.flow)
            return self.pages.not_connected(provider, login)
        now = self.clock()
        session = Session(provider.key, user_name, now.replace(microsecond=0), f"_{secrets.token_hex(16)}")
        response = provider.dialogue.signed_in(self.desk, provider, asked, session, person)
        self.cookies.set(response, "sessions", self.sessions.with_session(self.cookies.read("sessions"), session, now))
        return response

    def _usable_session(self, provider: HomeProvider, asked: HomeRequest, now: datetime) -> Session | None:
        if asked.force_authn:
            return None
        return self.sessions.at(self.cookies.read("sessions"), provider.key, now)

    def _sessions(self, now: datetime) -> tuple[Session, ...]:
        return self.sessions.read(self.cookies.read("sessions"), now)


def _missing_fields(user_name: str, password: str) -> list[FormProblem]:
    problems = []
    if not user_name:
        problems.append(FormProblem("username", "no-username"))
    if not password:
        problems.append(FormProblem("password", "no-password"))
    return problems
