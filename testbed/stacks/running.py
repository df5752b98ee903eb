# SPDX-License-Identifier: Apache-2.0
"""What runs from a state folder: the record that `up` keeps in `run/`, so that others find the parts and stop them.

The record is written before the parts are ready: whatever becomes of `up`, the next `up` or `down` knows what it left.
"""

from __future__ import annotations

import json
import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from certs.folder import write_file
from federation.endpoints import Origins
from federation.errors import MissingError
from testbed.stacks.addresses import LocalAddresses
from testbed.stacks.launching import MODULE
from testbed.stacks.processes import Process, stop, wait_for_end

_SUPERVISOR_SECONDS: Final = 10.0
_LAUNCHER_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Running:
    """The parts of one local stack and, unless it is detached, the `up` that supervises them."""

    addresses: LocalAddresses
    federation: str
    supervisor: Process | None
    launcher: Process
    parts: dict[str, Process]
    database: str = ""
    """Where the services keep what people did: host, port and name of a server's, empty for SQLite files."""

    @property
    def origins(self) -> Origins:
        """Where the parts answer."""
        return self.addresses.origins

    @property
    def is_alive(self) -> bool:
        """Tell whether any of its processes still runs."""
        return any(process.is_alive() for process in (*self.parts.values(), self.launcher, self.supervisor) if process)


def log_path(state: Path, part: str) -> Path:
    """Return where a part's log lies."""
    return state / "run" / f"{part}.log"


def has_configuration(state: Path, part: str) -> bool:
    """Tell whether a part is to run: `apply` writes nothing for a simulated service that is not declared."""
    return (state / part / "config.json").is_file()


def write_record(state: Path, running: Running) -> None:
    """Record what runs from `state`."""
    document = json.dumps(asdict(running), indent=2, sort_keys=True) + "\n"
    write_file(_record(state), document.encode("utf-8"))


def read_record(state: Path) -> Running | None:
    """Return what was recorded last, whether it still runs or not; None where nothing (readable) was."""
    try:
        document = json.loads(_record(state).read_text("utf-8"))
        supervisor = document["supervisor"]
        return Running(
            addresses=LocalAddresses(**document["addresses"]),
            federation=str(document["federation"]),
            supervisor=Process(**supervisor) if supervisor else None,
            launcher=Process(**document["launcher"]),
            parts={part: Process(**process) for part, process in document["parts"].items()},
            database=str(document.get("database", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def stop_parts(state: Path, running: Running) -> None:
    """Leave none of the parts, nor the launcher that waits for them, and forget them."""
    stop(running.parts.values(), MODULE)
    wait_for_end(running.launcher, _LAUNCHER_SECONDS)
    stop([running.launcher], MODULE)
    _record(state).unlink(missing_ok=True)


def find_running(state: Path) -> Running:
    """Return the testbed that runs from `state`; raises `MissingError` where none does."""
    running = read_record(state)
    if running is None or not any(process.is_alive() for process in running.parts.values()):
        message = f"no testbed runs from {state}; `testbed up` starts one"
        raise MissingError(message)
    return running


def runs_here(state: Path) -> bool:
    """Tell whether a testbed runs from `state` as processes of this machine."""
    running = read_record(state)
    return running is not None and running.is_alive


def stop_running(state: Path) -> bool:
    """Leave no process of the testbed that runs from `state`; False when there was none.

    The supervising `up`, if any, is asked first, so that it says goodbye in its own terminal.
    """
    running = read_record(state)
    if running is None:
        return False
    was_alive = running.is_alive
    if running.supervisor is not None:
        _stop_supervisor(running.supervisor)
    stop_parts(state, running)
    return was_alive


def _stop_supervisor(supervisor: Process) -> None:
    """End the `up` that supervises, by SIGTERM and, if it does not listen, by SIGKILL."""
    supervisor.signal(signal.SIGTERM)
    if not wait_for_end(supervisor, _SUPERVISOR_SECONDS):
        supervisor.signal(signal.SIGKILL)


def _record(state: Path) -> Path:
    return state / "run" / "testbed.json"
