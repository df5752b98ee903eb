# SPDX-License-Identifier: Apache-2.0
"""What a login costs: the CPU time of each part, measured around each part's WSGI call on the in-process stack.

Everything runs in one thread, so the thread's CPU time around a call is the part's own; what is left of the whole is
the client's: httpx, cookies, reading pages. Sockets, gunicorn and the disk are not in it (the stores are memory).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from federation.endpoints import PARTS
from federation.errors import TestbedError
from testbed.flow.login import LoginPlan, login
from testbed.stacks.in_process import InProcessStack

CLIENT = "client"

_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Measurement:
    """CPU milliseconds per login and part: medians of `logins` logins, and the wall time of one."""

    logins: int
    cpu_milliseconds: Mapping[str, float]
    wall_milliseconds: float

    @property
    def total(self) -> float:
        """The CPU milliseconds of a login in all parts and the client."""
        return sum(self.cpu_milliseconds.values())

    @property
    def parts_total(self) -> float:
        """The CPU milliseconds of a login in all parts, without the client."""
        return self.total - self.cpu_milliseconds[CLIENT]

    def share(self, part: str) -> float:
        """Return a part's share of the total, 0 to 1."""
        return self.cpu_milliseconds[part] / self.total if self.total else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the object that `bench --json` prints."""
        return {
            "logins": self.logins,
            "cpu_milliseconds": {part: round(value, 3) for part, value in self.cpu_milliseconds.items()},
            "share": {part: round(self.share(part), 3) for part in self.cpu_milliseconds},
            "cpu_milliseconds_total": round(self.total, 3),
            "wall_milliseconds": round(self.wall_milliseconds, 3),
        }


def measure(stack: InProcessStack, plan: LoginPlan, logins: int, warm_up: int = 3) -> Measurement:
    """Log in `logins` times, each in a fresh browser, and return the medians; the warm-up does not count.

    Raises `TestbedError` when a login does not end in a session: the price of a failure is nobody's question.
    """
    return measure_in_turn({"one": stack}, plan, logins, warm_up)["one"]


def measure_in_turn(
    stacks: Mapping[_Key, InProcessStack], plan: LoginPlan, logins: int, warm_up: int = 3
) -> dict[_Key, Measurement]:
    """Log in `logins` times on each stack, one after the other in turn, and return each one's medians.

    What the machine does meanwhile falls on all of them, so their ratios hold where single numbers do not.
    Raises `TestbedError` as `measure` does.
    """
    samples: dict[_Key, list[dict[str, float]]] = {key: [] for key in stacks}
    for turn in range(warm_up + logins):
        for key, stack in stacks.items():
            sample = _one(stack, plan)
            if turn >= warm_up:
                samples[key].append(sample)
    return {key: _medians(of_one) for key, of_one in samples.items()}


def _medians(samples: list[dict[str, float]]) -> Measurement:
    return Measurement(
        len(samples),
        {
            part: statistics.median(sample[part] for sample in samples)
            for part in (*PARTS, CLIENT)
            if _ran(part, samples)
        },
        statistics.median(sample["wall"] for sample in samples),
    )


def _one(stack: InProcessStack, plan: LoginPlan) -> dict[str, float]:
    before = {part: app.cpu_seconds for part, app in stack.parts.items()}
    cpu, wall = time.thread_time(), time.perf_counter()
    result = login(stack, plan)
    all_cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
    if result.outcome != "session":
        message = f"{result.person} at {result.service}: {result.outcome} ({result.because or result.detail})"
        raise TestbedError(message)
    parts = {str(part): app.cpu_seconds - before[part] for part, app in stack.parts.items()}
    sample = {**parts, CLIENT: all_cpu - sum(parts.values()), "wall": wall}
    return {name: seconds * 1000 for name, seconds in sample.items()}


def _ran(part: str, samples: list[dict[str, float]]) -> bool:
    """Tell whether a part has done anything: the service that nobody signs in to has not."""
    return any(sample[part] > 0 for sample in samples)
