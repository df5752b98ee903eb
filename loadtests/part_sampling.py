# SPDX-License-Identifier: Apache-2.0
"""Samples of the parts that are asked, once a second while a run runs: processes of this machine, or containers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from loadtests.run_folder import Sample
from loadtests.sampling import usage_of_sessions
from testbed.stacks.compose.engine import Container
from testbed.stacks.compose.stack import ComposeStack
from testbed.stacks.local import LocalStack
from testbed.stacks.running import find_running

_AT_ONCE: Final = 16

Sampler = Callable[[float], list[Sample]]
"""Returns a sample of each part, taken so many seconds after the start."""


def sampler_of(stack: LocalStack | ComposeStack | None) -> Sampler:
    """Return what samples a stack; nothing can be said of one elsewhere."""
    if isinstance(stack, LocalStack):
        return local_sampler(stack.state)
    if isinstance(stack, ComposeStack):
        return ComposeSampler(stack.engine, stack.project.name)
    return lambda _at: []


class Containers(Protocol):
    """What is asked of a container engine."""

    def containers(self, project: str) -> list[Container]:
        """Return a project's containers."""

    def used(self, container: Container) -> tuple[float, int]:
        """Return CPU seconds and bytes of memory."""


@dataclass
class ComposeSampler:
    """Samples a project's containers, replicas of a service together; the engine tells nothing of open files.

    What a container that is gone had used stays counted, so that a service that is restarted never seems to give back.
    """

    engine: Containers
    project: str
    _seconds: dict[str, dict[str, float]] = field(default_factory=dict)

    def __call__(self, at: float) -> list[Sample]:
        """Return a sample of each service that runs."""
        memory: dict[str, int] = {}
        running = [each for each in self.engine.containers(self.project) if each.state == "running"]
        with ThreadPoolExecutor(_AT_ONCE) as pool:  # an engine may take a second for one
            used = list(pool.map(self.engine.used, running))
        for container, (seconds, held) in zip(running, used, strict=True):
            of_service = self._seconds.setdefault(container.service, {})
            of_service[container.id] = max(seconds, of_service.get(container.id, 0.0))
            memory[container.service] = memory.get(container.service, 0) + held
        return [
            Sample(at, service, round(sum(self._seconds[service].values()), 4), held, 0)
            for service, held in memory.items()
        ]


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
