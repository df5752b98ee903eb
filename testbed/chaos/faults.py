# SPDX-License-Identifier: Apache-2.0
"""The faults by name: what each does to the running stack, and what must hold all the same.

Each is done by the engine to containers that are found by their labels, and taken back by `testbed.chaos.mending`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

from federation.endpoints import PartName
from federation.errors import InputError, MissingError
from federation.suggestion import did_you_mean, quoted
from testbed.chaos.mending import set_clock, wait_until
from testbed.stacks.compose.balancer import DATA_HOST
from testbed.stacks.compose.engine import Container
from testbed.stacks.compose.stack import ComposeStack


@dataclass(frozen=True)
class Choice:
    """What may be said of a fault."""

    replica: int | None = None
    """Which replica of the proxy; the one that sent somebody to an identity provider last unless given."""
    part: PartName = "publisher"
    offset: timedelta = timedelta(minutes=10)
    """Whose clock runs ahead, and by how much."""


_USER: Final = 10001
"""Who runs in our images."""

Cause: TypeAlias = Callable[[ComposeStack, Choice], str]
"""Causes a fault and returns what was done, in words; raises `MissingError` where there is nothing to do it to."""


@dataclass(frozen=True)
class ChaosFault:
    """One fault: its name, what it does, what must hold, and whether it lasts until it is mended."""

    name: str
    sentence: str
    survives: str
    cause: Cause
    lasts: bool = True


def kill_proxy(stack: ComposeStack, choice: Choice) -> str:
    """End one replica at once."""
    replica = _replica(stack, choice)
    stack.engine.kill(replica)
    return f"{replica.name} is killed"


def pause_proxy(stack: ComposeStack, choice: Choice) -> str:
    """Let time stand still for one replica."""
    replica = _replica(stack, choice)
    stack.engine.pause(replica)
    return f"{replica.name} is paused"


def restart_proxies(stack: ComposeStack, _choice: Choice) -> str:
    """Restart one replica after the other, each when all are well."""
    replicas = _running(stack, "proxy")
    for replica in replicas:
        stack.engine.restart(replica)
        wait_until(lambda: _are_well(stack, "proxy"), "every replica is healthy again")
    return f"{_names(replicas)} restarted, one after the other"


def stop_idp(stack: ComposeStack, _choice: Choice) -> str:
    """Stop the identity provider simulators."""
    return _each(stack, "idp", stack.engine.stop, "stopped")


def cut_data(stack: ComposeStack, _choice: Choice) -> str:
    """Take the network away by which the proxy asks the data services of Wilma and Opinsys."""
    name = stack.project.name
    joined = [each for each in _running(stack, "idp") if stack.engine.is_joined(name, DATA_HOST, each)]
    for each in joined:
        stack.engine.cut_off(name, DATA_HOST, each)
    return f"{_names(joined)} is cut off from the network {DATA_HOST}" if joined else "it is cut off already"


def restart_database(stack: ComposeStack, _choice: Choice) -> str:
    """Stop PostgreSQL and start it again."""
    done = _each(stack, "database", stack.engine.restart, "restarted")
    wait_until(lambda: _are_well(stack, "database"), "the database is healthy again")
    return done


def pause_database(stack: ComposeStack, _choice: Choice) -> str:
    """Let time stand still for PostgreSQL."""
    return _each(stack, "database", stack.engine.pause, "paused")


def skew_clock(stack: ComposeStack, choice: Choice) -> str:
    """Run a part with another clock."""
    seconds = round(choice.offset.total_seconds())
    set_clock(stack, choice.part, seconds)
    return f"the clock of {choice.part} is {abs(seconds)} s {'ahead' if seconds >= 0 else 'behind'}"


def fill_disk(stack: ComposeStack, _choice: Choice) -> str:
    """Apply the shipped declaration to a state folder on a disk that is full."""
    return _applied_to(stack, "size=64k")


def make_read_only(stack: ComposeStack, _choice: Choice) -> str:
    """Apply the shipped declaration to a state folder that may not be written."""
    return _applied_to(stack, "size=1m,ro")


FAULTS: Final[tuple[ChaosFault, ...]] = (
    ChaosFault(
        "kill-proxy",
        "a replica of the proxy is killed, as by a machine that loses its power",
        "a login goes on at the other replica",
        kill_proxy,
    ),
    ChaosFault(
        "pause-proxy",
        "a replica of the proxy hangs",
        "a login goes on at the other replica, after ten seconds at most",
        pause_proxy,
    ),
    ChaosFault(
        "restart-proxies",
        "one replica of the proxy after the other is restarted",
        "no login fails",
        restart_proxies,
        lasts=False,
    ),
    ChaosFault(
        "stop-idp",
        "the identity provider simulators stop",
        "who is signed in stays so, and gets into the other service",
        stop_idp,
    ),
    ChaosFault(
        "cut-data",
        "the proxy reaches no data service of Wilma and Opinsys",
        "their people are refused with learner-id-missing within seconds, nobody else notices",
        cut_data,
    ),
    ChaosFault(
        "restart-database",
        "PostgreSQL is restarted",
        "everybody is who they were, and logins go on by themselves",
        restart_database,
        lasts=False,
    ),
    ChaosFault(
        "pause-database",
        "PostgreSQL hangs",
        "logins end with store-unavailable within seconds, and go on when it does",
        pause_database,
    ),
    ChaosFault(
        "skew-clock",
        "the clock of one part runs ahead (--part, --offset)",
        "within the tolerance nothing happens, beyond it logins are refused with the skew's reason",
        skew_clock,
    ),
    ChaosFault(
        "disk-full",
        "a declaration is applied where the disk is full",
        "it is said in words and nothing is half-written; what runs goes on",
        fill_disk,
        lasts=False,
    ),
    ChaosFault(
        "read-only",
        "a declaration is applied where the state folder may not be written",
        "the same",
        make_read_only,
        lasts=False,
    ),
)


def fault_named(name: str) -> ChaosFault:
    """Return the fault; raises `InputError` where there is none of this name."""
    found = next((each for each in FAULTS if each.name == name), None)
    if found is None:
        hint = did_you_mean(name, [each.name for each in FAULTS])
        message = f"chaos {quoted(name)}: there is none of this name{hint}; `testbed chaos --list` shows them"
        raise InputError(message)
    return found


def worked_last(stack: ComposeStack, event: str) -> Container:
    """Return the replica of the proxy that recorded `event` last; the first where none has."""

    def when(container: Container) -> str:
        lines = stack.engine.logs(container).splitlines()
        return max((line for line in lines if f'"event": "{event}"' in line), default="")

    return max(_running(stack, "proxy"), key=when)


def _applied_to(stack: ComposeStack, options: str) -> str:
    """Apply a declaration below a `/state` that is mounted so; return its exit code, and what was said."""
    [render] = stack.containers("render")
    declaration = "/tmp/federation.yaml"  # noqa: S108 -- in a container of its own
    command = ["generate", "--providers", "20", "--schools", "60", "--output", declaration]
    shell = f"python3 -m testbed {' '.join(command)} >/dev/null && exec python3 -m testbed apply --federation {declaration} --state /state"
    code, said = stack.engine.run_beside(
        render,
        ["/bin/sh", "-c", shell],
        {"/tmp": "size=16m", "/state": f"mode=0700,uid={_USER},gid={_USER},{options}"},  # noqa: S108 -- as above
    )
    return f"apply ended with {code}: {said}"


def _replica(stack: ComposeStack, choice: Choice) -> Container:
    if choice.replica is None:
        return worked_last(stack, "authn-request-sent")
    found = [each for each in _running(stack, "proxy") if each.number == choice.replica]
    if not found:
        message = f"--replica {choice.replica}: there run {_names(_running(stack, 'proxy'))}"
        raise InputError(message)
    return found[0]


def _running(stack: ComposeStack, service: str) -> list[Container]:
    found = [each for each in stack.containers(service) if each.state == "running"]
    if not found:
        message = (
            f"no container of {service} runs; `testbed chaos mend` puts the stack right, `testbed status` shows it"
        )
        raise MissingError(message)
    return found


def _are_well(stack: ComposeStack, service: str) -> bool:
    return all(each.is_done for each in stack.containers(service))


def _each(stack: ComposeStack, service: str, act: Callable[[Container], None], words: str) -> str:
    found = _running(stack, service)
    for each in found:
        act(each)
    return f"{_names(found)} is {words}"


def _names(containers: Iterable[Container]) -> str:
    return ", ".join(each.name for each in containers)
