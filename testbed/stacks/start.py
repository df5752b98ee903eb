# SPDX-License-Identifier: Apache-2.0
"""Starting the four parts as real processes on loopback, and waiting until each can do its work."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

from federation.endpoints import Origins, PartName
from federation.errors import MissingError, TestbedError
from party.process import CLOCK_VARIABLE, PART_VARIABLE, STATE_VARIABLE
from testbed.stacks.gunicorn_conf import SOCKETS_VARIABLE, SUPERVISOR_VARIABLE
from testbed.stacks.ports import listen, part_ports
from testbed.stacks.processes import Process, stop
from testbed.stacks.running import MARKER, Running, log_path, read_record, remove_record, write_record

READY_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.02
_LOG_TAIL: Final = 15

_ROOMS: Final[dict[PartName, str]] = {
    "proxy": "proxy",
    "idp": "idp_simulators",
    "publisher": "sp_stub",
    "portal": "sp_stub",
}

_NOT_HANDED_ON: Final = ("GUNICORN_CMD_ARGS", "WEB_CONCURRENCY", "SATOSA_STATE_ENCRYPTION_KEY")
"""Variables that would change how a part runs behind the declaration's back."""


@dataclass(frozen=True)
class StartOptions:
    """How the parts are started."""

    port_base: int = 8000
    clock_offsets: Mapping[PartName, timedelta] = field(default_factory=dict)
    is_detached: bool = False

    @property
    def origins(self) -> Origins:
        """Where the parts will answer."""
        return Origins.local(self.port_base)


@dataclass(frozen=True)
class StartedParts:
    """The parts as this process's own children."""

    state: Path
    children: Mapping[PartName, subprocess.Popen[bytes]]
    running: Running

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Return when every part is ready; raises `TestbedError` with the end of the log of one that is not."""
        deadline = time.monotonic() + seconds
        for part, port in part_ports(self.running.port_base).items():
            self._wait_for(part, port, deadline)

    def ended(self) -> PartName | None:
        """Return a part that ended by itself, if there is one."""
        return next((part for part, child in self.children.items() if child.poll() is not None), None)

    def explain_end(self, part: PartName) -> TestbedError:
        """Return the error that says how `part` ended."""
        code = self.children[part].poll()
        path = log_path(self.state, part)
        return TestbedError(f"{part} ended with code {code}; the end of {path}:\n{log_tail(path)}")

    def _wait_for(self, part: PartName, port: int, deadline: float) -> None:
        reason = "it does not answer"
        while time.monotonic() < deadline:
            try:
                status, document = ask_ready(port, timeout=max(0.1, deadline - time.monotonic()))
            except OSError:
                if self.ended() == part:
                    raise self.explain_end(part) from None
            else:
                if status == http.client.OK:
                    return
                reason = str(document.get("reason", f"it answers {status}"))
            time.sleep(_POLL_SECONDS)
        path = log_path(self.state, part)
        message = f"{part} is not ready in time: {reason}; the end of {path}:\n{log_tail(path)}"
        raise TestbedError(message)


@dataclass
class Start:
    """A start under way: the ports are taken, nobody else starts from this folder, and nothing runs yet."""

    state: Path
    federation: str
    options: StartOptions
    _lock: IO[str]
    _listeners: Mapping[int, list[socket.socket]]
    _children: dict[PartName, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> StartedParts:
        """Start the four parts, all at once, and record them; the folder holds everything applied."""
        for part, port in part_ports(self.options.port_base).items():
            self._children[part] = _start(part, self.state, self._listeners[port], self.options)
        # a port is free again as soon as its part, which now holds it alone, is gone
        self.close_listeners()
        parts = {str(part): _process(child) for part, child in self._children.items()}
        supervisor = None if self.options.is_detached else Process.of(os.getpid())
        running = Running(self.options.port_base, self.federation, supervisor, parts)
        write_record(self.state, running)
        self._lock.close()
        return StartedParts(self.state, self._children, running)

    def close_listeners(self) -> None:
        """Let go of the ports, as far as this process holds them."""
        for listener in (each for group in self._listeners.values() for each in group):
            listener.close()

    def stop(self) -> None:
        """Leave no process and no port."""
        stop([_process(child) for child in self._children.values()], MARKER)
        for child in self._children.values():
            child.wait()
        remove_record(self.state)


@contextmanager
def starting(state: Path, federation: str, options: StartOptions) -> Iterator[Start]:
    """Take the ports for a testbed in `state` (an absolute path); whatever ends the block early stops its parts.

    Raises `MissingError` when a port is taken or a testbed runs from this folder already, before anything changes.
    """
    with _lock(state) as lock:
        _refuse_a_second(state)
        start = Start(state, federation, options, lock, listen(part_ports(options.port_base).values()))
        try:
            yield start
        except BaseException:
            start.stop()
            raise
        finally:
            start.close_listeners()


def _lock(state: Path) -> IO[str]:
    """Return a lock that only one start from this folder holds; closing it releases it."""
    path = state / "run" / ".start.lock"
    path.parent.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
    lock = path.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def ask_ready(port: int, timeout: float) -> tuple[int, Mapping[str, object]]:
    """Return status and document of a part's `/readyz`; raises `OSError` where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        answer = connection.getresponse()
        document = json.loads(answer.read(100_000))
    except (http.client.HTTPException, ValueError) as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    return answer.status, document if isinstance(document, dict) else {}


def log_tail(path: Path) -> str:
    """Return the last lines of a log, indented."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()[-_LOG_TAIL:]
    except OSError as error:
        return f"  (cannot be read: {error.strerror})"
    return "\n".join(f"  {line[:500]}" for line in lines) or "  (empty)"


def _start(
    part: PartName, state: Path, listeners: list[socket.socket], options: StartOptions
) -> subprocess.Popen[bytes]:
    descriptors = [listener.fileno() for listener in listeners]
    offset = options.clock_offsets.get(part, timedelta())
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON} | {
        STATE_VARIABLE: str(state),
        PART_VARIABLE: part,
        CLOCK_VARIABLE: str(round(offset.total_seconds())),
        SOCKETS_VARIABLE: ",".join(str(descriptor) for descriptor in descriptors),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    if not options.is_detached:
        environment[SUPERVISOR_VARIABLE] = str(os.getpid())
    path = log_path(state, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as log:
        # -P: what lies in the current folder is not imported
        return subprocess.Popen(  # noqa: S603 -- our own interpreter, arguments written here
            [sys.executable, "-P", "-m", "gunicorn", "--config", f"python:{MARKER}", f"{_ROOMS[part]}.wsgi:create()"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            pass_fds=descriptors,
            start_new_session=True,
        )


def _process(child: subprocess.Popen[bytes]) -> Process:
    """Return the child as a process; one that has ended already is nobody any more."""
    return Process.of(child.pid) or Process(child.pid, -1)


def _refuse_a_second(state: Path) -> None:
    running = read_record(state)
    if running is None:
        return
    supervisor = running.supervisor
    if running.is_alive and (supervisor is None or supervisor.is_alive()):
        pids = ", ".join(f"{part} {process.pid}" for part, process in running.parts.items())
        message = (
            f"a testbed runs from {state} already: {running.origins.publisher} (processes: {pids});\n"
            "`testbed status` shows it, `testbed down` stops it"
        )
        raise MissingError(message)
    # an `up` that was killed left parts behind
    stop(running.parts.values(), MARKER)
    remove_record(state)
