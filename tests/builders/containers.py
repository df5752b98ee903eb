# SPDX-License-Identifier: Apache-2.0
"""A testbed in containers for tests, on a free port, and words for what is done to its containers.

Which images it is built from is the environment's to say (`.ci/engine`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from federation.errors import MissingError
from testbed.stacks.compose.engine import Container, Engine
from testbed.stacks.compose.project import ComposeOptions, Project
from testbed.stacks.compose.stack import ComposeStack, running_compose_stack
from testbed.stacks.compose.start import bring_up
from tests.builders.loopback_process import free_port
from tests.builders.stacks import SHIPPED, shipped_federation

SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.2


def engine() -> Engine:
    """Return the machine's engine; without one the test is skipped, and says so."""
    try:
        return Engine()
    except MissingError as error:
        pytest.skip(f"needs a container engine: {str(error).splitlines()[0]}")


@contextmanager
def running(state: Path) -> Iterator[ComposeStack]:
    """Run the shipped federation in containers; nothing of it is left afterwards."""
    used = engine()
    project = Project(state, ComposeOptions(str(SHIPPED), port=free_port()))
    try:
        bring_up(project, used, lambda _words: None)
        yield running_compose_stack(state, shipped_federation())
    finally:
        used.remove(project.name)


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Return when `condition` holds; the test fails when it does not in a minute."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not in {SECONDS:.0f} s: {what}"
        time.sleep(_POLL_SECONDS)


def is_well(stack: ComposeStack) -> bool:
    """Tell whether every container is healthy, and every part answers through the balancer."""
    if not all(container.is_done for container in stack.containers()):
        return False
    with stack.client() as client:
        return all(
            client.get(f"{stack.origins.of(part)}/readyz").status_code == 200  # type: ignore[arg-type]
            for part in ("proxy", "idp", "publisher", "portal")
        )


@contextmanager
def mended(stack: ComposeStack) -> Iterator[None]:
    """Whatever a test does to the containers, afterwards all of them are well again."""
    try:
        yield
    finally:
        for container in stack.containers():
            if container.state == "paused":
                stack.engine.unpause(container)
            elif container.state == "exited" and container.service != "render":
                stack.engine.start(container)
        wait_until(lambda: is_well(stack), "every container is well again")


def worked_last(stack: ComposeStack, event: str) -> Container:
    """Return the replica of the proxy that recorded `event` last."""

    def when(container: Container) -> str:
        lines = stack.engine.logs(container).splitlines()
        return max((line for line in lines if f'"event": "{event}"' in line), default="")

    return max(stack.containers("proxy"), key=when)
