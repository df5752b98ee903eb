# SPDX-License-Identifier: Apache-2.0
"""The service's addresses, one function each.

GET  /                    to the materials, or to the login page
GET  /kirjaudu            the login page
GET  /kirjaudu/mpassid    starts a login; `target` is where it leads to
POST /acs                 the login service's answer
GET  /materials           what the person's schools give
GET  /materials/<key>     one material
POST /logout              ends the session here; GET /uloskirjattu says what stays open
GET  /oma-tunnus          how to get an account of the publisher's own
GET, POST /yhteydenotto   the contact form; GET /yhteydenotto/kiitos confirms
GET  /metadata            the service's SAML metadata
GET  /session.json        what was received and decided, for whoever holds the run's token
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from flask import Flask, Response, jsonify, request

from party.clock import Clock
from party.run_token import AUTHORIZATION, holds_run_token
from sp_stub.answers import Answers
from sp_stub.browser import BrowserCookies
from sp_stub.contact_form import (
    MOST_IN_ALL,
    MOST_PER_BROWSER,
    WINDOW,
    ContactForm,
    error_number,
    read_contact_form,
)
from sp_stub.logins import LoginOutcome, Logins
from sp_stub.refusals import error_line, refusal_page, refusal_status
from sp_stub.session_json import session_document
from sp_stub.settings import Settings
from sp_stub.shelf import product_url, shelf
from sp_stub.store import Store, StoredAnswer
from sp_stub.target import HOME, local_target

METADATA_TYPE: Final = "application/samlmetadata+xml"
_LOGOUT_FORM: Final = "logout"
_CONTACT_FORM: Final = "contact"


@dataclass(frozen=True)
class Service:
    """What the routes work with."""

    settings: Settings
    answers: Answers
    cookies: BrowserCookies
    logins: Logins
    store: Store
    clock: Clock

    def register(self, app: Flask) -> None:
        """Put every address on `app`."""
        routes: tuple[tuple[str, str, Callable[..., Response]], ...] = (
            ("GET", "/", self.front),
            ("GET", "/kirjaudu", self.login_page),
            ("GET", "/kirjaudu/mpassid", self.start_login),
            ("POST", "/acs", self.finish_login),
            ("GET", "/materials", self.materials),
            ("GET", "/materials/<key>", self.product),
            ("POST", "/logout", self.sign_out),
            ("GET", "/uloskirjattu", self.signed_out),
            ("GET", "/oma-tunnus", self.own_account),
            ("GET", "/yhteydenotto", self.contact),
            ("POST", "/yhteydenotto", self.send_contact),
            ("GET", "/yhteydenotto/kiitos", self.contact_sent),
            ("GET", "/metadata", self.metadata),
            ("GET", "/session.json", self.session_json),
        )
        for method, rule, view in routes:
            app.add_url_rule(
                rule,
                endpoint=f"{method} {rule}",
                view_func=view,
                methods=[method],
                provide_automatic_options=False,
            )

    def front(self) -> Response:
        """Lead to the materials, or to the login page."""
        return self.answers.to_self(HOME if self._signed_in() else "/kirjaudu")

    def login_page(self) -> Response:
        """Show the ways in."""
        target = local_target(request.args.get("target"))
        query = "" if target == HOME else f"?target={quote(target, safe='/')}"
        return self.answers.page(request, "login.html", mpassid_url=f"/kirjaudu/mpassid{query}")

    def start_login(self) -> Response:
        """Send the browser to the login service."""
        browser = self.cookies.read(request, "browser") or self.cookies.make_id()
        target = local_target(request.args.get("target"))
        response = self.answers.away(self.logins.start(browser, target, self.answers.language(request)))
        self.cookies.give(response, "browser", browser)
        self.answers.remember_language(request, response)
        return response

    def finish_login(self) -> Response:
        """Take the login service's answer."""
        outcome = self.logins.finish(
            self.cookies.read(request, "browser"),
            relay_states=request.form.getlist("RelayState"),
            saml_responses=request.form.getlist("SAMLResponse"),
            replaces=self.cookies.read(request, "session"),
        )
        response = self.answers.to_self(outcome.target) if outcome.because is None else self._refusal(outcome)
        if outcome.session is not None:
            self.cookies.give(response, "session", outcome.session)
        return response

    def materials(self) -> Response:
        """Show what the person's schools give."""
        session, answer = self._session()
        if session is None or answer is None:
            return self.answers.to_self("/kirjaudu")
        decision = self.logins.decide(answer)
        if decision.outcome != "session":
            return self.answers.fault(request, HTTPStatus.FORBIDDEN, "no-longer-activated")
        view = shelf(self.settings.config, answer.answer["attributes"], decision, self.answers.language(request))
        token = self.cookies.form_token(_LOGOUT_FORM, session)
        return self.answers.page(request, "materials.html", shelf=view, logout_token=token)

    def product(self, key: str) -> Response:
        """Show one material, after asking again whether a school of the person gives it."""
        session, answer = self._session()
        if session is None or answer is None:
            target = local_target(self._path_and_query())
            return self.answers.to_self(f"/kirjaudu/mpassid?target={quote(target, safe='/')}")
        config = self.settings.config
        if key not in config.publisher.products:
            return self.answers.fault(request, HTTPStatus.NOT_FOUND, "product-unknown")
        decision = self.logins.decide(answer)
        view = shelf(config, answer.answer["attributes"], decision, self.answers.language(request))
        card = next((card for card in view.cards if card.key == key), None)
        if card is None:
            return self.answers.fault(request, HTTPStatus.FORBIDDEN, "product-not-licensed")
        if config.simulated == "portal":
            return self.answers.away(product_url(config, key), HTTPStatus.SEE_OTHER)
        token = self.cookies.form_token(_LOGOUT_FORM, session)
        return self.answers.page(request, "product.html", card=card, logout_token=token)

    def sign_out(self) -> Response:
        """End the session here, asked for by our own page."""
        session = self.cookies.read(request, "session")
        if session is not None:
            if not self.cookies.holds_form_token(_LOGOUT_FORM, session, request.form.get("token", "")):
                return self.answers.fault(request, HTTPStatus.FORBIDDEN, "form-not-ours")
            self.store.end_session(session)
        response = self.answers.to_self("/uloskirjattu")
        self.cookies.take(response, "session")
        return response

    def signed_out(self) -> Response:
        """Say what ended and what stays open."""
        return self.answers.page(request, "signed_out.html")

    def own_account(self) -> Response:
        """Say how to get an account of the publisher's own."""
        return self.answers.page(request, "own_account.html")

    def contact(self) -> Response:
        """Show the contact form."""
        return self._contact_page(ContactForm(number=error_number(request.args.get("number"))))

    def send_contact(self) -> Response:
        """Keep a message to customer service."""
        browser = self.cookies.read(request, "form")
        if not self.cookies.holds_form_token(_CONTACT_FORM, browser, request.form.get("token", "")):
            return self.answers.fault(request, HTTPStatus.FORBIDDEN, "form-not-ours")
        form = read_contact_form(*(request.form.get(name, "") for name in ("reply_to", "text", "number")))
        if form.problems:
            return self._contact_page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
        most = (MOST_PER_BROWSER, MOST_IN_ALL)
        if not self.store.keep_message(browser or "", form.message, self.clock(), WINDOW, most):
            return self.answers.fault(request, HTTPStatus.TOO_MANY_REQUESTS, "too-many-messages")
        return self.answers.to_self("/yhteydenotto/kiitos")

    def contact_sent(self) -> Response:
        """Confirm that the message has arrived."""
        return self.answers.page(request, "contact_sent.html")

    def metadata(self) -> Response:
        """Serve the service's own metadata."""
        return Response(self.settings.metadata, content_type=METADATA_TYPE)

    def session_json(self) -> Response:
        """Say what was received and decided: 401 without the run's token, 404 before any login."""
        if not holds_run_token(request.headers.get(AUTHORIZATION), self.settings.run_token):
            return Response(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
        session = self.cookies.read(request, "session")
        answer = None if session is None else self.store.answer_of(session, self.clock())
        if answer is None:
            return Response(status=HTTPStatus.NOT_FOUND)
        response = jsonify(session_document(self.settings.service, answer, self.logins.decide(answer)))
        response.headers["Cache-Control"] = "no-store"
        return response

    def _signed_in(self) -> bool:
        return self._session()[1] is not None

    def _session(self) -> tuple[str | None, StoredAnswer | None]:
        """Return the browser's session id and what it holds, where somebody is signed in."""
        session = self.cookies.read(request, "session")
        answer = None if session is None else self.store.answer_of(session, self.clock())
        return session, answer if answer is not None and answer.is_signed_in else None

    def _refusal(self, outcome: LoginOutcome) -> Response:
        config = self.settings.config
        language = outcome.language or self.answers.language(request)
        because = str(outcome.because)
        page = refusal_page(self.answers.pages, config, outcome, language, self.clock())
        return self.answers.refused(
            language,
            page,
            refusal_status(because),
            error_line=error_line(config, because),
            schools=outcome.decision.not_activated,
        )

    def _contact_page(self, form: ContactForm, status: HTTPStatus = HTTPStatus.OK) -> Response:
        browser = self.cookies.read(request, "form") or self.cookies.make_id()
        token = self.cookies.form_token(_CONTACT_FORM, browser)
        response = self.answers.page(request, "contact.html", status=status, form=form, token=token)
        self.cookies.give(response, "form", browser)
        return response

    def _path_and_query(self) -> str:
        query = request.query_string.decode("ascii", "replace")
        path = quote(request.path, safe="/")
        return f"{path}?{query}" if query else path
