# SPDX-License-Identifier: Apache-2.0
"""The events of the local stack, read from the parts' logs as they grow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from federation.endpoints import PARTS
from party.events import Event, event_from_json
from testbed.stacks.running import log_path


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
