# SPDX-License-Identifier: Apache-2.0
"""One login at an identity provider: from the proxy's request to the answer that is posted back.

- A session at this municipality answers at once, unless the proxy forces a new sign-in.
- A passive request is never shown a page: without a usable session the answer is NoPassive (saml-core-2.0-os 3.4.1).
- The password of a test person is the user name and `pwd` (facts-mpassid 11); a button signs in without it.
- Turning back answers AuthnFailed, so that the proxy can tell the service.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from flask import Response, request

from federation.model import Person
from federation.reasons import Refusal
from idp_simulators.answering import Answers, new_id
from idp_simulators.answers import Answer
from idp_simulators.bindings import ReceivedRequest, RefusedRequestError, receive_post, receive_redirect
from idp_simulators.login_pages import FormProblem, LoginPages
from idp_simulators.logins import Logins
from idp_simulators.passwords import is_password_of
from idp_simulators.requests import HomeAuthnRequest, read_authn_request
from idp_simulators.sessions import Session, Sessions
from idp_simulators.settings import HomeProvider, Settings
from party.clock import Clock
from party.cookies import cookie_name, cookies_of, set_cookie
from party.events import Events

MAX_TYPED: Final = 200


@dataclass(frozen=True)
class HomeLogin:
    """The steps of a login, each a function of the request at hand."""

    settings: Settings
    clock: Clock
    events: Events
    pages: LoginPages
    answers: Answers
    logins: Logins
    sessions: Sessions

    def take_request(self, provider: HomeProvider) -> Response:
        """Answer an AuthnRequest: the login page, or at once where no page is needed or allowed."""
        now = self.clock()
        try:
            asked = read_authn_request(_received(), provider.proxy, provider.endpoints.sso_url, now)
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        self.events.emit("authn-request-received", home_request_id=asked.id, source=provider.flow)
        session = self._usable_session(provider, asked, now)
        person = None if session is None else provider.people.person(session.user_name)
        if session is not None and person is not None:
            return self._send(provider, asked, self.answers.signed_in(provider, asked, session, person))
        if asked.is_passive:
            return self._send(provider, asked, self.answers.not_signed_in(provider, asked, "NoPassive"))
        browser = self._cookie("browser") or secrets.token_urlsafe(16)
        login = self.logins.begin(provider.key, asked, browser, now)
        response = Response(status=HTTPStatus.SEE_OTHER)
        response.headers["Location"] = f"/{provider.key}/login?login={quote(login)}"
        response.headers["Cache-Control"] = "no-store"
        self._set_cookie(response, "browser", browser)
        return response

    def show_form(self, provider: HomeProvider) -> Response:
        """Show the login page of a login in progress."""
        login = request.args.get("login", "")
        try:
            self.logins.resume(login, provider.key, self._cookie("browser"), self.clock())
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        return self.pages.login(provider, login)

    def take_form(self, provider: HomeProvider) -> Response:
        """Answer what the person did on the login page: signed in, picked a test person, turned back."""
        login = request.form.get("login", "")
        try:
            asked = self.logins.resume(login, provider.key, self._cookie("browser"), self.clock())
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        if request.form.get("action") == "cancel":
            self.events.emit("refused", because="home-login-cancelled", home_request_id=asked.id, source=provider.flow)
            return self._send(provider, asked, self.answers.not_signed_in(provider, asked, "AuthnFailed"))
        picked = request.form.get("person", "")
        person = provider.people.person(picked)
        if person is not None:
            return self._sign_in(provider, asked, picked, person)
        user_name = request.form.get("username", "").strip()[:MAX_TYPED]
        person = provider.people.person(user_name)
        problems = _form_problems(person, user_name, request.form.get("password", ""))
        if problems or person is None:
            if problems[-1].message_id == "wrong":
                self.events.emit("refused", because="wrong-password", home_request_id=asked.id, source=provider.flow)
            return self.pages.login(provider, login, user_name, problems)
        return self._sign_in(provider, asked, user_name, person)

    def sign_out(self, provider: HomeProvider) -> Response:
        """Forget the session at one municipality, and go back to the list."""
        if request.headers.get("Origin", self.settings.origin) != self.settings.origin:
            return self.refuse(Refusal("home-form-from-elsewhere"), provider)
        response = Response(status=HTTPStatus.SEE_OTHER)
        response.headers["Location"] = "/"
        remaining = self.sessions.without(self._cookie("sessions"), provider.key, self.clock())
        self._set_cookie(response, "sessions", remaining)
        return response

    def show_index(self) -> Response:
        """Show every municipality, and where this browser is signed in."""
        return self.pages.index({session.provider for session in self._sessions(self.clock())})

    def refuse(
        self, refusal: Refusal, provider: HomeProvider | None, status: HTTPStatus = HTTPStatus.BAD_REQUEST
    ) -> Response:
        """Answer with the page that says why it does not go on, and record it."""
        source = {} if provider is None else {"source": provider.flow}
        self.events.emit("refused", because=refusal.reason_id, found=refusal.found, expected=refusal.expected, **source)
        return self.pages.refusal(refusal, status, provider)

    def _sign_in(self, provider: HomeProvider, asked: HomeAuthnRequest, user_name: str, person: Person) -> Response:
        now = self.clock()
        session = Session(provider.key, user_name, now.replace(microsecond=0), new_id())
        response = self._send(provider, asked, self.answers.signed_in(provider, asked, session, person))
        self._set_cookie(response, "sessions", self.sessions.with_session(self._cookie("sessions"), session, now))
        return response

    def _send(self, provider: HomeProvider, asked: HomeAuthnRequest, answer: Answer) -> Response:
        return self.pages.answer(provider, answer, asked.acs_url, asked.relay_state)

    def _usable_session(self, provider: HomeProvider, asked: HomeAuthnRequest, now: datetime) -> Session | None:
        if asked.force_authn:
            return None
        return self.sessions.at(self._cookie("sessions"), provider.key, now)

    def _sessions(self, now: datetime) -> tuple[Session, ...]:
        return self.sessions.read(self._cookie("sessions"), now)

    def _cookie(self, purpose: str) -> str | None:
        name = cookie_name("idp", self.settings.origin, purpose)
        return cookies_of(request.environ.get("HTTP_COOKIE")).get(name)

    def _set_cookie(self, response: Response, purpose: str, value: str) -> None:
        """Set a cookie that also comes with an AuthnRequest that the proxy posts, from another site."""
        name = cookie_name("idp", self.settings.origin, purpose)
        response.headers.add("Set-Cookie", set_cookie(self.settings.origin, name, value, cross_site=True))


def _received() -> ReceivedRequest:
    if request.method == "POST":
        return receive_post(request.form.items(multi=True))
    return receive_redirect(request.query_string.decode("ascii", "replace"))


def _form_problems(person: Person | None, user_name: str, password: str) -> list[FormProblem]:
    problems = []
    if not user_name:
        problems.append(FormProblem("username", "no-username"))
    if not password:
        problems.append(FormProblem("password", "no-password"))
    if problems:
        return problems
    if is_password_of(user_name, password) and person is not None:
        return []
    return [FormProblem("password", "wrong")]
