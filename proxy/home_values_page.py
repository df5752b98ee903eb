# SPDX-License-Identifier: Apache-2.0
"""What the home organisation sent, shown to the person themselves: the other half of the attribute test (facts-mpassid 11).

Services never get these values: only this proxy has them, in the sealed single sign-on session of the browser, and it
shows them to that browser and to nobody else. It is a page to read, without a login of its own: who is not remembered
here is told where to sign in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Final

from satosa.response import Response

from federation.attributes import HOME_ATTRIBUTES
from federation.drop_rules import Dropped
from federation.home import HomeValues
from federation.reasons import Refusal
from federation.values import build_attributes
from proxy.login import LoginRefusedError
from proxy.request import Endpoint, RequestContext, Routes
from proxy.runtime import Runtime
from proxy.sso_session import SsoSession
from proxy.store import StoreUnavailableError

HOME_VALUES_PATH: Final = "/idp/profile/attributes"


def home_values_routes(runtime: Runtime) -> Routes:
    """Return the page's address."""

    def show(context: RequestContext) -> Response:
        session = _session(context, runtime)
        source = None if session is None else runtime.settings.sources.get(session.source)
        if session is None or source is None:
            return runtime.pages.page(context.language, "home_values.html", context.address, sent=None)
        configuration = source.configuration
        rules = runtime.settings.configuration.rules
        built = build_attributes(session.home_values, configuration.source, runtime.settings.registry, rules)
        return runtime.pages.page(
            context.language,
            "home_values.html",
            context.address,
            sent=_as_lists(session.home_values),
            home=configuration.name.in_language(context.language),
            held_back=_once(built.dropped),
        )

    return [(rf"^{HOME_VALUES_PATH.removeprefix('/')}\Z", Endpoint(show))]


def _session(context: RequestContext, runtime: Runtime) -> SsoSession | None:
    session_id = context.cookies.get(runtime.session_cookie)
    if session_id is None:
        return None
    try:
        return runtime.sso_sessions.resume(session_id, runtime.clock())
    except StoreUnavailableError as error:
        raise LoginRefusedError(Refusal("store-unavailable")) from error


def _once(dropped: Iterable[Dropped]) -> list[Dropped]:
    """Return what was not passed on, each rule once for an attribute; that nothing was sent is seen already."""
    told = (replace(each, detail="") for each in dropped if each.rule != "value-missing")
    return list(dict.fromkeys(told))


def _as_lists(values: HomeValues) -> Mapping[str, tuple[str, ...]]:
    """Return every field with its values as they came, none where nothing did."""
    held = asdict(values)
    return {name: _as_list(held[name]) for name in HOME_ATTRIBUTES}


def _as_list(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
