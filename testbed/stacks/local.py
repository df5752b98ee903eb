# SPDX-License-Identifier: Apache-2.0
"""The testbed that runs on loopback, as a stack: addresses by its record, events by its logs.

Starting and stopping it is `testbed.stacks.start`'s and `running`'s; closing this stack leaves it running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from certs.folder import KeyFolder
from certs.tls_folder import TlsFolder
from federation.endpoints import Endpoints, Origins
from federation.model import Federation
from party.events import Event
from party.loopback import LoopbackTransport
from party.tls import tls_context
from testbed.assembly import RUN_TOKEN
from testbed.stacks.running import find_running
from testbed.stacks.tail import EventTail

TIMEOUT_SECONDS: Final = 20.0


@dataclass(frozen=True)
class LocalStack:
    """Four processes that answer on `origins`."""

    federation: Federation
    origins: Origins
    run_token: bytes
    state: Path
    name: str = "local"

    @property
    def endpoints(self) -> Endpoints:
        """All addresses."""
        return Endpoints(self.origins)

    def client(self) -> httpx.Client:
        """Return a fresh browser; proxies of the environment are for addresses elsewhere."""
        # no CA of this machine's is trusted, which also saves loading their bundle for each browser
        transport = LoopbackTransport(tls_context(self.ca_certificate))
        return httpx.Client(timeout=TIMEOUT_SECONDS, transport=transport, trust_env=False)

    @property
    def ca_certificate(self) -> Path | None:
        """The certificate of the CA that vouches for the parts, None on http."""
        return TlsFolder(self.state).ca_certificate if self.origins.is_secure() else None

    def events(self) -> Sequence[Event]:
        """Return what the parts have logged since they started."""
        tail = EventTail(self.state)
        return tuple(tail.read())

    def close(self) -> None:
        """Leave the testbed running."""


def running_stack(state: Path, federation: Federation) -> LocalStack:
    """Return the testbed that runs from `state`; raises `MissingError` where none does."""
    running = find_running(state)
    token = KeyFolder(state).load([], [RUN_TOKEN]).secrets[RUN_TOKEN]
    return LocalStack(federation, running.origins, token, state)
