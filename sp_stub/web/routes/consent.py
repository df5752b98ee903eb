# SPDX-License-Identifier: Apache-2.0
"""A guardian's consent to a child's account, and asking for it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request

from sp_stub.accounts import consent
from sp_stub.accounts.names import MAX_NAME, is_mail_address, name_key
from sp_stub.rules.target import HOME
from sp_stub.web.own_pages import by_link, done, link_over, own_visit
from sp_stub.web.routes.accounts import ASKS_FOR_MAIL
from sp_stub.web.routes.site import Route, Site


@dataclass(frozen=True)
class ConsentRoutes:
    """A guardian's consent, and asking for it."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("POST", consent.PATH, self.ask, limits=ASKS_FOR_MAIL),
            Route("GET", f"{consent.PATH}/lahetetty", self.sent),
            Route("GET", f"{consent.PATH}/<token>", self.link),
            Route("POST", f"{consent.PATH}/<token>", self.consent),
        )

    def ask(self) -> Response:
        """Send the guardian a link, asked for by the child who is signed in."""
        site = self.site
        visit = own_visit(site)
        if isinstance(visit, Response):
            return visit
        account = site.desk.account_of(visit.user.id)
        if account is None or not account.lacks_consent(site.clock()):
            return site.answers.to_self(HOME)
        typed = request.form.get("guardian_mail", "")[:MAX_NAME]
        address = name_key(typed)
        if not is_mail_address(address) or address == (account.user.mail or "").casefold():
            return site.doors.consent_missing(typed, {"guardian_mail": "register.problem.guardian_mail"})
        consent.ask_consent(site.desk, account, address, site.answers.language(request))
        return site.answers.to_self(f"{consent.PATH}/lahetetty")

    def sent(self) -> Response:
        """Say what comes next."""
        return done(self.site.answers, "consent-sent", "materials", shows_mailbox=True)

    def link(self, token: str) -> Response:
        """Tell the guardian what is asked; looking at the page does not use the link up."""
        account = consent.awaiting_consent(self.site.desk, token)
        if account is None:
            return link_over(self.site.answers)
        return by_link(self.site.answers, "consent", account.user.name)

    def consent(self, token: str) -> Response:
        """Take the consent."""
        if not consent.consent(self.site.desk, token):
            return link_over(self.site.answers)
        return done(self.site.answers, "consented", "sign-in")
