# SPDX-License-Identifier: Apache-2.0
"""The testbed that runs on loopback, as a stack: addresses by its record, events by its logs.

Starting and stopping it is `testbed.stacks.start`'s and `running`'s; closing this stack leaves it running.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from certs.folder import KeyFolder
from federation.endpoints import PARTS, Endpoints, Origins
from federation.model import Federation
from party.events import Event, event_from_json
from testbed.assembly import RUN_TOKEN
from testbed.stacks.running import find_running, log_path

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
        return httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False)

    def events(self) -> Sequence[Event]:
        """Return what the parts have logged since they started."""
        tail = EventTail(self.state)
        return tuple(tail.read())

    def close(self) -> None:
        """Leave the testbed running."""


@dataclass
class EventTail:
    """Reads the parts' logs as they grow."""

    state: Path
    _offsets: dict[str, int] = field(default_factory=dict)

    def read(self) -> Iterator[Event]:
        """Return the events that came since the last reading, part by part in the order of a login.

        The logs are read from the end of the chain to its beginning: what a service says has its causes among what the
        proxy said before, so they are there too.
        """
        lines = {part: self._new_lines(part) for part in reversed(PARTS)}
        for part in PARTS:
            for line in lines[part]:
                event = event_from_json(line)
                if event is not None:
                    yield event

    def _new_lines(self, part: str) -> list[str]:
        path = log_path(self.state, part)
        try:
            with path.open("rb") as log:
                log.seek(self._offsets.get(part, 0))
                content = log.read()
        except OSError:
            return []
        whole, newline, _ = content.rpartition(b"\n")
        self._offsets[part] = self._offsets.get(part, 0) + len(whole) + len(newline)
        return whole.decode("utf-8", "replace").splitlines()


def running_stack(state: Path, federation: Federation) -> LocalStack:
    """Return the testbed that runs from `state`; raises `MissingError` where none does."""
    running = find_running(state)
    token = KeyFolder(state).load([], [RUN_TOKEN]).secrets[RUN_TOKEN]
    return LocalStack(federation, running.origins, token, state)
