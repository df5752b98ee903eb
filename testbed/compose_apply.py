# SPDX-License-Identifier: Apache-2.0
"""What `testbed apply` does to a stack in containers: render anew, and let the parts concerned take it up one by one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from certs.rotation import Step
from federation.endpoints import PARTS
from federation.errors import InputError, MissingError
from testbed.chaos.mending import wait_until
from testbed.commands.render import GIVEN
from testbed.options import ROTATE_VARIABLE
from testbed.stacks.compose.engine import Container, Engine
from testbed.stacks.compose.project import Project

_RENDER: Final = ("run", "--rm", "--no-deps", "--no-TTY", "--quiet-pull")
_NOT_TAKEN_UP: Final = ("balancer", "database")


def run(project: Project, renewed: Collection[str], rotate: Step | None) -> str:
    """Render what the containers are given, and return what was done when every part has taken it up.

    Raises `InputError` where that is refused, in the words of the command in the container.
    """
    if renewed:
        message = "--renew: is for the testbed as processes; in containers, `testbed down` and `up` make new ones"
        raise InputError(message)
    engine = Engine()
    given = _rendered(project, rotate)
    for part in (part for part in PARTS if part in given):
        for each in engine.containers(project.name):
            if each.service == part:
                take_up(engine, project, each)
    words = f"taken up by {', '.join(part for part in PARTS if part in given)}" if given else "nothing to take up"
    waiting = [name for name in _NOT_TAKEN_UP if name in given]
    return "\n".join([words, *(f"taken up with the next `testbed up`: {name}" for name in waiting)])


def take_up(engine: Engine, project: Project, container: Container) -> None:
    """Let a part read its folder anew: new workers start, and the old ones end what they have begun.

    Raises `TestbedError` where the old ones are still there, or the part is not well, in a minute and a half.
    """
    before = engine.processes(container)
    engine.signal(container, "SIGHUP")
    # one stays: the master
    wait_until(lambda: len(before & engine.processes(container)) <= 1, f"{container.name} has new workers")
    wait_until(
        lambda: all(each.is_done for each in engine.containers(project.name)), f"{container.name} is well with them"
    )


def _rendered(project: Project, rotate: Step | None) -> frozenset[str]:
    """Render, and return the names of the containers whose folders have changed."""
    variable = [] if rotate is None else ["--env", f"{ROTATE_VARIABLE}={rotate}"]
    code, said = project.run(*_RENDER, *variable, "render")
    if code:
        error = InputError if code == InputError.exit_code else MissingError
        raise error(said.strip())
    [line] = [line for line in said.splitlines() if line.startswith(GIVEN)]
    return frozenset(line.removeprefix(GIVEN).split())
