# SPDX-License-Identifier: Apache-2.0
"""What processes of this machine have used so far: CPU, memory and open files, read from /proc (Linux, proc(5)).

A part of the local stack is a process group of its own (gunicorn and its workers), counted together.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loadtests.run_folder import GENERATOR, Sample

PROC: Final = Path("/proc")
_SESSION: Final = 3
_USER_TICKS: Final = 11
_SYSTEM_TICKS: Final = 12
_CHILDREN_TICKS: Final = (13, 14)


@dataclass(frozen=True)
class Usage:
    """CPU seconds since the beginning, bytes of memory now, file descriptors open now."""

    cpu_seconds: float
    memory_bytes: int
    open_files: int

    def __add__(self, other: Usage) -> Usage:
        """Return both together."""
        return Usage(
            self.cpu_seconds + other.cpu_seconds,
            self.memory_bytes + other.memory_bytes,
            self.open_files + other.open_files,
        )


NOTHING: Final = Usage(0.0, 0, 0)


def usage_of(pid: int, proc: Path = PROC) -> Usage:
    """Return what one process has used, with the children it has buried; nothing where it is gone."""
    folder = proc / str(pid)
    fields = _status(folder)
    if fields is None:
        return NOTHING
    ticks = sum(int(fields[at]) for at in (_USER_TICKS, _SYSTEM_TICKS, *_CHILDREN_TICKS))
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), _memory(folder), _open_files(folder))


def usage_of_sessions(leaders: Iterable[int], proc: Path = PROC) -> dict[int, Usage]:
    """Return what each session has used whose leader is named: one look at all processes for all of them."""
    found = dict.fromkeys(leaders, NOTHING)
    for entry in proc.iterdir():
        if not entry.name.isdigit():
            continue
        fields = _status(entry)
        if fields is not None and int(fields[_SESSION]) in found:
            found[int(fields[_SESSION])] += usage_of(int(entry.name), proc)
    return found


def own_sample(at: float, name: str, proc: Path = PROC) -> Sample:
    """Return what this process, a part of the generator, has used `at` seconds after the schedule's start."""
    folder = proc / "self"
    memory, files = _resident(folder), _open_files(folder)
    return Sample(round(max(0.0, at), 3), f"{GENERATOR}-{name}", round(time.process_time(), 4), memory, files)


def _status(folder: Path) -> list[str] | None:
    """Return the fields of `stat` from the state on: the name before it may hold anything."""
    try:
        return (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None


def _memory(folder: Path) -> int:
    """Return the proportional share of memory: what forked workers share counts once for all of them."""
    try:
        for line in (folder / "smaps_rollup").read_text("ascii", "replace").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        return 0
    return _resident(folder)


def _resident(folder: Path) -> int:
    """Return the resident memory, which costs less to ask for and counts what is shared each time."""
    try:
        return int((folder / "statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _open_files(folder: Path) -> int:
    try:
        return sum(1 for _ in (folder / "fd").iterdir())
    except OSError:
        return 0
