# SPDX-License-Identifier: Apache-2.0
"""The stack that `testbed render stack` writes, deployed on a swarm of one node: it runs, is updated, and goes.

These come after the tests of `tests/containers/`, whose stack runs until all tests are over: when an engine leaves a
swarm, the containers of its other networks find one another by name no more (docker 20.10, libnetwork cleans up the
names of every network).
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from federation.endpoints import PARTS
from testbed.cli import main
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.stacks.swarm.stack import SwarmStack, deployed_stack
from tests.builders import swarm
from tests.builders.docker_command import docker
from tests.builders.logins import handed_out_by, send
from tests.builders.loopback_process import free_port
from tests.builders.stacks import SHIPPED, shipped_federation

pytestmark = pytest.mark.containers

NAME = "mpass-testbed-test"
SAML_POST = 'data-purpose="saml-post"'

Render = Callable[[], str]


@pytest.fixture(scope="module")
def declaration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the shipped declaration, to be changed."""
    path = tmp_path_factory.mktemp("swarm") / "federation.yaml"
    path.write_bytes(SHIPPED.read_bytes())
    return path


@pytest.fixture(scope="module")
def render(declaration: Path) -> Render:
    """Return what renders the stack and returns the file's name."""
    target, port = declaration.parent / "stack", str(free_port())
    images = {"balancer": "HAPROXY_IMAGE", "database": "POSTGRES_IMAGE"}
    chosen = [f"--image={service}={os.environ[name]}" for service, name in images.items() if os.environ.get(name)]

    def rendered() -> str:
        options = ["--federation", str(declaration), "--state", str(declaration.parent / "state"), "--port", port]
        result = CliRunner().invoke(
            main, ["render", "stack", str(target), "--registry", swarm.REGISTRY, *chosen, *options]
        )
        assert result.exit_code == 0, result.output
        return str(target / "stack.yaml")

    return rendered


@pytest.fixture(scope="module")
def stack(render: Render, declaration: Path) -> Iterator[SwarmStack]:
    """Deploy the shipped federation; nothing of it is left afterwards, nor the swarm."""
    with swarm.one_node_swarm(), swarm.own_images():
        try:
            swarm.deploy(render(), NAME)
            deployed = deployed_stack(declaration.parent / "state", shipped_federation())
            swarm.wait_until(lambda: answers(deployed), "every part answers through the balancer")
            yield deployed
        finally:
            swarm.remove(NAME)


def answers(stack: SwarmStack) -> bool:
    with stack.client() as client:
        return all(client.get(f"{stack.origins.of(part)}/readyz").status_code == 200 for part in PARTS)


def test_signs_in(stack: SwarmStack):
    """Through the published port, the balancer and the overlay networks: a teacher of two schools."""
    result = login(stack, LoginPlan(find_person(stack.federation, "demo_u0031"), "publisher"))

    assert (result.outcome, result.schools) == ("session", ("30076", "30078")), result


@pytest.mark.usefixtures("stack")
def test_runs_every_part_without_a_capability():
    """As nobody special, on a root that cannot be written to."""
    for service in ("proxy", "idp", "publisher", "portal", "balancer"):
        for container in swarm.containers(NAME, service):
            held = docker("exec", container, "sh", "-c", "id -u; grep CapEff /proc/self/status; touch /x || true")
            assert held.split() == ["10001", "CapEff:", "0000000000000000"]


def test_updates_the_proxy_in_the_middle_of_a_login(stack: SwarmStack, render: Render, declaration: Path):
    """A changed declaration rolls what it changes and nothing else; who was signing in comes through, and so does everybody."""
    untouched = {service: swarm.containers(NAME, service) for service in ("database", "balancer")}
    replicas = swarm.containers(NAME, "proxy")
    outcomes: Counter[str] = Counter()
    is_over = threading.Event()

    def keep_signing_in() -> None:
        while not is_over.is_set():
            result = login(stack, LoginPlan(find_person(stack.federation, "demo_u0001"), "publisher"))
            outcomes[f"{result.outcome} {result.because or ''} {result.detail}".strip()] += 1

    with stack.client() as browser:
        form = handed_out_by("idp", stack, browser, "demo_u0001")
        text = declaration.read_text("utf-8")
        declaration.write_text(text.replace("Mansikkalan testi kunta", "Mansikkalan uusi kunta", 1), "utf-8")
        people = threading.Thread(target=keep_signing_in)
        people.start()
        try:
            swarm.deploy(render(), NAME)
            swarm.wait_until(lambda: not swarm.containers(NAME, "proxy") & replicas, "both replicas are others")
            swarm.wait_until(lambda: swarm.is_settled(NAME), "the update is over")
        finally:
            is_over.set()
            people.join()

        answer = send(browser, form)

    assert (answer.status_code, SAML_POST in answer.text) == (200, True)
    assert not swarm.containers(NAME, "proxy") & replicas
    assert {service: swarm.containers(NAME, service) for service in untouched} == untouched
    assert set(outcomes) == {"session"}
    assert outcomes["session"] >= 3
