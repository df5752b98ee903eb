# SPDX-License-Identifier: Apache-2.0
"""What the proxy's plugins work with, handed to them once they are built."""

from __future__ import annotations

from dataclasses import dataclass

from party.clock import Clock
from party.events import Events
from proxy.pages import ProxyPages
from proxy.picker.search import PickerIndex
from proxy.settings import Settings
from proxy.store import Store


@dataclass(frozen=True)
class Runtime:
    """Settings, clock, events, store, pages and the picker's index of one proxy."""

    settings: Settings
    clock: Clock
    events: Events
    store: Store
    pages: ProxyPages
    picker: PickerIndex
