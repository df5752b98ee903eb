# SPDX-License-Identifier: Apache-2.0
"""One service as a WSGI application: the parts put together, and what is in front of them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from party.clock import Clock
from party.events import Events
from party.front import in_front
from sp_stub.answers import Answers
from sp_stub.browser import BrowserCookies
from sp_stub.database import Database, DatabaseUnavailableError
from sp_stub.logins import Logins
from sp_stub.looks import service_pages
from sp_stub.routes import Service
from sp_stub.saml.provider import SamlServiceProvider
from sp_stub.settings import Settings
from sp_stub.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_FAULTS = {
    HTTPStatus.NOT_FOUND: "page-unknown",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
}


def create_app(settings: Settings, clock: Clock, events: Events, database_url: str) -> WSGIApplication:
    """Return the service of `settings`, its state in the database at `database_url`.

    Raises `InputError` for a URL that cannot be used. A database that does not answer is no error yet: the app is not
    ready until it does.
    """
    database = Database(database_url)
    pages = service_pages(settings.config)
    store = Store(database, settings.session_secret)
    answers = Answers(settings.config, pages, clock)
    service = Service(
        settings=settings,
        answers=answers,
        cookies=BrowserCookies(settings),
        logins=Logins(settings, SamlServiceProvider(settings, clock), store, events, clock),
        store=store,
        clock=clock,
    )
    app = Flask("sp_stub", static_folder=None, template_folder=None)
    # what nothing here answers is the front's to answer
    app.config["PROPAGATE_EXCEPTIONS"] = True
    # else Flask redirects from two slashes to one, at the host that the request named
    app.url_map.merge_slashes = False
    service.register(app)
    _register_faults(app, answers)
    return in_front(
        app,
        part=settings.simulated,
        origin=settings.config.origin,
        pages=pages,
        events=events,
        ready=lambda: _why_not_ready(database),
    )


def _register_faults(app: Flask, answers: Answers) -> None:
    def http_fault(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or HTTPStatus.BAD_REQUEST)
        response = answers.fault(request, status, _FAULTS.get(status, "request-malformed"))
        allowed = error.get_response().headers.get("Allow")
        if allowed is not None:
            response.headers["Allow"] = allowed
        return response

    def database_fault(_error: DatabaseUnavailableError) -> Response:
        return answers.fault(request, HTTPStatus.SERVICE_UNAVAILABLE, "database-unavailable")

    app.register_error_handler(HTTPException, http_fault)
    app.register_error_handler(DatabaseUnavailableError, database_fault)


def _why_not_ready(database: Database) -> str | None:
    try:
        database.check()
    except DatabaseUnavailableError as error:
        return str(error)
    return None
