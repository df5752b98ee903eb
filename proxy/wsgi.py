# SPDX-License-Identifier: Apache-2.0
"""The proxy as a process: what gunicorn loads (`proxy.wsgi:create()`), from the environment of `party.process`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from certs.folder import KeyFolder
from certs.keys import PROXY_IDP, PROXY_SP
from party.events import Events, log_sink
from party.process import PartEnvironment, read_part_folder
from proxy.app import create_app
from proxy.settings import STATE_SECRET, Settings
from proxy.store import SqliteStore

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def create() -> WSGIApplication:
    """Return the proxy of this process; raises `InputError` or `StoreUnavailableError` when it cannot start."""
    environment = PartEnvironment.from_environ(os.environ)
    keys = KeyFolder(environment.state).load((PROXY_IDP, PROXY_SP), (STATE_SECRET,))
    settings = Settings.read(read_part_folder(environment.state, "proxy"), keys)
    store = SqliteStore(environment.state / "data" / "proxy.sqlite")
    return create_app(settings, environment.clock, Events("proxy", environment.clock, log_sink), store)
