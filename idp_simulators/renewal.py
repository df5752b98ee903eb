# SPDX-License-Identifier: Apache-2.0
"""A forgotten password, step by step: ways, strong identification, new password, done (facts-publisher, forgotten password).

    GET, POST  /<provider>/password            the ways; the form chooses bank credentials or a mobile certificate
    GET, POST  /<provider>/password/identify   the simulated identification: as which test person
    GET, POST  /<provider>/password/new        the new password, twice
    GET        /<provider>/password/done       it is changed; the login goes on from here

What a step needs and leaves behind is `idp_simulators.renewals`'; what it looks like `idp_simulators.renewal_pages`'.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import urlencode

from flask import Response, request

from federation.reasons import Refusal
from idp_simulators.browser_cookies import BrowserCookies
from idp_simulators.credentials import Credentials
from idp_simulators.home_request import RefusedRequestError
from idp_simulators.password_rules import new_password_problems
from idp_simulators.provider import HomeProvider
from idp_simulators.renewal_pages import RenewalPages
from idp_simulators.renewals import MAX_LOGIN, METHODS, Renewal, Renewals, Stage
from party.clock import Clock
from party.events import Events

MAX_TYPED: Final = 200

Refuse: TypeAlias = Callable[[Refusal, HomeProvider], Response]
"""Answers with the page that says why it does not go on."""


@dataclass(frozen=True)
class PasswordRenewal:
    """The steps of a renewal, each a function of the request at hand."""

    clock: Clock
    events: Events
    pages: RenewalPages
    cookies: BrowserCookies
    credentials: Credentials
    renewals: Renewals
    refuse: Refuse

    def show_ways(self, provider: HomeProvider) -> Response:
        """Show how one comes to a new password."""
        return self.pages.ways(provider, request.args.get("login", "")[:MAX_LOGIN])

    def choose(self, provider: HomeProvider) -> Response:
        """Begin a renewal by the chosen way of identification."""
        if not self.cookies.is_own_form():
            return self.refuse(Refusal("home-form-from-elsewhere"), provider)
        login = request.form.get("login", "")[:MAX_LOGIN]
        method = next((method for method in METHODS if method == request.form.get("method")), None)
        if method is None:
            return self.pages.ways(provider, login)
        browser = self.cookies.browser()
        name = self.renewals.begin(Renewal(provider.key, browser, method, login), self.clock())
        response = _to(provider, "identify", name)
        self.cookies.set(response, "browser", browser)
        return response

    def show_identification(self, provider: HomeProvider) -> Response:
        """Show as whom one can be identified."""
        name = request.args.get("renewal", "")
        try:
            renewal = self._at(provider, name, Stage.CHOSEN)
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        return self.pages.identification(provider, name, renewal)

    def identify(self, provider: HomeProvider) -> Response:
        """Take the identification: the renewal is this person's from now on."""
        name = request.form.get("renewal", "")
        user_name = (request.form.get("person") or request.form.get("username", "")).strip()[:MAX_TYPED]
        try:
            renewal = self._at(provider, name, Stage.CHOSEN)
            if provider.people.person(user_name) is None:
                return self.pages.identification(provider, name, renewal, unknown=user_name)
            identified = replace(renewal, stage=Stage.IDENTIFIED, user_name=user_name)
            name = self.renewals.advance(name, renewal, identified, self.clock())
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        return _to(provider, "new", name)

    def show_new(self, provider: HomeProvider) -> Response:
        """Show the form for the new password, to who is identified."""
        name = request.args.get("renewal", "")
        try:
            renewal = self._at(provider, name, Stage.IDENTIFIED)
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        return self.pages.new_password(provider, name, renewal)

    def take_new(self, provider: HomeProvider) -> Response:
        """Make the typed password the identified person's, once."""
        name = request.form.get("renewal", "")
        password = request.form.get("new-password", "")
        try:
            renewal = self._at(provider, name, Stage.IDENTIFIED)
            problems = new_password_problems(renewal.user_name, password, request.form.get("repeated-password", ""))
            if problems:
                return self.pages.new_password(provider, name, renewal, problems)
            changed = replace(renewal, stage=Stage.CHANGED)
            name = self.renewals.advance(name, renewal, changed, self.clock())
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        self.credentials.change(provider, renewal.user_name, password)
        self.events.emit("password-changed", source=provider.flow)
        return _to(provider, "done", name)

    def show_done(self, provider: HomeProvider) -> Response:
        """Say that the new password holds, and lead back to the login."""
        name = request.args.get("renewal", "")
        try:
            renewal = self._at(provider, name, Stage.CHANGED)
        except RefusedRequestError as error:
            return self.refuse(error.refusal, provider)
        return self.pages.done(provider, name, renewal)

    def _at(self, provider: HomeProvider, name: str, stage: Stage) -> Renewal:
        if request.method == "POST" and not self.cookies.is_own_form():
            raise RefusedRequestError(Refusal("home-form-from-elsewhere"))
        return self.renewals.at(name, stage, provider.key, self.cookies.read("browser"), self.clock())


def _to(provider: HomeProvider, step: str, name: str) -> Response:
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = f"/{provider.key}/password/{step}?{urlencode({'renewal': name})}"
    response.headers["Cache-Control"] = "no-store"
    return response
