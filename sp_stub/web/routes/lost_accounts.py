# SPDX-License-Identifier: Apache-2.0
"""Reporting an account as lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, request

from sp_stub.accounts import holder
from sp_stub.accounts.names import MAX_NAME
from sp_stub.web.own_pages import ask_by_name, by_link, done, link_over, own_visit
from sp_stub.web.routes.accounts import ASKS_FOR_MAIL
from sp_stub.web.routes.site import Route, Site


@dataclass(frozen=True)
class LostAccountRoutes:
    """An account that is lost is closed at once, by who is signed in as by who has its mail."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", holder.LOST_PATH, self.lost),
            Route("POST", holder.LOST_PATH, self.ask, limits=ASKS_FOR_MAIL),
            Route("GET", f"{holder.LOST_PATH}/lahetetty", self.sent),
            Route("GET", f"{holder.LOST_PATH}/<token>", self.link),
            Route("POST", f"{holder.LOST_PATH}/<token>", self.close),
            Route("GET", "/omat-tiedot/kadonnut", self.mine),
            Route("POST", "/omat-tiedot/kadonnut", self.close_mine),
        )

    def lost(self) -> Response:
        """Ask which account is lost."""
        return self._ask({})

    def ask(self) -> Response:
        """Send a link, or not: the page says the same."""
        typed = request.form.get("username", "").strip()[:MAX_NAME]
        if not typed:
            return self._ask({"username": "account.problem.username"}, HTTPStatus.UNPROCESSABLE_ENTITY)
        holder.ask_closing(self.site.desk, typed, self.site.answers.language(request))
        return self.site.answers.to_self(f"{holder.LOST_PATH}/lahetetty")

    def sent(self) -> Response:
        """Say what happens when there is such an account."""
        return done(self.site.answers, "closing-sent", "sign-in", shows_mailbox=True)

    def link(self, token: str) -> Response:
        """Ask once more; looking at the page does not use the link up."""
        if not holder.can_close(self.site.desk, token):
            return link_over(self.site.answers)
        return by_link(self.site.answers, "close")

    def close(self, token: str) -> Response:
        """Close the account."""
        if not holder.close_by_link(self.site.desk, token, self.site.answers.language(request)):
            return link_over(self.site.answers)
        return done(self.site.answers, "account-closed", "contact")

    def mine(self) -> Response:
        """Ask who is signed in once more."""
        visit = own_visit(self.site)
        return visit if isinstance(visit, Response) else by_link(self.site.answers, "close-mine")

    def close_mine(self) -> Response:
        """Close the access of who is signed in, and end every session of theirs."""
        site = self.site
        visit = own_visit(site)
        if isinstance(visit, Response):
            return visit
        holder.report_lost(site.desk, visit.user.id, site.answers.language(request))
        response = done(site.answers, "access-closed", "contact")
        site.cookies.take(response, "session")
        return response

    def _ask(self, problems: Mapping[str, str], status: HTTPStatus = HTTPStatus.OK) -> Response:
        return ask_by_name(self.site.answers, "lost-account", problems, status)
