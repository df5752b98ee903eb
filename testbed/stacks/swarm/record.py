# SPDX-License-Identifier: Apache-2.0
"""What was last rendered for a swarm from a state folder: its own state folder below, and where the stack answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certs.folder import write_file
from federation.endpoints import Origins

_FOLDER: Final = "swarm"
_RECORD: Final = "stack.json"


@dataclass(frozen=True)
class SwarmRecord:
    """A stack by its one port and the domain of its four names; `folder` holds its keys and passwords."""

    folder: Path
    port: int
    base_domain: str

    @classmethod
    def of(cls, state: Path, port: int, base_domain: str) -> SwarmRecord:
        """Return the record of a stack that is rendered from `state`."""
        return cls(state / _FOLDER, port, base_domain)

    @classmethod
    def read(cls, state: Path) -> SwarmRecord | None:
        """Return what was last written; None where nothing (readable) was."""
        try:
            document = json.loads((state / _FOLDER / _RECORD).read_text("utf-8"))
            return cls.of(state, int(document["port"]), str(document["base_domain"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @property
    def origins(self) -> Origins:
        """Where the parts answer."""
        return Origins.tls(self.port, self.base_domain)

    def write(self) -> None:
        """Keep it for `login --stack swarm`."""
        document = json.dumps({"base_domain": self.base_domain, "port": self.port}, indent=2) + "\n"
        write_file(self.folder / _RECORD, document.encode("utf-8"))
