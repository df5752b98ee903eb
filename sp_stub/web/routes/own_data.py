# SPDX-License-Identifier: Apache-2.0
"""Everybody's own data: to see, to change, and as a copy to take along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from flask import Response, jsonify, request

from sp_stub.accounts import holder
from sp_stub.accounts.password_hashes import PasswordsBusyError
from sp_stub.data.own_copy import own_copy
from sp_stub.data.people import Edit
from sp_stub.web.account_forms import read_display_name, read_optional_mail
from sp_stub.web.own_pages import by_link, link_over, own_visit
from sp_stub.web.person_facts import own_facts
from sp_stub.web.routes.accounts import ASKS_FOR_MAIL
from sp_stub.web.routes.site import Route, Site, Visit

PATH: Final = "/omat-tiedot"
_SAVED: Final = ("data", "password", "mail-asked", "mail")


@dataclass(frozen=True)
class OwnForm:
    """What was typed on the page, passwords left out."""

    display_name: str = ""
    mail: str = ""
    new_mail: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OwnDataRoutes:
    """The page of one's own data."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", PATH, self.show),
            Route("POST", PATH, self.save),
            Route("GET", f"{PATH}.json", self.copy),
            Route("POST", f"{PATH}/salasana", self.change_password, limits=ASKS_FOR_MAIL),
            Route("POST", holder.MAIL_PATH, self.ask_new_mail, limits=ASKS_FOR_MAIL),
            Route("GET", f"{holder.MAIL_PATH}/<token>", self.mail_link),
            Route("POST", f"{holder.MAIL_PATH}/<token>", self.confirm_mail),
        )

    def show(self) -> Response:
        """Show what is held."""
        visit = own_visit(self.site)
        if isinstance(visit, Response):
            return visit
        saved = request.args.get("saved")
        return self._page(visit, _form(visit), saved=saved if saved in _SAVED else None)

    def save(self) -> Response:
        """Save the name to be called by and, for who comes by MPASSid, the mail address."""
        site = self.site
        visit = own_visit(site)
        if isinstance(visit, Response):
            return visit
        typed = {name: request.form.get(name, "") for name in ("display_name", "mail")}
        with_mail = visit.user.uid is not None
        name, problems = read_display_name(typed["display_name"])
        mail, mail_problems = read_optional_mail(typed["mail"]) if with_mail else (None, {})
        problems = {**problems, **mail_problems}
        if problems:
            return self._page(visit, OwnForm(**typed, problems=problems))
        site.people.save_own(visit.user.id, Edit(name, mail), with_mail=with_mail)
        return site.answers.to_self(f"{PATH}?saved=data")

    def copy(self) -> Response:
        """Give everything that is held, as JSON to take along."""
        site = self.site
        visit = own_visit(site)
        if isinstance(visit, Response):
            return visit
        response = jsonify(own_copy(site.desk.database, visit.user.id, site.clock()))
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Disposition"] = 'attachment; filename="omat-tiedot.json"'
        return response

    def change_password(self) -> Response:
        """Take a new password: every other session ends, this one goes on under a new id."""
        site = self.site
        visit = own_visit(site)
        if isinstance(visit, Response):
            return visit
        account = site.desk.account_of(visit.user.id)
        if account is None:
            return site.answers.to_self(PATH)
        session = site.cookies.make_id()
        typed = [request.form.get(name, "") for name in ("current", "password", "repeated")]
        language = site.answers.language(request)
        try:
            problems = holder.change_password(site.desk, account, *typed, session=session, language=language)
        except PasswordsBusyError:
            problems = {"password": "account.problem.busy"}
        if problems:
            return self._page(visit, OwnForm(visit.user.display_name or "", problems=problems))
        response = site.answers.to_self(f"{PATH}?saved=password")
        site.cookies.give(response, "session", session)
        return response

    def ask_new_mail(self) -> Response:
        """Send a link to the new address."""
        site = self.site
        visit = own_visit(site)
        if isinstance(visit, Response):
            return visit
        account = site.desk.account_of(visit.user.id)
        if account is None:
            return site.answers.to_self(PATH)
        typed, password = request.form.get("new_mail", "").strip(), request.form.get("mail_password", "")
        problems = holder.ask_new_mail(site.desk, account, typed, password, site.answers.language(request))
        if problems:
            beside = {"mail": "new_mail", "current": "mail_password"}
            problems = {beside[name]: problem for name, problem in problems.items()}
            return self._page(visit, OwnForm(visit.user.display_name or "", new_mail=typed, problems=problems))
        return site.answers.to_self(f"{PATH}?saved=mail-asked")

    def mail_link(self, token: str) -> Response:
        """Ask once more; looking at the page does not use the link up."""
        visit = own_visit(self.site)
        if isinstance(visit, Response):
            return visit
        if not holder.can_confirm_new_mail(self.site.desk, token, visit.user.id):
            return link_over(self.site.answers)
        return by_link(self.site.answers, "mail")

    def confirm_mail(self, token: str) -> Response:
        """Make the new address the account's."""
        site = self.site
        visit = own_visit(site)
        if isinstance(visit, Response):
            return visit
        if not holder.confirm_new_mail(site.desk, token, visit.user.id, site.answers.language(request)):
            return link_over(site.answers)
        return site.answers.to_self(f"{PATH}?saved=mail")

    def _page(self, visit: Visit, form: OwnForm, saved: str | None = None) -> Response:
        site = self.site
        return site.answers.page(
            request,
            "people/own_data.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else HTTPStatus.OK,
            form=form,
            problems=form.problems,
            saved=saved,
            facts=own_facts(site.answers.pages, site.answers.language(request), visit),
            comes_by_mpassid=visit.user.uid is not None,
            views=() if site.looking is None else site.looking.views_of(visit.user, site.answers.language(request)),
        )


def _form(visit: Visit) -> OwnForm:
    return OwnForm(visit.user.display_name or "", visit.user.mail or "")
