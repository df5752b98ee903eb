# SPDX-License-Identifier: Apache-2.0
"""The testbed that runs in containers, as a stack: addresses by its record, events by the containers' logs.

Bringing it up is `testbed.stacks.compose.start`'s; closing this stack leaves it running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from certs.folder import KeyFolder
from certs.tls_folder import TlsFolder
from federation.endpoints import PARTS, Endpoints, Origins
from federation.errors import MissingError
from federation.model import Federation
from party.events import Event, event_from_json
from party.loopback import LoopbackTransport
from party.tls import tls_context
from testbed.assembly import RUN_TOKEN
from testbed.stacks.compose.engine import Container, Engine
from testbed.stacks.compose.project import Project, recorded_project

TIMEOUT_SECONDS: Final = 30.0


@dataclass(frozen=True)
class ComposeStack:
    """Containers that answer on `origins`."""

    federation: Federation
    project: Project
    run_token: bytes
    engine: Engine = field(repr=False)
    name: str = "compose"

    @property
    def origins(self) -> Origins:
        """Where each part answers."""
        return self.project.options.origins

    @property
    def endpoints(self) -> Endpoints:
        """All addresses."""
        return Endpoints(self.origins)

    @property
    def ca_certificate(self) -> Path:
        """The certificate of the CA that vouches for the balancer."""
        return TlsFolder(self.project.folder).ca_certificate

    def client(self) -> httpx.Client:
        """Return a fresh browser."""
        transport = LoopbackTransport(tls_context(self.ca_certificate))
        return httpx.Client(timeout=TIMEOUT_SECONDS, transport=transport, trust_env=False)

    def containers(self, service: str | None = None) -> list[Container]:
        """Return the stack's containers as they are now, those of one service if it is named."""
        found = self.engine.containers(self.project.name)
        return [each for each in found if service in {None, each.service}]

    def events(self) -> Sequence[Event]:
        """Return what the parts have logged since their containers were made, part by part, replica by replica."""
        lines = (
            line
            for part in PARTS
            for container in self.containers(part)
            for line in self.engine.logs(container).splitlines()
        )
        return tuple(event for event in map(event_from_json, lines) if event is not None)

    def close(self) -> None:
        """Leave the testbed running."""


def running_compose_stack(state: Path, federation: Federation) -> ComposeStack:
    """Return the stack that was brought up from `state`; raises `MissingError` where none was."""
    project = recorded_project(state)
    if project is None:
        message = f"no testbed runs in containers from {state}; `testbed up --stack compose` starts one"
        raise MissingError(message)
    token = KeyFolder(project.folder).load([], [RUN_TOKEN]).secrets[RUN_TOKEN]
    return ComposeStack(federation, project, token, Engine())
