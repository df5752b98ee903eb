# SPDX-License-Identifier: Apache-2.0
"""One service as a WSGI application: the parts put together, and what is in front of them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from party.clock import Clock
from party.events import Events
from party.front import in_front
from sp_stub.accounts.desk import Desk
from sp_stub.accounts.password_hashes import PasswordHashes
from sp_stub.data.database import Database
from sp_stub.data.faults import DatabaseUnavailableError
from sp_stub.data.login_store import LoginStore
from sp_stub.data.mail_tokens import MailTokens
from sp_stub.data.messages import Messages
from sp_stub.data.people import People
from sp_stub.data.place import schema_of
from sp_stub.data.sign_in_tries import SignInTries
from sp_stub.logins import Logins
from sp_stub.rules.business import Business
from sp_stub.saml.provider import SamlServiceProvider
from sp_stub.settings import Settings
from sp_stub.web.answers import Answers, nothing_around
from sp_stub.web.browser import BrowserCookies, new_id
from sp_stub.web.doors import Doors
from sp_stub.web.form_token import protect_forms
from sp_stub.web.limits import TOO_MANY, RateLimits
from sp_stub.web.look_guard import looking_of, refuse_changes_in_a_look
from sp_stub.web.looks import service_pages
from sp_stub.web.once_a_request import once_a_request
from sp_stub.web.refusal_address import RefusalAddresses
from sp_stub.web.refusals import Refused
from sp_stub.web.routes import register
from sp_stub.web.routes.site import Guards, Site

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_FAULTS = {
    HTTPStatus.NOT_FOUND: "page-unknown",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
}


def create_app(
    settings: Settings, clock: Clock, events: Events, database_url: str, hashes: PasswordHashes | None = None
) -> WSGIApplication:
    """Return the service of `settings`, its state in the database at `database_url`; `hashes` are for tests.

    Raises `InputError` for a URL that cannot be used. A database that does not answer is no error yet: the app is not
    ready until it does.
    """
    database = Database(database_url, schema_of(settings.simulated))
    business = Business.of(settings.config)
    pages = service_pages(settings.config)
    store = LoginStore(database, settings.session_secret)
    cookies = BrowserCookies(settings)
    looking = looking_of(settings, database, cookies, clock)
    around = nothing_around if looking is None else looking.around
    answers = Answers(settings.config, pages, clock, around, RefusalAddresses(settings.session_secret))
    desk = _desk(settings, clock, events, store, hashes or PasswordHashes())
    terms = settings.config.publisher.terms if settings.simulated == "publisher" else None
    site = Site(
        settings=settings,
        answers=answers,
        cookies=cookies,
        logins=Logins(
            settings,
            SamlServiceProvider(settings, clock),
            store,
            events,
            clock,
            once_a_request("business", looking.service.business) if looking else lambda: business,
        ),
        store=store,
        messages=Messages(database, settings.session_secret),
        desk=desk,
        people=People(database),
        doors=Doors(answers, desk, terms, clock),
        clock=clock,
        looking=looking,
    )
    app = Flask("sp_stub", static_folder=None, template_folder=None)
    # what nothing here answers is the front's to answer
    app.config["PROPAGATE_EXCEPTIONS"] = True
    refuse_changes_in_a_look(app, looking, answers)
    guards = Guards(protect_forms(app, settings), RateLimits(app, settings, site.cookies, clock))
    register(app, site, guards)
    _register_faults(app, answers, site.cookies, guards.limits)
    return in_front(
        app,
        part=settings.simulated,
        origin=settings.config.origin,
        pages=pages,
        events=events,
        ready=lambda: _why_not_ready(database),
    )


def _desk(settings: Settings, clock: Clock, events: Events, store: LoginStore, hashes: PasswordHashes) -> Desk:
    secret = settings.session_secret
    return Desk(
        database=store.database,
        store=store,
        hashes=hashes,
        tries=SignInTries(store.database, secret),
        tokens=MailTokens(secret, new_id),
        declared=settings.config.publisher.accounts,
        origin=settings.config.origin,
        clock=clock,
        events=events,
    )


def _register_faults(app: Flask, answers: Answers, cookies: BrowserCookies, limits: RateLimits) -> None:
    def http_fault(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or HTTPStatus.BAD_REQUEST)
        response = answers.fault(request, status, _FAULTS.get(status, "request-malformed"))
        allowed = error.get_response().headers.get("Allow")
        if allowed is not None:
            response.headers["Allow"] = allowed
        return response

    def form_fault(_error: CSRFError) -> Response:
        if not cookies.holds_any(request):
            return answers.refused(request, Refused("cookies-needed"))
        return answers.fault(request, HTTPStatus.FORBIDDEN, "form-not-ours")

    def limit_fault(error: RateLimitExceeded) -> Response:
        response = answers.fault(request, HTTPStatus.TOO_MANY_REQUESTS, str(error.description or TOO_MANY))
        response.headers["Retry-After"] = str(limits.retry_after())
        return response

    def database_fault(_error: DatabaseUnavailableError) -> Response:
        return answers.fault(request, HTTPStatus.SERVICE_UNAVAILABLE, "database-unavailable")

    app.register_error_handler(HTTPException, http_fault)
    app.register_error_handler(CSRFError, form_fault)
    app.register_error_handler(RateLimitExceeded, limit_fault)
    app.register_error_handler(DatabaseUnavailableError, database_fault)


def _why_not_ready(database: Database) -> str | None:
    try:
        database.check()
    except DatabaseUnavailableError:
        return "database-unavailable"  # anybody reads this: not where the database is
    return None
