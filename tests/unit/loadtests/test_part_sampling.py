# SPDX-License-Identifier: Apache-2.0
"""Samples of a stack in containers, from an engine of our own."""

from __future__ import annotations

from dataclasses import dataclass, field

from loadtests.part_sampling import ComposeSampler
from loadtests.run_folder import Sample
from testbed.stacks.compose.engine import Container


def a_container(identity: str, service: str, state: str = "running") -> Container:
    """Return a container of the project."""
    return Container(identity, service, 1, state, None, 0, None)


@dataclass
class AnEngine:
    """An engine whose containers have used what they were given."""

    use: dict[str, tuple[float, int]]
    running: list[Container] = field(default_factory=list)

    def containers(self, project: str) -> list[Container]:
        """Return what runs, of one project alone."""
        return self.running if project == "ours" else []

    def used(self, container: Container) -> tuple[float, int]:
        """Return what a container was given."""
        return self.use[container.id]


def test_replicas_of_a_service_count_together_and_what_has_ended_not_at_all() -> None:
    """A part is a part, however many containers it has."""
    running = [a_container("a", "proxy"), a_container("b", "proxy"), a_container("c", "render", "exited")]
    engine = AnEngine({"a": (1.5, 100), "b": (2.0, 50)}, running)

    assert ComposeSampler(engine, "ours")(3.0) == [Sample(3.0, "proxy", 3.5, 150, 0)]


def test_what_a_replica_used_that_is_gone_stays_counted() -> None:
    """CPU seconds never fall, or the report would show a service that gives back what it used."""
    engine = AnEngine({"a": (10.0, 100), "b": (0.5, 60)}, [a_container("a", "proxy")])
    sampler = ComposeSampler(engine, "ours")
    sampler(1.0)

    engine.running = [a_container("b", "proxy")]

    assert sampler(2.0) == [Sample(2.0, "proxy", 10.5, 60, 0)]
