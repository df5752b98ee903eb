# SPDX-License-Identifier: Apache-2.0
"""What limited a run, decided from what was measured and said in words.

The first of these rules that holds:

1. A part whose processes used 90 % of what they can for five seconds was at its limit; the earliest counts. What it can
   use is a core for each of its processes, and no more than the machine has. A generator is a part like the others.
2. The machine whose cores were 90 % full for five seconds earlier than any part was at its own limit: then `machine` is
   the limiting part, and the words say what used most of it. That a part used most does not mean that it broke.
3. A step of which half took twice as long, and 50 ms more, when most people came (or towards the end) as when the
   fewest did (or at the beginning): whoever answers it, and where there are samples of it, not for want of CPU.
4. Nothing: no part was at its limit, or there are no samples to tell by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from federation.endpoints import PARTS
from loadtests.report.growth import Growth
from loadtests.report.usage import Usage, smoothed
from party.server import WORKERS

FULL: Final = 0.9
WINDOW_SECONDS: Final = 5.0
GENERATOR: Final = "generator"
MACHINE: Final = "machine"
_ONE_MACHINE: Final = 1.1
"""Parts that together use more than this share of the cores do not run on one machine."""


@dataclass(frozen=True)
class Limit:
    """What limited the run: the part, from which second on, and why in words; the part is `None` where none did."""

    part: str | None
    at: float | None
    because: str


def limit_of(usages: Mapping[str, Usage], cores: int, growth: Growth | None) -> Limit:
    """Return what limited a run on a machine with so many cores."""
    full = _first_full_part(usages, cores)
    machine = _full_machine(usages, cores)
    if full is not None and (machine is None or full.at is None or machine.at is None or full.at <= machine.at):
        return full
    if machine is not None:
        return machine
    if growth is not None:
        return Limit(growth.part, None, _grown(growth, usages))
    if not usages:
        return Limit(None, None, "No samples were taken of the parts, so nothing tells what limited the run.")
    return Limit(None, None, "No part was at its limit.")


def room(part: str, cores: int) -> int:
    """Return how many cores a part can use: one for each process, and those of what we did not start are not known."""
    if part.startswith(GENERATOR):
        return 1
    name, _, number = part.rpartition("-")
    name = name if name and number.isdigit() else part
    known = next((known for known in PARTS if known == name), None)
    return cores if known is None else min(cores, WORKERS.get(known, 1))


def _grown(growth: Growth, usages: Mapping[str, Usage]) -> str:
    """Return in words that a step grew; without samples of who answers it, nothing is said of its CPU."""
    if any(part == growth.part or part.startswith(f"{growth.part}-") for part in usages):
        return (
            f"No part was at the limit of its CPU, but {growth}: {growth.part} waited for something else, such as "
            "threads, locks, a disk, another service, or other programs on the machine."
        )
    return f"There are no samples of {growth.part}, but {growth}."


def _first_full_part(usages: Mapping[str, Usage], cores: int) -> Limit | None:
    starts = {part: _full_from(usage.cores, room(part, cores)) for part, usage in usages.items()}
    found = [(at, part) for part, at in starts.items() if at is not None]
    if not found:
        return None
    start, part = min(found)
    used = _used_from(usages[part].cores, start)
    count = room(part, cores)
    words = (
        f"{part} was at its limit first: from {start:.0f} s on it used {used:.2f} of the {_cores(count)} it can use."
    )
    if part.startswith(GENERATOR):
        words += " The figures say how much load it can make, and little of the system."
    return Limit(part, start, words)


def _full_machine(usages: Mapping[str, Usage], cores: int) -> Limit | None:
    together: dict[int, float] = {}
    for usage in usages.values():
        for moment, used in usage.cores:
            together[round(moment)] = together.get(round(moment), 0.0) + used
    total = sorted((float(moment), used) for moment, used in together.items())
    at = _full_from(total, cores)
    if at is None or max(used for _, used in smoothed(total, WINDOW_SECONDS)) > cores * _ONE_MACHINE:
        return None
    shares = {part: _used_from(usage.cores, at) for part, usage in usages.items()}
    most = sorted(shares, key=lambda part: -shares[part])[:3]
    named = ", ".join(f"{part} {shares[part]:.2f}" for part in most)
    words = (
        f"The machine was full from {at:.0f} s on, all of its {_cores(cores)}, before any part was at a limit of its "
        f"own; most of it was used by {most[0]} (cores used: {named})."
    )
    if most[0].startswith(GENERATOR):
        words += " On a machine of its own the generator would leave more for the system."
    return Limit(MACHINE, at, words)


def _full_from(used: Sequence[tuple[float, float]], cores: int) -> float | None:
    """Return where the first five seconds begin that were full."""
    ends = (at for at, share in smoothed(used, WINDOW_SECONDS) if share >= FULL * cores)
    end = next(ends, None)
    return None if end is None else max(0.0, end - WINDOW_SECONDS)


def _used_from(used: Iterable[tuple[float, float]], at: float) -> float:
    values = [share for moment, share in used if at < moment <= at + WINDOW_SECONDS]
    return sum(values) / len(values) if values else 0.0


def _cores(count: int) -> str:
    return "1 core" if count == 1 else f"{count} cores"
