# SPDX-License-Identifier: Apache-2.0
"""A testbed in containers for tests, on a free port.

Which images it is built from is the environment's to say (`.ci/engine`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from federation.errors import MissingError
from testbed.chaos.mending import mend
from testbed.stacks.compose.engine import Engine
from testbed.stacks.compose.project import ComposeOptions, Project
from testbed.stacks.compose.stack import ComposeStack, running_compose_stack
from testbed.stacks.compose.start import bring_up
from tests.builders.loopback_process import free_port
from tests.builders.stacks import SHIPPED, shipped_federation


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


@contextmanager
def mended(stack: ComposeStack) -> Iterator[None]:
    """Whatever a test does to the containers, afterwards all of them are well again."""
    try:
        yield
    finally:
        mend(stack)
