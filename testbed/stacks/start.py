# SPDX-License-Identifier: Apache-2.0
"""Starting the four parts as real processes on loopback.

In this order: nobody else starts from the folder, nothing runs from it, all ports are ours; then whoever starts
applies the declaration; then the parts run and are recorded. Whatever ends a start early leaves no process and no port.
"""

from __future__ import annotations

import fcntl
import os
import socket
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO

from certs.tls_folder import TlsFolder
from federation.endpoints import Origins, PartName
from federation.errors import MissingError, TestbedError
from party.process import CLOCK_VARIABLE, PART_VARIABLE, STATE_VARIABLE
from testbed.links import check_holds_no_link
from testbed.stacks.addresses import LocalAddresses
from testbed.stacks.launching import Launcher, Order
from testbed.stacks.ports import listen
from testbed.stacks.processes import Process
from testbed.stacks.running import (
    Running,
    has_configuration,
    log_path,
    read_record,
    stop_parts,
    write_record,
)


@dataclass(frozen=True)
class StartOptions:
    """How the parts are started."""

    addresses: LocalAddresses = field(default_factory=LocalAddresses)
    clock_offsets: Mapping[PartName, timedelta] = field(default_factory=dict)
    is_detached: bool = False

    @property
    def origins(self) -> Origins:
        """Where the parts will answer."""
        return self.addresses.origins


@dataclass
class Start:
    """A start under way: the ports are taken, nobody else starts from this folder, and nothing runs yet."""

    state: Path
    federation: str
    options: StartOptions
    launcher: Launcher
    _lock: IO[str]
    _listeners: Mapping[int, list[socket.socket]]
    database: str = ""
    """Where the services' database is, empty for files of their own."""

    def start(self) -> Running:
        """Run the parts that are declared, all at once, and record them; the folder holds everything applied."""
        pids = self.launcher.launch(list(self._orders()))
        # a port is free again as soon as its part, which now holds it alone, is gone
        self.close_listeners()
        running = Running(
            addresses=self.options.addresses,
            federation=self.federation,
            supervisor=None if self.options.is_detached else _process("up", os.getpid()),
            launcher=_process("launcher", self.launcher.pid),
            parts={part: _process(part, pid) for part, pid in pids.items()},
            database=self.database,
        )
        write_record(self.state, running)
        self._lock.close()
        return running

    def close_listeners(self) -> None:
        """Let go of the ports, as far as this process holds them."""
        for listener in (each for group in self._listeners.values() for each in group):
            listener.close()

    def stop(self) -> None:
        """Leave no process and no port."""
        self.launcher.close()
        self.close_listeners()
        running = read_record(self.state)
        if running is not None:
            stop_parts(self.state, running)
        self.launcher.wait()

    def _orders(self) -> Iterator[Order]:
        for part, port in self.options.addresses.ports.items():
            if not has_configuration(self.state, part):
                continue
            offset = self.options.clock_offsets.get(part, timedelta())
            environment = {
                STATE_VARIABLE: str(self.state),
                PART_VARIABLE: part,
                CLOCK_VARIABLE: str(round(offset.total_seconds())),
            }
            yield Order(environment, log_path(self.state, part), self._listeners[port], self._certificate(part))

    def _certificate(self, part: PartName) -> Path | None:
        """Return where the part's TLS key and certificates lie, None where it answers on http."""
        is_tls = self.options.addresses.is_tls
        return TlsFolder(self.state).chain(self.options.origins.host_name(part)) if is_tls else None


@contextmanager
def starting(state: Path, federation: str, options: StartOptions, launcher: Launcher) -> Iterator[Start]:
    """Take the ports for a testbed in `state` (an absolute path); whatever ends the block early stops its parts.

    Raises `MissingError` when a port is taken or a testbed runs from this folder already, and `InputError` when the
    folder holds a link, before anything changes.
    """
    with _lock(state) as lock:
        _refuse_a_second(state)
        listeners = listen(options.addresses.ports.values())
        start = Start(state, federation, options, launcher, lock, listeners)
        try:
            yield start
        except BaseException:
            start.stop()
            raise
        finally:
            start.close_listeners()


def _process(name: str, pid: int) -> Process:
    process = Process.of(pid)
    if process is None:
        message = f"{name} (process {pid}) ended as soon as it was started"
        raise TestbedError(message)
    return process


def _lock(state: Path) -> IO[str]:
    """Return a lock that only one start from this folder holds; closing it releases it."""
    check_holds_no_link(state)
    path = state / "run" / ".start.lock"
    for folder in (state, path.parent):  # each by itself, because a mode is not given to parents
        folder.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
    lock = path.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _refuse_a_second(state: Path) -> None:
    running = read_record(state)
    if running is None:
        return
    is_supervised = running.supervisor is None or running.supervisor.is_alive()
    if is_supervised and any(process.is_alive() for process in running.parts.values()):
        pids = ", ".join(f"{part} {process.pid}" for part, process in running.parts.items())
        message = (
            f"a testbed runs from {state} already: {running.origins.publisher} (processes: {pids});\n"
            "`testbed status` shows it, `testbed down` stops it"
        )
        raise MissingError(message)
    # an `up` that was killed left something behind
    stop_parts(state, running)
