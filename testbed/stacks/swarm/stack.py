# SPDX-License-Identifier: Apache-2.0
"""The testbed that was deployed on a swarm, as a stack: addresses and token by what was rendered for it.

Deploying and removing are `docker stack`'s. What the parts record lies with the nodes they run on
(`docker service logs`) and is not collected here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from certs.folder import KeyFolder
from certs.tls_folder import TlsFolder
from federation.endpoints import Endpoints, Origins
from federation.errors import MissingError
from federation.model import Federation
from party.events import Event
from party.loopback import LoopbackTransport
from party.tls import tls_context
from testbed.assembly import RUN_TOKEN
from testbed.stacks.swarm.record import SwarmRecord

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True)
class SwarmStack:
    """Services of a swarm that answer on `origins`; names below localhost are taken to this machine."""

    federation: Federation
    record: SwarmRecord
    run_token: bytes
    name: str = "swarm"

    @property
    def origins(self) -> Origins:
        """Where each part answers."""
        return self.record.origins

    @property
    def endpoints(self) -> Endpoints:
        """All addresses."""
        return Endpoints(self.origins)

    def client(self) -> httpx.Client:
        """Return a fresh browser."""
        transport = LoopbackTransport(tls_context(TlsFolder(self.record.folder).ca_certificate))
        return httpx.Client(timeout=TIMEOUT_SECONDS, transport=transport, trust_env=False)

    def events(self) -> Sequence[Event]:
        """Return nothing: the events lie with the nodes."""
        return ()

    def close(self) -> None:
        """Leave the testbed running."""


def deployed_stack(state: Path, federation: Federation) -> SwarmStack:
    """Return the stack that was last rendered from `state`; raises `MissingError` where none was."""
    record = SwarmRecord.read(state)
    if record is None:
        message = f"no stack was rendered from {state}; `testbed render stack` writes one (docs/containers.md)"
        raise MissingError(message)
    return SwarmStack(federation, record, KeyFolder(record.folder).load([], [RUN_TOKEN]).secrets[RUN_TOKEN])
