# SPDX-License-Identifier: Apache-2.0
"""Signing in with an account of the publisher's own, and a way back to a password that was forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Response, request

from sp_stub.accounts import reset
from sp_stub.accounts.names import MAX_NAME
from sp_stub.accounts.password_hashes import PasswordsBusyError
from sp_stub.accounts.sign_in import Verdict, sign_in
from sp_stub.rules.target import HOME, local_target
from sp_stub.web.account_forms import SignInForm
from sp_stub.web.form_token import forget_form_token
from sp_stub.web.limits import RateLimit, by_form, password_limits
from sp_stub.web.own_pages import ask_by_name, done, link_over, login_page
from sp_stub.web.refusals import Refused
from sp_stub.web.routes.site import LOGIN_PAGE, Route, Site

ASKS_FOR_MAIL: Final = (RateLimit("10 per 10 minutes", by_form),)
"""Links that one browser may ask for."""
_PROBLEMS: Final[Mapping[Verdict, tuple[HTTPStatus, str]]] = {
    "wrong": (HTTPStatus.UNPROCESSABLE_ENTITY, "account.problem.wrong"),
    "locked": (HTTPStatus.TOO_MANY_REQUESTS, "account.problem.locked"),
    "busy": (HTTPStatus.SERVICE_UNAVAILABLE, "account.problem.busy"),
}


@dataclass(frozen=True)
class AccountRoutes:
    """The publisher's own sign-in, and the forgotten password."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", "/oma-tunnus", self.own_account),
            Route("POST", LOGIN_PAGE, self.sign_in, limits=password_limits("username")),
            Route("GET", reset.PATH, self.forgotten),
            Route("POST", reset.PATH, self.ask_reset, limits=ASKS_FOR_MAIL),
            Route("GET", f"{reset.PATH}/lahetetty", self.reset_sent),
            Route("GET", f"{reset.CHOOSE_PATH}/<token>", self.new_password),
            Route("POST", f"{reset.CHOOSE_PATH}/<token>", self.reset),
        )

    def own_account(self) -> Response:
        """Show the sign-in alone, and how a person gets an account."""
        return self.site.answers.page(request, "own_account.html", sign_in=SignInForm(HOME))

    def sign_in(self) -> Response:
        """Try a name and a password; whoever has no account is answered as who mistypes a password."""
        site = self.site
        target = local_target(request.form.get("target"))
        name = request.form.get("username", "")[:MAX_NAME]
        tried = sign_in(
            site.desk,
            name,
            request.form.get("password", ""),
            session=site.cookies.make_id(),
            replaces=site.cookies.read(request, "session"),
        )
        if tried.verdict == "closed":
            return site.answers.refused(request, Refused("account-closed"))
        if tried.session is None:
            status, problem = _PROBLEMS[tried.verdict]
            form = SignInForm(target, name, {"password": problem})
            return login_page(site, form, status)
        # on a shared device the next person's forms are never sent with this one's token
        forget_form_token()
        response = site.answers.to_self(target)
        site.cookies.give(response, "session", tried.session)
        return response

    def forgotten(self) -> Response:
        """Ask whose password is forgotten."""
        return self._ask({})

    def ask_reset(self) -> Response:
        """Send a link, or not: the page says the same."""
        typed = request.form.get("username", "").strip()[:MAX_NAME]
        if not typed:
            return self._ask({"username": "account.problem.username"}, HTTPStatus.UNPROCESSABLE_ENTITY)
        reset.ask_reset(self.site.desk, typed, self.site.answers.language(request))
        return self.site.answers.to_self(f"{reset.PATH}/lahetetty")

    def reset_sent(self) -> Response:
        """Say what happens when there is such an account."""
        return done(self.site.answers, "reset-sent", "sign-in", shows_mailbox=True)

    def new_password(self, token: str) -> Response:
        """Ask for the new password; looking at the page does not use the link up."""
        if not reset.can_reset(self.site.desk, token):
            return link_over(self.site.answers)
        return self._new_password({})

    def reset(self, token: str) -> Response:
        """Take the new password."""
        site = self.site
        typed, repeated = request.form.get("password", ""), request.form.get("repeated", "")
        try:
            problems = reset.reset_password(site.desk, token, typed, repeated, site.answers.language(request))
        except PasswordsBusyError:
            return self._new_password({"password": "account.problem.busy"}, HTTPStatus.SERVICE_UNAVAILABLE)
        if problems is None:
            return link_over(site.answers)
        if problems:
            return self._new_password(problems, HTTPStatus.UNPROCESSABLE_ENTITY)
        return done(site.answers, "password-changed", "sign-in")

    def _ask(self, problems: Mapping[str, str], status: HTTPStatus = HTTPStatus.OK) -> Response:
        return ask_by_name(self.site.answers, "forgotten", problems, status)

    def _new_password(self, problems: Mapping[str, str], status: HTTPStatus = HTTPStatus.OK) -> Response:
        return self.site.answers.page(
            request, "accounts/new_password.html", status=status, problems=problems, action=request.path
        )
