# SPDX-License-Identifier: Apache-2.0
"""What the proxy's plugins work with, handed to them once they are built."""

from __future__ import annotations

from dataclasses import dataclass

from party.clock import Clock
from party.cookies import cookie_name
from party.events import Events
from proxy.asking.data_service import DataServices
from proxy.pages import ProxyPages
from proxy.picker.search import PickerIndex
from proxy.settings import Settings
from proxy.sso_session import SsoSessions
from proxy.store import Store


@dataclass(frozen=True)
class Runtime:
    """Settings, clock, events, store, sessions, pages, the picker's index and data services of one proxy."""

    settings: Settings
    clock: Clock
    events: Events
    store: Store
    sso_sessions: SsoSessions
    pages: ProxyPages
    picker: PickerIndex
    data: DataServices

    @property
    def session_cookie(self) -> str:
        """The name of the cookie that holds a single sign-on session's id."""
        return cookie_name("proxy", self.settings.endpoints.origin, "session")
