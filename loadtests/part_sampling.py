# SPDX-License-Identifier: Apache-2.0
"""Samples of the parts that are asked, once a second while a run runs: processes of this machine, or containers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from loadtests.run_folder import Sample
from loadtests.sampling import usage_of_sessions
from testbed.stacks.compose.stack import ComposeStack
from testbed.stacks.local import LocalStack
from testbed.stacks.running import find_running

Sampler = Callable[[float], list[Sample]]
"""Returns a sample of each part, taken so many seconds after the start."""


def sampler_of(stack: LocalStack | ComposeStack | None) -> Sampler:
    """Return what samples a stack; nothing can be said of one elsewhere."""
    if isinstance(stack, LocalStack):
        return local_sampler(stack.state)
    return lambda _at: []


def local_sampler(state: Path) -> Sampler:
    """Return what samples the parts that run from `state`, each with its workers."""
    leaders: Mapping[str, int] = {part: process.pid for part, process in find_running(state).parts.items()}

    def sample(at: float) -> list[Sample]:
        found = usage_of_sessions(leaders.values())
        return [
            Sample(at, part, used.cpu_seconds, used.memory_bytes, used.open_files)
            for part, used in ((part, found[pid]) for part, pid in leaders.items())
        ]

    return sample
