# SPDX-License-Identifier: Apache-2.0
"""What every stack offers: a flow, a conformance case or a load scenario never knows which one it runs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import httpx

from federation.endpoints import PARTS, Endpoints, Origins
from federation.model import Federation
from party.events import Event

OUTSIDE = "outside"


class Stack(Protocol):
    """Four parts that answer."""

    @property
    def name(self) -> str:
        """`in-process` or `local`."""

    @property
    def federation(self) -> Federation:
        """The declaration the parts run with."""

    @property
    def origins(self) -> Origins:
        """Where each part answers."""

    @property
    def endpoints(self) -> Endpoints:
        """All addresses."""

    @property
    def run_token(self) -> bytes:
        """What opens `/session.json` and the simulators' control endpoints."""

    def client(self) -> httpx.Client:
        """Return a fresh browser: its own cookies, no redirect followed by itself; the caller closes it."""

    def events(self) -> Sequence[Event]:
        """Return what the parts have recorded so far, in order of each part."""

    def close(self) -> None:
        """Give back what the stack holds; a stack that others started goes on running."""


def part_at(origins: Origins, url: str) -> str:
    """Return the name of the part that answers at `url`, `outside` for every other address."""
    for part in PARTS:
        if url == origins.of(part) or url.startswith(origins.of(part) + "/"):
            return part
    return OUTSIDE
