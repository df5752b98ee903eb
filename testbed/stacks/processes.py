# SPDX-License-Identifier: Apache-2.0
"""Processes that this testbed started, told apart from all others, and how they are stopped (Linux: /proc).

A process id alone proves nothing, since ids are given out anew: a process is known by its id and its start time, and
what is left of a group whose leader is gone by its session and its command line.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

GRACE_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.02
_ENDED: Final = "ZX"


@dataclass(frozen=True)
class Process:
    """One process: its id, and when it started in the kernel's own count."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> Process | None:
        """Return the live process with this id, if there is one."""
        status = _status(pid)
        return cls(pid, int(status[19])) if status and status[0] not in _ENDED else None

    def is_alive(self) -> bool:
        """Tell whether this very process still runs."""
        return Process.of(self.pid) == self

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def stop(leaders: Iterable[Process], marker: str, grace_seconds: float = GRACE_SECONDS) -> None:
    """Leave none of the process groups that `leaders` lead: SIGTERM, then SIGKILL after the grace period.

    `marker` stands in the command line of every process of the groups.
    """
    waiting = list(leaders)
    for leader in waiting:
        leader.signal(signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while time.monotonic() < deadline and any(_group(leader, marker) for leader in waiting):
        _reap(waiting)
        time.sleep(_POLL_SECONDS)
    for leader in waiting:
        for member in _group(leader, marker):
            member.signal(signal.SIGKILL)
    while any(_group(leader, marker) for leader in waiting):
        _reap(waiting)
        time.sleep(_POLL_SECONDS)


def wait_for_end(process: Process, seconds: float) -> bool:
    """Wait until `process` has ended; False when it still runs after `seconds`."""
    deadline = time.monotonic() + seconds
    while process.is_alive():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def members(leader: Process, marker: str) -> list[Process]:
    """Return what runs in the group that `leader` leads, itself left out; `marker` as for `stop`."""
    return [each for each in _group(leader, marker) if each != leader]


def _group(leader: Process, marker: str) -> list[Process]:
    members = [leader] if leader.is_alive() else []
    return members + [each for each in _session(leader.pid, marker) if each.pid != leader.pid]


def _session(session: int, marker: str) -> Iterator[Process]:
    for entry in Path("/proc").glob("[0-9]*"):
        status = _status(int(entry.name))
        if status is None or int(status[3]) != session:
            continue
        with contextlib.suppress(OSError):
            process = Process.of(int(entry.name))
            if process is not None and marker in (entry / "cmdline").read_text("utf-8", "replace"):
                yield process


def _reap(leaders: Iterable[Process]) -> None:
    """Collect those that are this process's own children, so that none stays behind as a zombie."""
    for leader in leaders:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(leader.pid, os.WNOHANG)


def _status(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat from the state on (the name before it may hold anything)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
