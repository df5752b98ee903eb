# SPDX-License-Identifier: Apache-2.0
"""The proxy as a process: what gunicorn loads (`proxy.wsgi:create()`), from the environment of `party.process`."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from certs.folder import KeyFolder
from certs.keys import PROXY_IDP, PROXY_SP
from certs.tls_folder import TlsFolder
from party.events import Events, log_sink
from party.process import PartEnvironment, read_part_folder
from party.tls import tls_context
from proxy.app import create_app
from proxy.asking.connections import PooledTransport
from proxy.settings import Settings, needed_secrets, read_configuration
from proxy.store import SqliteStore, Store

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


STORE_VARIABLE: Final = "TESTBED_STORE_URL"
"""Another store than SQLite below the state folder: PostgreSQL, such as postgresql://proxy@database/proxy."""


def create() -> WSGIApplication:
    """Return the proxy of this process; raises `InputError` or `StoreUnavailableError` when it cannot start."""
    environment = PartEnvironment.from_environ(os.environ)
    files = read_part_folder(environment.state, "proxy")
    secrets = needed_secrets(read_configuration(files))
    keys = KeyFolder(environment.state).load((PROXY_IDP, PROXY_SP), secrets)
    settings = Settings.read(files, keys)
    store = _store(os.environ.get(STORE_VARIABLE), environment)
    # open until the process ends, which closes its sockets
    transport = PooledTransport(tls_context(_ca_certificate(settings, environment)), localhost=environment.localhost)
    return create_app(settings, environment.clock, Events("proxy", environment.clock, log_sink), store, transport)


def _store(url: str | None, environment: PartEnvironment) -> Store:
    if not url:
        return SqliteStore(environment.state / "data" / "proxy.sqlite")
    # whoever has no PostgreSQL does not wait for its library
    store: Store = importlib.import_module("proxy.store_postgres").PostgresStore(url)
    return store


def _ca_certificate(settings: Settings, environment: PartEnvironment) -> Path | None:
    """Return the certificate of the CA that vouches for the data services, None on http."""
    is_tls = settings.configuration.origin.startswith("https:")
    return TlsFolder(environment.state).ca_certificate if is_tls else None
