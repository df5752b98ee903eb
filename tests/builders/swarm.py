# SPDX-License-Identifier: Apache-2.0
"""A swarm of one node for tests, and a stack on it.

The engine is put into a swarm that listens on loopback alone and publishes ports there alone, and taken out of it
afterwards. The images are built under names of the tests' own.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from testbed.stacks.swarm.stack_file import DATA_LABEL
from tests.builders.containers import engine
from tests.builders.docker_command import docker
from tests.builders.loopback_process import free_port

REGISTRY: Final = "swarm-test.invalid/mpass"
"""Where our images are said to come from: nowhere, so that a node that does not hold them says so."""
VERSION: Final = "0.1.0"
_ROOMS: Final = {"proxy": "proxy", "idp": "idp_simulators", "service": "sp_stub"}
_BRIDGE: Final = "docker_gwbridge"
"""The network by whose rules a swarm publishes the ports of a machine."""
SECONDS: Final = 150.0
"""How long a deployment or an update may take."""
_POLL_SECONDS: Final = 0.3


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Return when `condition` holds; the test fails when it does not in time."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not in {SECONDS:.0f} s: {what}"
        time.sleep(_POLL_SECONDS)


@contextmanager
def one_node_swarm() -> Iterator[None]:
    """Have this machine be a node of a swarm that may keep data; afterwards it is as it was."""
    engine()
    if docker("info", "--format", "{{.Swarm.LocalNodeState}}").strip() != "inactive":
        pytest.skip("needs an engine that is in no swarm: what runs on another's swarm is not the tests' to touch")
    with _loopback_bridge():
        address = f"127.0.0.1:{free_port()}"
        docker("swarm", "init", "--advertise-addr", address, "--listen-addr", address)
        try:
            docker(
                "node",
                "update",
                "--label-add",
                f"{DATA_LABEL}=here",
                docker("info", "--format", "{{.Swarm.NodeID}}").strip(),
            )
            yield
        finally:
            docker("swarm", "leave", "--force")


@contextmanager
def _loopback_bridge() -> Iterator[None]:
    """Have the swarm publish ports on loopback alone: without this network it would make one that has no such bounds."""
    if _BRIDGE in docker("network", "ls", "--format", "{{.Name}}").split():
        yield
        return
    options = {
        "com.docker.network.bridge.name": _BRIDGE,
        "com.docker.network.bridge.enable_icc": "false",
        "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1",
    }
    docker("network", "create", *(f"--opt={name}={value}" for name, value in options.items()), _BRIDGE)
    try:
        yield
    finally:
        docker("network", "rm", _BRIDGE)


@contextmanager
def own_images() -> Iterator[None]:
    """Have the images of our own under the tests' names, which are gone afterwards."""
    base = ["--build-arg", f"BASE_IMAGE={os.environ['BASE_IMAGE']}"] if os.environ.get("BASE_IMAGE") else []
    for image, room in _ROOMS.items():
        docker(
            "build", "--quiet", "--file", f"{room}/Dockerfile", *base, "--build-arg", f"VERSION={VERSION}",
            "--tag", f"{REGISTRY}/{image}:{VERSION}", ".",
        )  # fmt: skip
    yield
    docker("image", "rm", "--force", *(f"{REGISTRY}/{image}:{VERSION}" for image in _ROOMS))


def deploy(stack_file: str, name: str) -> None:
    """Deploy a stack, and return when every service runs as it should: a swarm counts healthy tasks alone."""
    docker("stack", "deploy", "--resolve-image", "never", "--compose-file", stack_file, name)
    wait_until(lambda: is_settled(name), f"every service of {name} runs")


def is_settled(name: str) -> bool:
    """Tell whether each service has all of its tasks, and is not being updated."""
    services = [json.loads(line) for line in docker("stack", "services", "--format", "{{json .}}", name).splitlines()]
    if any(each["Replicas"].split(" ")[0].partition("/")[0] != each["Replicas"].partition("/")[2] for each in services):
        return False
    states = docker(
        "service", "inspect", "--format", "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}",
        *(each["ID"] for each in services),
    )  # fmt: skip
    return "updating" not in states


def containers(name: str, service: str) -> set[str]:
    """Return the ids of the containers that run for a service."""
    found = docker("ps", "--quiet", "--filter", f"label=com.docker.swarm.service.name={name}_{service}")
    return set(found.split())


def remove(name: str) -> None:
    """Remove a stack, and the volumes that `docker stack rm` keeps."""
    label = f"label=com.docker.stack.namespace={name}"
    docker("stack", "rm", name)
    wait_until(lambda: not docker("ps", "--all", "--quiet", "--filter", label), f"the containers of {name} are gone")
    for volume in docker("volume", "ls", "--quiet", "--filter", label).split():
        docker("volume", "rm", volume)
    wait_until(lambda: not docker("network", "ls", "--quiet", "--filter", label), f"the networks of {name} are gone")
