# SPDX-License-Identifier: Apache-2.0
"""The proxy, put together: SATOSA with our plugins, and what stands in front of every part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx
from satosa.satosa_config import SATOSAConfig

from party.clock import Clock
from party.events import Events
from party.front import in_front
from proxy.application import ProxyApplication
from proxy.asking.data_service import DataServices
from proxy.frontend import BACKEND
from proxy.pages import ProxyPages
from proxy.picker.search import PickerIndex
from proxy.runtime import Runtime
from proxy.settings import Settings
from proxy.sso_session import SsoSessions
from proxy.store import Store, StoreUnavailableError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_STEPS: Final = (
    ("home-values", "proxy.micro_services.home_values.ReadHomeValues"),
    ("gates", "proxy.micro_services.gates.CheckGates"),
    ("sso-session", "proxy.micro_services.sso_session.RememberPerson"),
    ("mpass-attributes", "proxy.micro_services.mpass_attributes.BuildAttributes"),
    ("attribute-release", "proxy.micro_services.attribute_release.ReleaseAttributes"),
)


def create_app(
    settings: Settings, clock: Clock, events: Events, store: Store, transport: httpx.BaseTransport
) -> WSGIApplication:
    """Return the proxy as a WSGI app; every worker makes its own, and they share nothing but `store`.

    Data services are asked over `transport`, which stays open as long as the app is used.
    """
    pages = ProxyPages(clock, settings.form_targets)
    runtime = Runtime(
        settings=settings,
        clock=clock,
        events=events,
        store=store,
        sso_sessions=SsoSessions(store, settings.state_key),
        pages=pages,
        picker=PickerIndex(settings.configuration.sources),
        data=DataServices(transport, settings.data_flows),
    )
    application = ProxyApplication(_satosa_config(settings), runtime)

    def ready() -> str | None:
        try:
            store.check()
        except StoreUnavailableError:
            return "store-unavailable"  # anybody reads this: not where the store is
        return None

    origin = settings.configuration.origin
    return in_front(application, part="proxy", origin=origin, pages=pages.pages, events=events, ready=ready)


def _satosa_config(settings: Settings) -> SATOSAConfig:
    plugin: dict[str, Any] = {"config": {}}
    return SATOSAConfig(
        {
            "BASE": settings.configuration.origin,
            "COOKIE_STATE_NAME": "unused",  # the state's cookies are ours, but SATOSA demands a name and a key
            "STATE_ENCRYPTION_KEY": "unused",
            "INTERNAL_ATTRIBUTES": {"attributes": {}},
            "FRONTEND_MODULES": [{"name": "services", "module": "proxy.frontend.ServiceFrontend", **plugin}],
            "BACKEND_MODULES": [{"name": BACKEND, "module": "proxy.backend.SourceBackend", **plugin}],
            "MICRO_SERVICES": [{"name": name, "module": module, **plugin} for name, module in _STEPS],
        }
    )
