# SPDX-License-Identifier: Apache-2.0
"""The addresses of the simulated identity providers, and what stands behind each.

    GET        /                       the municipalities
    GET, POST  /<provider>/login       the login page
    GET, POST  /<provider>/password…   a forgotten password (`idp_simulators.renewal`)
    POST       /<provider>/logout      forget the session
    any        /control…               faults, for whoever holds the run's token (`idp_simulators.control`)

and of each kind of identity provider its own, where the proxy sends a person and what else it serves:

    saml, entra, adfs, google   GET, POST  /<provider>/sso          GET  /<provider>/metadata
    wilma                       GET        /<provider>/mpass/login  GET  /<provider>/external/mpass
    opinsys                     GET        /<provider>/v3/sso       GET  /<provider>/v3/users/<subject>
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeAlias

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from federation.model import LANGUAGES
from federation.reasons import Refusal
from idp_simulators.control.endpoint import CONTROL_PATH, EXCHANGES_PATH, ControlEndpoint
from idp_simulators.control.page import PAGE_PATH, ControlPage
from idp_simulators.faults.network import has_socket
from idp_simulators.kinds import KINDS
from idp_simulators.login import HomeLogin
from idp_simulators.password_store import PasswordsUnavailableError
from idp_simulators.provider import HomeProvider
from idp_simulators.renewal import PasswordRenewal
from idp_simulators.settings import Settings
from party.language import LANGUAGE_PARAMETER, language_cookie

_Answer: TypeAlias = Callable[[HomeProvider], Response]


def routes(settings: Settings, login: HomeLogin, renewal: PasswordRenewal, control: ControlPage) -> Flask:
    """Return the app with all its addresses."""
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

    app.add_url_rule("/", "index", login.show_index)
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
    _add_kinds(app, settings, login)
    _add_control(app, control)
    _add_what_holds_everywhere(app, settings, login)
    return app


def _add_kinds(app: Flask, settings: Settings, login: HomeLogin) -> None:
    """Add each kind's own addresses; a provider of another kind has nothing there."""

    def home_at(provider: str, rule: str) -> HomeProvider | Refusal:
        home = settings.providers.get(provider)
        if home is None:
            return Refusal("home-provider-unknown")
        if rule not in {home.kind.login.path, *home.kind.rules}:
            return Refusal("home-page-unknown")
        return home

    def view_of(rule: str, answer: Callable[[HomeProvider, dict[str, str]], Response]) -> Callable[..., Response]:
        def view(provider: str, **parts: str) -> Response:
            home = home_at(provider, rule)
            if isinstance(home, Refusal):
                return login.refuse(home, None, HTTPStatus.NOT_FOUND)
            return answer(home, parts)

        return view

    def begin(home: HomeProvider, _parts: dict[str, str]) -> Response:
        return _over_the_network(lambda: login.take_request(home), home, login)

    for path, methods in {kind.login.path: kind.login.methods for kind in KINDS.values()}.items():
        app.add_url_rule(f"/<provider>/{path}", path, view_of(path, begin), methods=methods)
    for rule in dict.fromkeys(rule for kind in KINDS.values() for rule in kind.rules):
        app.add_url_rule(f"/<provider>/{rule}", rule, view_of(rule, _serving(rule, login)))


def _serving(rule: str, login: HomeLogin) -> Callable[[HomeProvider, dict[str, str]], Response]:
    def serve(home: HomeProvider, parts: dict[str, str]) -> Response:
        def answer() -> Response:
            return home.dialogue.serve(login.desk, home, rule, parts)

        # A data service has faults of its own (`idp_simulators.faults.data`).
        return _over_the_network(answer, home, login) if home.municipality.idp.kind.is_saml else answer()

    return serve


def _add_control(app: Flask, page: ControlPage) -> None:
    """Add the addresses of the control page and of the control endpoint."""
    endpoint = ControlEndpoint(page.operations)
    app.add_url_rule(CONTROL_PATH, "control", endpoint.answer, methods=["GET", "POST", "DELETE"])
    app.add_url_rule(EXCHANGES_PATH, "exchanges", endpoint.exchanged)
    app.add_url_rule(PAGE_PATH, "control page", page.show)
    app.add_url_rule(f"{PAGE_PATH}/token", "control token", page.open, methods=["POST"])
    app.add_url_rule(f"{PAGE_PATH}/on", "control on", page.switch_on, methods=["POST"])
    app.add_url_rule(f"{PAGE_PATH}/off", "control off", page.switch_off, methods=["POST"])
    app.add_url_rule(f"{PAGE_PATH}/close", "control close", page.close, methods=["POST"])


def _add_what_holds_everywhere(app: Flask, settings: Settings, login: HomeLogin) -> None:
    """Add the pages for what went wrong, and the cookie that remembers a language."""

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


def _over_the_network(answer: Callable[[], Response], provider: HomeProvider, login: HomeLogin) -> Response:
    """Answer, unless a fault of the network is switched on and there is a network."""
    fault = login.desk.faults.take_network(provider.key) if has_socket() else None
    if fault is None:
        return answer()
    login.events.emit("network-fault", source=provider.flow, fault=fault.id)
    return fault.answer(answer)
