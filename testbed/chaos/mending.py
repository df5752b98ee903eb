# SPDX-License-Identifier: Apache-2.0
"""Whether the stack in containers is well, and putting right whatever `testbed chaos` has done to it.

What is to be mended is read from the engine, not remembered: a chaos that was interrupted, or one of another terminal,
is mended too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import httpx

from federation.endpoints import PARTS, WILMA_DATA_PATH, PartName
from federation.errors import MissingError, TestbedError
from party.process import CLOCK_VARIABLE
from testbed.stacks.compose.balancer import DATA_HOST
from testbed.stacks.compose.engine import Container
from testbed.stacks.compose.stack import ComposeStack

SECONDS: Final = 90.0
_POLL_SECONDS: Final = 0.2
_ONE_SHOT: Final = "render"
_FROM_THE_BALANCER: Final = frozenset(
    {httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.GATEWAY_TIMEOUT}
)


def mend(stack: ComposeStack) -> tuple[str, ...]:
    """Bring every container back to what it was brought up as; return what was done, when every part answers.

    Raises `TestbedError` where that is not so in a minute and a half.
    """
    done = [*_revived(stack), *_joined(stack), *_clocks_set(stack)]
    wait_until(lambda: is_well(stack), "every part answers")
    return tuple(done)


def is_well(stack: ComposeStack) -> bool:
    """Tell whether every container is healthy, and every part and the data services answer through the balancer."""
    if not all(container.is_done for container in stack.containers()):
        return False
    with stack.client() as client:
        try:
            are_ready = all(
                client.get(f"{stack.origins.of(part)}/readyz").status_code == httpx.codes.OK for part in PARTS
            )
            # they refuse who is not the proxy; where the balancer does not reach them, it says so itself
            data = client.get(f"{stack.origins.idp}/{DATA_HOST}{WILMA_DATA_PATH}")
        except httpx.TransportError:
            return False
    return are_ready and data.status_code not in _FROM_THE_BALANCER


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Return when `condition` holds; raises `TestbedError` that says `what` was waited for."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            message = f"not in {SECONDS:.0f} s: {what}; `testbed status` says which container it is"
            raise TestbedError(message)
        time.sleep(_POLL_SECONDS)


def set_clock(stack: ComposeStack, part: PartName, seconds: int) -> None:
    """Run a part's containers anew with a clock that runs ahead by `seconds`; raises `MissingError` where that fails."""
    clocks = {**stack.project.options.clock_seconds, part: seconds}
    project = replace(stack.project, options=replace(stack.project.options, clock_seconds=clocks))
    code, said = project.run("up", "--detach", "--no-build", "--no-deps", part)
    if code:
        message = f"docker compose up {part} ended with {code}:\n{said}"
        raise MissingError(message)
    wait_until(lambda: is_well(stack), f"{part} is well with another clock")


def _revived(stack: ComposeStack) -> list[str]:
    done = []
    for each in stack.containers():
        if each.state == "paused":
            stack.engine.unpause(each)
            done.append(f"{each.name} goes on")
        elif each.state == "exited" and each.service != _ONE_SHOT:
            stack.engine.start(each)
            done.append(f"{each.name} is started")
    return done


def _joined(stack: ComposeStack) -> list[str]:
    name = stack.project.name
    cut = [each for each in stack.containers("idp") if not stack.engine.is_joined(name, DATA_HOST, each)]
    for each in cut:
        stack.engine.join(name, DATA_HOST, each, DATA_HOST)
    return [f"{each.name} is on the network {DATA_HOST} again" for each in cut]


def _clocks_set(stack: ComposeStack) -> list[str]:
    done = []
    for part in PARTS:
        seconds = stack.project.options.clock_seconds.get(part, 0)
        if any(_clock_of(each) != seconds for each in stack.containers(part)):
            set_clock(stack, part, seconds)
            done.append(f"{part} has its clock back")
    return done


def _clock_of(container: Container) -> int:
    return int(container.environment.get(CLOCK_VARIABLE, "0"))
