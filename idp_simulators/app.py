# SPDX-License-Identifier: Apache-2.0
"""The app that serves every simulated identity provider: its addresses, and what stands behind each.

    GET        /                       the municipalities
    GET        /<provider>/metadata    the EntityDescriptor
    GET, POST  /<provider>/sso         an AuthnRequest, by HTTP-Redirect or HTTP-POST
    GET, POST  /<provider>/login       the login page
    GET, POST  /<provider>/password…   a forgotten password (`idp_simulators.renewal`)
    POST       /<provider>/logout      forget the session
    any        /control/faults         faults, with the run's token (`idp_simulators.control`)
    GET        /control/exchanges      what was requested and answered, with the run's token

It must run in one worker process, with as many threads as wanted: the faults that wait, the locked accounts and the
renewals in progress are in its memory (`idp_simulators.faults.armed`, `.lockout`, `.renewals`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeAlias

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from federation.model import LANGUAGES
from federation.reasons import Refusal
from idp_simulators.answering import Answers
from idp_simulators.browser_cookies import BrowserCookies
from idp_simulators.control import CONTROL_PATH, EXCHANGES_PATH, FaultControl
from idp_simulators.credentials import Credentials
from idp_simulators.exchanges import Exchanges
from idp_simulators.faults.armed import ArmedFaults
from idp_simulators.faults.network import has_socket
from idp_simulators.lockout import Lockout
from idp_simulators.login import HomeLogin
from idp_simulators.login_pages import SIMULATOR_LOOK, LoginPages
from idp_simulators.logins import Logins
from idp_simulators.password_store import MemoryPasswords, PasswordStore, PasswordsUnavailableError
from idp_simulators.renewal import PasswordRenewal
from idp_simulators.renewal_pages import RenewalPages
from idp_simulators.renewals import Renewals
from idp_simulators.sessions import Sessions
from idp_simulators.settings import HomeProvider, Settings
from party.clock import Clock
from party.events import Events
from party.front import in_front
from party.language import LANGUAGE_PARAMETER, language_cookie
from party.limits import FORM, Limits
from party.pages import Pages

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_Answer: TypeAlias = Callable[[HomeProvider], Response]

METADATA_TYPE: Final = "application/samlmetadata+xml"

_LIMITS: Final = Limits(methods=("GET", "HEAD", "POST", "DELETE"), body_types=(FORM, "application/json"))


def create_app(
    settings: Settings, clock: Clock, events: Events, passwords: PasswordStore | None = None
) -> WSGIApplication:
    """Return the app; passwords that people choose are kept in `passwords`, in memory unless given.

    Raises `ValueError` or `MessageError` where one of its pages could not be shown.
    """
    pages = _pages()
    faults, exchanges = ArmedFaults(), Exchanges()
    events = events.heard_by(exchanges.hear)
    store = passwords or MemoryPasswords()
    credentials, cookies = Credentials(store, Lockout()), BrowserCookies(settings.origin)
    login_pages = LoginPages(settings, clock, pages)
    login = HomeLogin(
        settings=settings,
        clock=clock,
        events=events,
        pages=login_pages,
        answers=Answers.of(settings, clock, events, faults),
        logins=Logins.with_secret(settings.session_secret),
        sessions=Sessions.with_secret(settings.session_secret),
        credentials=credentials,
        cookies=cookies,
    )
    renewal = PasswordRenewal(
        clock=clock,
        events=events,
        pages=RenewalPages(login_pages),
        cookies=cookies,
        credentials=credentials,
        renewals=Renewals(),
        refuse=login.refuse,
    )
    return in_front(
        _routes(settings, login, renewal, FaultControl(settings, faults, exchanges)),
        part="idp",
        origin=settings.origin,
        pages=pages,
        events=events,
        ready=lambda: _unreadiness(store),
        limits=_LIMITS,
    )


@cache
def _pages() -> Pages:
    """Return the pages; they are the same for every app of a process, and compiling them is most of its start."""
    return Pages("idp_simulators", SIMULATOR_LOOK, keep=("login", "renewal"))


def _routes(settings: Settings, login: HomeLogin, renewal: PasswordRenewal, control: FaultControl) -> Flask:
    app = Flask("idp_simulators", static_folder=None, template_folder=None)
    # What the app did not catch goes to the page of `party.front`, not to Flask's own.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    # A redirect from two slashes to one would be built from the Host header.
    app.url_map.merge_slashes = False

    def at(answer: _Answer) -> Callable[[str], Response]:
        def view(provider: str) -> Response:
            home = settings.providers.get(provider)
            if home is None:
                return login.refuse(Refusal("home-provider-unknown"), None, HTTPStatus.NOT_FOUND)
            return answer(home)

        return view

    def over_the_network(answer: _Answer) -> _Answer:
        return partial(_over_the_network, answer, control.faults, login.events)

    app.add_url_rule("/", "index", login.show_index)
    app.add_url_rule("/<provider>/metadata", "metadata", at(over_the_network(_metadata)))
    app.add_url_rule("/<provider>/sso", "sso", at(over_the_network(login.take_request)), methods=["GET", "POST"])
    app.add_url_rule("/<provider>/login", "login", at(login.show_form))
    app.add_url_rule("/<provider>/login", "login form", at(login.take_form), methods=["POST"])
    app.add_url_rule("/<provider>/logout", "logout", at(login.sign_out), methods=["POST"])
    app.add_url_rule("/<provider>/password", "ways", at(renewal.show_ways))
    app.add_url_rule("/<provider>/password", "way", at(renewal.choose), methods=["POST"])
    app.add_url_rule("/<provider>/password/identify", "identification", at(renewal.show_identification))
    app.add_url_rule("/<provider>/password/identify", "identify", at(renewal.identify), methods=["POST"])
    app.add_url_rule("/<provider>/password/new", "new password", at(renewal.show_new))
    app.add_url_rule("/<provider>/password/new", "new password form", at(renewal.take_new), methods=["POST"])
    app.add_url_rule("/<provider>/password/done", "password changed", at(renewal.show_done))
    app.add_url_rule(CONTROL_PATH, "control", control.answer, methods=["GET", "POST", "DELETE"])
    app.add_url_rule(EXCHANGES_PATH, "exchanges", control.exchanged)

    def no_such_page(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or HTTPStatus.NOT_FOUND)
        response = login.refuse(Refusal("home-page-unknown"), None, status)
        response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
        return response

    def remember_language(response: Response) -> Response:
        asked = request.args.get(LANGUAGE_PARAMETER)
        for language in LANGUAGES:
            if asked == language:
                response.headers.add("Set-Cookie", language_cookie("idp", settings.origin, language))
        return response

    def no_passwords(_error: PasswordsUnavailableError) -> Response:
        return login.refuse(Refusal("home-passwords-unavailable"), None, HTTPStatus.SERVICE_UNAVAILABLE)

    app.register_error_handler(HTTPException, no_such_page)
    app.register_error_handler(PasswordsUnavailableError, no_passwords)
    app.after_request(remember_language)
    return app


def _over_the_network(answer: _Answer, faults: ArmedFaults, events: Events, provider: HomeProvider) -> Response:
    """Answer, unless a fault of the network is switched on and there is a network."""
    fault = faults.take_network(provider.key) if has_socket() else None
    if fault is None:
        return answer(provider)
    events.emit("network-fault", source=provider.flow, fault=fault.id)
    return fault.answer(lambda: answer(provider))


def _unreadiness(store: PasswordStore) -> str | None:
    try:
        store.check()
    except PasswordsUnavailableError:
        return "home-passwords-unavailable"
    return None


def _metadata(provider: HomeProvider) -> Response:
    return Response(provider.metadata, content_type=METADATA_TYPE)
