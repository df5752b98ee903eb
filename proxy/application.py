# SPDX-License-Identifier: Apache-2.0
"""SATOSA as a WSGI application of ours: its router, plugins and micro-services; our requests, state and refusals.

SATOSA's own `__call__` and `run` are replaced, because they lose the raw query, keep the state in a cookie that can be
altered, and show an exception's text to the browser (as of SATOSA 8.6.0). What stays is what SATOSA is good at: it
finds the endpoint, and carries a login from frontend to backend and back through the micro-services.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from satosa.exception import SATOSANoBoundEndpointError
from satosa.proxy_server import WsgiApplication
from satosa.response import Response
from satosa.satosa_config import SATOSAConfig

from federation.reasons import Refusal
from party.cookies import cookie_name, delete_cookie, set_cookie
from party.language import LANGUAGE_PARAMETER, language_cookie, language_of
from proxy.home_values_page import home_values_routes
from proxy.login import LoginRefusedError, LoginState
from proxy.login_state import (
    StateAlteredError,
    StateExpiredError,
    StateSeal,
    StateTooLargeError,
    is_login_id,
)
from proxy.logout import logout_routes
from proxy.request import BadRequestError, MethodNotAllowedError, RequestContext
from proxy.runtime import Runtime
from proxy.source_lists import source_list_routes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_OWN_PAGE: Final = re.compile(r"login/([^/]+)/")
_STATE_PURPOSE: Final = "login-"


class ProxyApplication(WsgiApplication):  # type: ignore[misc]  # SATOSA ships no types
    """The proxy behind `party.front`: every request that reaches it is bounded and well-formed HTTP."""

    def __init__(self, config: SATOSAConfig, runtime: Runtime) -> None:
        """Build SATOSA from `config`; hand `runtime` to its plugins, which cannot get it through their JSON."""
        super().__init__(config)
        self._runtime = runtime
        self._origin = runtime.settings.configuration.origin
        self._seal = StateSeal(runtime.settings.state_key)
        kinds = (self.module_router.frontends, self.module_router.backends, self.module_router.micro_services)
        for entry in (entry for modules in kinds for entry in modules.values()):
            entry["instance"].runtime = runtime
        [frontend] = self.module_router.frontends.values()
        [backend] = self.module_router.backends.values()
        # SATOSA looks for a backend's addresses only below a path segment of its name (as of 8.6.0).
        frontend["endpoints"] += backend["endpoints"] + source_list_routes(runtime.settings)
        frontend["endpoints"] += logout_routes(runtime) + home_values_routes(runtime)
        self._frontend = frontend["instance"]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        language = language_of("proxy", self._origin, environ)
        path = environ.get("PATH_INFO", "").removeprefix("/")
        if not path or path.startswith("/"):  # SATOSA's context takes no such path
            return _send(self._runtime.pages.not_found(language), start_response)
        try:
            context = RequestContext(environ, language, path)
        except BadRequestError:
            return _send(self._runtime.pages.bad_request(language), start_response)
        response = self.run(context)
        if context.query_value(LANGUAGE_PARAMETER) == language:
            context.new_cookies.append(language_cookie("proxy", self._origin, language))
        response.headers.extend(("Set-Cookie", cookie) for cookie in context.new_cookies)
        return _send(response, start_response)

    def run(self, context: RequestContext) -> Response:
        """Return the answer to one request; every refusal becomes its page, or the service's error response."""
        try:
            self._load_state(context)
            response = self.module_router.endpoint_routing(context)(context)
            self._save_state(context)
        except LoginRefusedError as refused:
            response = self._frontend.refuse(context, refused)
            if context.state.delete:
                self._forget(context, context.state.login_id)
        except MethodNotAllowedError as error:
            response = self._runtime.pages.method_not_allowed(context.language, error.allowed)
        except SATOSANoBoundEndpointError:
            response = self._runtime.pages.not_found(context.language, f"/{quote(context.path, encoding='latin-1')}")
        return response

    def _load_state(self, context: RequestContext) -> None:
        """Find the login this request belongs to: by its path on our own pages, by our RelayState at the ACS."""
        own_page = _OWN_PAGE.match(context.path)
        login_id = own_page[1] if own_page else context.form_value("RelayState")
        value = context.cookies.get(self._cookie_name(login_id)) if login_id and is_login_id(login_id) else None
        if login_id is None or value is None:
            return
        try:
            opened = self._seal.open(login_id, value, self._runtime.clock())
        except StateAlteredError:
            context.state = LoginState(problem="login-state-altered")
        except StateExpiredError:
            context.state = LoginState(problem="login-expired")
        else:
            context.state = LoginState(login_id, opened.started, opened.values)

    def _save_state(self, context: RequestContext) -> None:
        """Let the browser carry the login on, or forget it; raises `LoginRefusedError` when it does not fit."""
        state = context.state
        if state.login_id is None:
            return
        if state.delete:
            if state.started is not None:
                self._forget(context, state.login_id)
        elif state.is_changed:
            now = self._runtime.clock()
            try:
                value = self._seal.close(state.login_id, state.data, state.started or now)
            except StateTooLargeError as error:
                raise LoginRefusedError(Refusal("relay-state-too-large", found=str(error))) from error
            if state.started is None:
                self._make_room(context)
            name = self._cookie_name(state.login_id)
            # Until the browser closes: the time inside the cookie ends it sooner.
            context.new_cookies.append(set_cookie(self._origin, name, value, cross_site=True))

    def _make_room(self, context: RequestContext) -> None:
        prefix = self._cookie_name("")
        kept = [
            (name.removeprefix(prefix), value) for name, value in context.cookies.items() if name.startswith(prefix)
        ]
        for login_id in self._seal.surplus(kept, self._runtime.clock()):
            self._forget(context, login_id)

    def _forget(self, context: RequestContext, login_id: str | None) -> None:
        if login_id is not None:
            name = self._cookie_name(login_id)
            context.new_cookies.append(delete_cookie(self._origin, name, cross_site=True))

    def _cookie_name(self, login_id: str) -> str:
        return cookie_name("proxy", self._origin, _STATE_PURPOSE + login_id)


def _send(response: Response, start_response: StartResponse) -> Iterable[bytes]:
    body: bytes = response.message
    headers = [*response.headers, ("Content-Length", str(len(body)))]
    start_response(response.status, headers)
    return [body]
