# SPDX-License-Identifier: Apache-2.0
"""The ports of the local stack: taken before anything starts, and if one is not free, by whom.

Each port is bound here on both loopback addresses (`localhost` may mean either) and handed to its part as an open
socket, so that nobody can take it between the check and the start.
"""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from federation.errors import MissingError

BACKLOG: Final = 512
_LISTEN: Final = "0A"
_LOOPBACKS: Final = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def listen(ports: Iterable[int]) -> dict[int, list[socket.socket]]:
    """Return listening sockets for every port, or none at all.

    Raises `MissingError` that names each port that is taken and the process that holds it.
    """
    taken: list[int] = []
    with contextlib.ExitStack() as stack:
        found: dict[int, list[socket.socket]] = {}
        for port in ports:
            try:
                found[port] = [stack.enter_context(each) for each in _bind(port)]
            except OSError as error:
                if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    raise
                taken.append(port)
        if taken:
            lines = [f"port {port} is taken by {holder(port)}" for port in taken]
            message = "\n".join([*lines, "stop it, or move the testbed with --port-base N"])
            raise MissingError(message)
        stack.pop_all()
        return found


def _bind(port: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    try:
        for family, address in _LOOPBACKS:
            try:
                listener = socket.socket(family, socket.SOCK_STREAM)
            except OSError:  # a kernel without IPv6
                continue
            sockets.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                listener.bind((address, port))
            except OSError as error:
                if family == socket.AF_INET6 and error.errno == errno.EADDRNOTAVAIL:
                    sockets.remove(listener)
                    listener.close()
                    continue
                raise
            listener.listen(BACKLOG)
    except OSError:
        for listener in sockets:
            listener.close()
        raise
    return sockets


def holder(port: int, proc: Path = Path("/proc")) -> str:
    """Return who listens on `port`: process id and command where /proc tells."""
    inodes = set(_listening_inodes(port, proc))
    for process in proc.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            links = (str(descriptor.readlink()) for descriptor in (process / "fd").iterdir())
            if inodes.intersection(link[len("socket:[") : -1] for link in links if link.startswith("socket:[")):
                return f"process {process.name} ({_command(process)})"
    return "another process, which this user may not look into"


def _listening_inodes(port: int, proc: Path) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in (proc / "net" / table).read_text().splitlines()[1:]:
                columns = line.split()
                if columns[3] == _LISTEN and int(columns[1].rpartition(":")[2], 16) == port:
                    yield columns[9]


def _command(process: Path) -> str:
    words = process.joinpath("cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    return " ".join(words).strip()[:200] or process.joinpath("comm").read_text().strip()
