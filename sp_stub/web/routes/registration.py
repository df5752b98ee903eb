# SPDX-License-Identifier: Apache-2.0
"""Registering an account of one's own, from the municipality to the account."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal

from flask import Response, request

from sp_stub.accounts.password_hashes import PasswordsBusyError
from sp_stub.accounts.registration import CONFIRM_PATH, Confirmation, can_confirm, confirm, register
from sp_stub.rules.agreements import has_agreement
from sp_stub.web.account_forms import OTHER, RegistrationForm, read_registration
from sp_stub.web.own_pages import done, link_over
from sp_stub.web.routes.accounts import ASKS_FOR_MAIL
from sp_stub.web.routes.site import Route, Site

PATH: Final = "/oma-tunnus/rekisteroidy"
_FIELDS: Final = (
    "municipality",
    "given_name",
    "surname",
    "mail",
    "password",
    "repeated",
    "age",
    "birthday",
    "guardian_mail",
)
_CONFIRM_PROBLEMS: Final = {
    "wrong": (HTTPStatus.UNPROCESSABLE_ENTITY, "account.problem.current-wrong"),
    "locked": (HTTPStatus.TOO_MANY_REQUESTS, "account.problem.locked"),
    "busy": (HTTPStatus.SERVICE_UNAVAILABLE, "account.problem.busy"),
}


@dataclass(frozen=True)
class RegistrationRoutes:
    """The steps of a registration."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", PATH, self.start),
            Route("POST", PATH, self.register, limits=ASKS_FOR_MAIL),
            Route("GET", f"{PATH}/lahetetty", self.sent),
            Route("GET", f"{CONFIRM_PATH}/<token>", self.link),
            Route("POST", f"{CONFIRM_PATH}/<token>", self.confirm),
        )

    def start(self) -> Response:
        """Ask for the municipality, then show the form, or the way of who has an agreement."""
        municipality = request.args.get("municipality", "")
        if not self._is_known(municipality):
            return self._choose()
        return self._agreement(municipality) or self._form(RegistrationForm(municipality))

    def register(self) -> Response:
        """Send the link that makes the account; the page says the same to who has one already."""
        site = self.site
        typed = {name: request.form.get(name, "") for name in _FIELDS}
        if not self._is_known(typed["municipality"]):
            return self._choose()
        agreement = self._agreement(typed["municipality"])
        if agreement is not None:
            return agreement
        form = read_registration(typed, site.clock().date())
        if form.registration is None:
            return self._form(form, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            register(site.desk, form.registration, site.answers.language(request))
        except PasswordsBusyError:
            return site.answers.fault(request, HTTPStatus.SERVICE_UNAVAILABLE, "passwords-busy")
        return site.answers.to_self(f"{PATH}/lahetetty")

    def sent(self) -> Response:
        """Say what comes next."""
        return done(self.site.answers, "registration-sent", "sign-in", shows_mailbox=True)

    def link(self, token: str) -> Response:
        """Ask for the password that was chosen; looking at the page does not use the link up."""
        if not can_confirm(self.site.desk, token):
            return link_over(self.site.answers)
        return self._confirm_page({})

    def confirm(self, token: str) -> Response:
        """Make the account."""
        site = self.site
        result: Confirmation | Literal["busy"]
        try:
            result = confirm(site.desk, token, request.form.get("password", ""), site.answers.language(request))
        except PasswordsBusyError:
            result = "busy"
        if result == "gone":
            return link_over(self.site.answers)
        if result == "made":
            return done(site.answers, "account-made", "sign-in")
        status, problem = _CONFIRM_PROBLEMS[result]
        return self._confirm_page({"password": problem}, status)

    def _is_known(self, municipality: str) -> bool:
        return municipality == OTHER or municipality in self.site.settings.config.customers

    def _agreement(self, municipality: str) -> Response | None:
        """Return the way of who has an agreement, `None` where there is none."""
        site = self.site
        if municipality == OTHER or not has_agreement(site.logins.business(), municipality, site.clock()):
            return None
        return site.answers.page(
            request, "accounts/has_agreement.html", municipality=self._municipality_name(municipality)
        )

    def _choose(self) -> Response:
        site = self.site
        language = site.answers.language(request)
        customers = site.settings.config.customers
        names = sorted((name.in_language(language), key) for key, name in customers.items())
        return site.answers.page(
            request, "accounts/choose_municipality.html", municipalities=[(key, name) for name, key in names]
        )

    def _form(self, form: RegistrationForm, status: HTTPStatus = HTTPStatus.OK) -> Response:
        return self.site.answers.page(request, "accounts/register.html", status=status, form=form)

    def _municipality_name(self, municipality: str) -> str:
        site = self.site
        return site.settings.config.customers[municipality].in_language(site.answers.language(request))

    def _confirm_page(self, problems: dict[str, str], status: HTTPStatus = HTTPStatus.OK) -> Response:
        return self.site.answers.page(
            request, "accounts/confirm.html", status=status, problems=problems, action=request.path
        )
