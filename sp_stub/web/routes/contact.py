# SPDX-License-Identifier: Apache-2.0
"""Messages to customer service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from flask import Response, request

from sp_stub.web.contact_form import (
    ContactForm,
    error_number,
    read_contact_form,
)
from sp_stub.web.form_token import FORM_TOKEN, browser_of_form
from sp_stub.web.limits import RateLimit, all_together, by_form
from sp_stub.web.routes.site import Route, Site

_MESSAGES: Final = (
    RateLimit("5 per 10 minutes", by_form, "too-many-messages"),
    RateLimit("60 per 10 minutes", all_together, "too-many-messages"),
)


@dataclass(frozen=True)
class ContactRoutes:
    """The contact form, from its page to its confirmation."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", "/yhteydenotto", self.contact),
            Route("POST", "/yhteydenotto", self.send_contact, limits=_MESSAGES),
            Route("GET", "/yhteydenotto/kiitos", self.contact_sent),
        )

    def contact(self) -> Response:
        """Show the contact form."""
        return self._contact_page(ContactForm(number=error_number(request.args.get("number"))))

    def send_contact(self) -> Response:
        """Keep a message to customer service; who sends the same form again, by a replay or a reload, is confirmed again."""
        site = self.site
        form = read_contact_form(*(request.form.get(name, "") for name in ("reply_to", "text", "number")))
        if form.problems:
            return self._contact_page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
        _, answer = site.session()
        user = None if answer is None or answer.user is None else answer.user.id
        token = request.form.get(FORM_TOKEN, "")
        site.messages.keep(browser_of_form() or "", token, replace(form.message, user=user), site.clock())
        return site.answers.to_self("/yhteydenotto/kiitos")

    def contact_sent(self) -> Response:
        """Confirm that the message has arrived."""
        return self.site.answers.page(request, "contact_sent.html")

    def _contact_page(self, form: ContactForm, status: HTTPStatus = HTTPStatus.OK) -> Response:
        return self.site.answers.page(request, "contact.html", status=status, form=form)
