# SPDX-License-Identifier: Apache-2.0
"""The four apps in this process, mounted by host name: no socket, no file, one clock per part that stands still.

The names are https, so that cookies behave as they do behind TLS. What is not one of the four names is refused: no
request ever leaves the process. Each part's CPU time is counted as it runs, because all of it runs in the caller's
thread.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Self

import httpx

import idp_simulators.app
import idp_simulators.settings
import proxy.app
import proxy.settings
import sp_stub.app
import sp_stub.settings
from certs.keys import Keys
from federation.endpoints import PARTS, Endpoints, Origins, PartName
from federation.model import Federation
from party.clock import MovableClock
from party.events import Event, Events
from proxy.store import MemoryStore, Store
from testbed.assembly import RUN_TOKEN, part_files, part_keys, rendered_files
from testbed.own_parts import NO_DOCUMENTS, OwnDocuments

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ORIGINS: Final = Origins.tls()

_within: ContextVar[float] = ContextVar("within", default=0.0)
"""The CPU seconds of the parts that the part at work has asked in its turn: they are theirs, not its own."""


@dataclass
class Measured:
    """A WSGI app whose CPU time and calls are counted, with the path as WSGI wants it (PEP 3333)."""

    app: WSGIApplication
    cpu_seconds: float = 0.0
    calls: int = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer whole, so that all of the part's work falls into the measure."""
        # httpx hands the path over as text; WSGI's is UTF-8 read as Latin-1
        environ["PATH_INFO"] = environ["PATH_INFO"].encode("utf-8", "surrogateescape").decode("latin-1")
        started, around = time.thread_time(), _within.set(0.0)
        try:
            body = self.app(environ, start_response)
            try:
                return [b"".join(body)]
            finally:
                close = getattr(body, "close", None)
                if close is not None:
                    close()
        finally:
            spent = time.thread_time() - started
            self.cpu_seconds += spent - _within.get()
            _within.reset(around)
            _within.set(_within.get() + spent)
            self.calls += 1


class _Inside(httpx.BaseTransport):
    """The way from one part to another: `parts` are there once all are made."""

    def __init__(self) -> None:
        self.parts: Mapping[str, httpx.BaseTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self.parts.get(request.url.host, _NothingOutside()).handle_request(request)


class _NothingOutside(httpx.BaseTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        message = f"{request.url.host} is no part of the in-process stack"
        raise httpx.ConnectError(message, request=request)


@dataclass(frozen=True)
class _Stores:
    """Where the parts keep what they keep: the proxy's store, and the URL of the services' database."""

    proxy: Store
    services: str


@dataclass
class InProcessStack:
    """Four parts in memory; made by `in_process_stack`."""

    federation: Federation
    run_token: bytes
    clocks: Mapping[PartName, MovableClock]
    parts: Mapping[PartName, Measured]
    recorded: list[Event] = field(default_factory=list)
    name: str = "in-process"
    origins: Origins = ORIGINS

    @property
    def endpoints(self) -> Endpoints:
        """All addresses."""
        return Endpoints(self.origins)

    def client(self) -> httpx.Client:
        """Return a fresh browser."""
        return httpx.Client(
            mounts={self.origins.of(part): httpx.WSGITransport(app) for part, app in self.parts.items()},
            transport=_NothingOutside(),
            trust_env=False,
        )

    def events(self) -> Sequence[Event]:
        """Return what the parts have recorded so far."""
        return tuple(self.recorded)

    def advance(self, step: timedelta, parts: Iterable[PartName] = PARTS) -> None:
        """Move the clocks of `parts` by `step`, all of them unless named."""
        for part in parts:
            self.clocks[part].advance(step)

    def close(self) -> None:
        """Leave nothing: everything is memory."""

    def __enter__(self) -> Self:
        """Return the stack itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def in_process_stack(
    federation: Federation,
    keys: Keys,
    now: datetime,
    own: OwnDocuments = NO_DOCUMENTS,
    store: Store | None = None,
    service_database: str = "sqlite://",
) -> InProcessStack:
    """Build the four apps from the declaration, as `apply` renders it; their clocks stand at `now`.

    `store` is the proxy's, one in memory unless given; so is the services' database at the URL `service_database`. A part that is somebody's own is outside: it is trusted if its metadata is in `own`, and never answers here.
    """
    files = rendered_files(federation, ORIGINS, keys.pairs, own)
    recorded: list[Event] = []
    clocks = {part: MovableClock(now) for part in PARTS}
    events = {part: Events(part, clocks[part], recorded.append) for part in PARTS}
    inside = _Inside()
    stores = _Stores(store or MemoryStore(), service_database)
    apps = dict(_apps(federation, files, keys, clocks, events, stores, inside))
    parts = {part: Measured(app) for part, app in apps.items()}
    inside.parts = {ORIGINS.host_name(part): httpx.WSGITransport(app) for part, app in parts.items()}
    return InProcessStack(federation, keys.secrets[RUN_TOKEN], clocks, parts, recorded)


def _apps(
    federation: Federation,
    files: Mapping[str, bytes],
    keys: Keys,
    clocks: Mapping[PartName, MovableClock],
    events: Mapping[PartName, Events],
    stores: _Stores,
    inside: httpx.BaseTransport,
) -> Iterator[tuple[PartName, WSGIApplication]]:
    for part in PARTS:
        own_files, own_keys = part_files(files, part), part_keys(federation, keys, part)
        if not own_files:  # a simulated service that is not declared
            continue
        clock, sink = clocks[part], events[part]
        match part:
            case "proxy":
                settings = proxy.settings.Settings.read(own_files, own_keys)
                yield part, proxy.app.create_app(settings, clock, sink, stores.proxy, inside)
            case "idp":
                idp_settings = idp_simulators.settings.Settings.read(own_files, own_keys)
                yield part, idp_simulators.app.create_app(idp_settings, clock, sink)
            case _:
                sp_settings = sp_stub.settings.Settings.read(own_files, own_keys)
                yield part, sp_stub.app.create_app(sp_settings, clock, sink, stores.services)
