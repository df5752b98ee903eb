# SPDX-License-Identifier: Apache-2.0
"""Logging out: this proxy's session ends, and the page says what stays open.

There is no single logout: the proxy keeps no list of the services a person visited (facts-mpassid 5). `return` is
followed to an address of a known service only. A plain GET logs out, as MPASSid's does, so any page can end a session:
that costs the person a sign-in and nothing else.
"""

from __future__ import annotations

from typing import Final

from satosa.response import Response

from federation.reasons import Refusal
from party.cookies import delete_cookie
from proxy.login import LoginRefusedError
from proxy.request import Endpoint, RequestContext, Routes, see_other
from proxy.runtime import Runtime
from proxy.settings import origin_of
from proxy.store import StoreUnavailableError

LOGOUT_PATH: Final = "/idp/profile/Logout"


def logout_routes(runtime: Runtime) -> Routes:
    """Return the logout page's address."""

    def log_out(context: RequestContext) -> Response:
        _end_session(context, runtime)
        target = context.query_value("return")
        if target is not None and origin_of(target) in runtime.settings.return_origins:
            return see_other(target)
        return runtime.pages.page(context.language, "logout.html", context.address)

    return [(rf"^{LOGOUT_PATH.removeprefix('/')}\Z", Endpoint(log_out, methods=("GET", "POST")))]


def _end_session(context: RequestContext, runtime: Runtime) -> None:
    session_id = context.cookies.get(runtime.session_cookie)
    if session_id is not None:
        try:
            runtime.sso_sessions.end(session_id)
        except StoreUnavailableError as error:
            raise LoginRefusedError(Refusal("store-unavailable")) from error
        origin = runtime.settings.endpoints.origin
        context.new_cookies.append(delete_cookie(origin, runtime.session_cookie, cross_site=True))
    runtime.events.emit("logged-out", had_session=session_id is not None)
