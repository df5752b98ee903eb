# SPDX-License-Identifier: Apache-2.0
"""Where the local stack answers, by what a person chose: the first of four ports, and whether it is TLS.

Each part ends its own TLS on a port of its own (docs/adr/0005-tls-on-the-local-stack.md): what a browser keeps apart are
host names, and each part has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from federation.endpoints import PARTS, Origins, PartName
from federation.errors import InputError

PORT_BASE: Final = 8000
TLS_PORT_BASE: Final = 8443

_LOWEST: Final = 1024
_HIGHEST: Final = 65535


@dataclass(frozen=True)
class LocalAddresses:
    """The addresses of one local stack."""

    port_base: int = PORT_BASE
    is_tls: bool = False

    @classmethod
    def of(cls, port_base: int | None, *, is_tls: bool) -> LocalAddresses:
        """Return the addresses from `port_base`, or from the usual port of http or TLS.

        Raises `InputError` for a base that leaves no room.
        """
        chosen = port_base if port_base is not None else TLS_PORT_BASE if is_tls else PORT_BASE
        highest = _HIGHEST - len(PARTS) + 1
        if not _LOWEST <= chosen <= highest:
            message = f"--port-base {chosen}: expected {_LOWEST} to {highest}"
            raise InputError(message)
        return cls(chosen, is_tls)

    @property
    def origins(self) -> Origins:
        """The base URL of each part."""
        return Origins.local_tls(self.port_base) if self.is_tls else Origins.local(self.port_base)

    @property
    def ports(self) -> dict[PartName, int]:
        """The port of each part."""
        return {part: self.port_base + offset for offset, part in enumerate(PARTS)}

    @property
    def options(self) -> str:
        """How a person says the same on the command line."""
        return f"--port-base {self.port_base}{' --tls' if self.is_tls else ''}"
