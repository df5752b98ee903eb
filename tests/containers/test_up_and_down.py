# SPDX-License-Identifier: Apache-2.0
"""`up --stack compose` either runs everything or leaves nothing, and says why; `status` and `down` know what runs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from federation.errors import TestbedError
from testbed.chaos.mending import is_well
from testbed.stacks.compose.engine import PROJECT_LABEL, Engine
from testbed.stacks.compose.project import project_name
from testbed.stacks.compose.stack import ComposeStack
from tests.builders import containers
from tests.builders.loopback_process import free_port
from tests.builders.stacks import SHIPPED

pytestmark = pytest.mark.containers

SECONDS = 180
SICK = ["/bin/sh", "-c", "echo I am not myself today; exec sleep 600"]


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Return the machine's engine."""
    return containers.engine()


def run_testbed(
    verb: str, *options: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- our own command line
        [sys.executable, "-m", "testbed", verb, *options],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, **(environment or {})},
    )


def docker(*arguments: str) -> None:
    subprocess.run(["docker", *arguments], check=True, capture_output=True)  # noqa: S603, S607 -- the engine's own command line


def up(
    state: Path, declaration: Path = SHIPPED, port: int | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    options = ["--state", str(state), "--federation", str(declaration), "--port-base", str(port or free_port())]
    return run_testbed("up", "--stack", "compose", "--detach", *options, environment=environment)


def left(engine: Engine, state: Path) -> int:
    """Return how many containers, networks and volumes there are of a state folder's project, and remove them."""
    return engine.remove(project_name(state))


def test_tells_of_every_container(compose: ComposeStack):
    """`status` shows where each part answers, whether it is well, and its version."""
    result = run_testbed("status", "--json", "--state", str(compose.project.state))

    rows = {row["container"]: row for row in json.loads(result.stdout)["containers"]}
    assert result.returncode == 0, result.stderr
    assert {name: row["status"] for name, row in rows.items()} == {
        "balancer-1": "healthy",
        "database-1": "healthy",
        "idp-1": "healthy",
        "portal-1": "healthy",
        "proxy-1": "healthy",
        "proxy-2": "healthy",
        "publisher-1": "healthy",
        "render-1": "done",
    }
    assert (rows["proxy-2"]["address"], rows["proxy-2"]["version"]) == (compose.origins.proxy, "0.1.0")


def test_logs_in_from_the_command_line(compose: ComposeStack):
    """`login --stack compose` finds the stack by its state folder."""
    result = run_testbed("login", "demo_u0031", "--stack", "compose", "--state", str(compose.project.state), "--json")

    document = json.loads(result.stdout)
    assert (document["outcome"], document["schools"], document["stack"]) == ("session", ["30076", "30078"], "compose")


def test_runs_once_from_a_state_folder(compose: ComposeStack):
    """A second `up` changes nothing and ends with 3."""
    result = up(compose.project.state)

    assert (result.returncode, "runs from" in result.stderr) == (3, True)
    assert is_well(compose)


def test_says_that_a_port_is_taken(engine: Engine, tmp_path: Path):
    """Before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = up(tmp_path, port=port)

    assert result.returncode == 3
    assert f"port {port} is taken by process {os.getpid()}" in result.stderr
    assert left(engine, tmp_path) == 0


def test_says_that_an_image_cannot_be_had(engine: Engine, tmp_path: Path):
    """The name of the image stands in what is said, and nothing is left."""
    result = up(tmp_path, HAPROXY_IMAGE="mpass-testbed-no-such-image:0")

    assert result.returncode == 3
    assert "mpass-testbed-no-such-image" in result.stderr
    assert left(engine, tmp_path) == 0


@pytest.fixture
def sick_balancer() -> Iterator[str]:
    """Return the name of an image that runs and answers nobody."""
    name = f"mpass-testbed-test/sick-balancer:{os.getpid()}"
    text = f"FROM {os.environ.get('HAPROXY_IMAGE', 'haproxy:2.6')}\nENTRYPOINT {json.dumps(SICK)}\n"
    subprocess.run(["docker", "build", "--quiet", "--tag", name, "-"], input=text, text=True, check=True)  # noqa: S603, S607 -- the engine's own command line
    yield name
    docker("image", "rm", "--force", name)


def test_says_what_a_container_said_that_is_not_healthy(engine: Engine, tmp_path: Path, sick_balancer: str):
    """A part that runs and does no work is named, with its last words, and nothing is left."""
    result = up(tmp_path, HAPROXY_IMAGE=sick_balancer)

    assert result.returncode == 3
    assert "balancer-1 is not healthy; its last words:\n  I am not myself today\n" in result.stderr
    assert left(engine, tmp_path) == 0


def test_says_what_a_container_said_that_ended(engine: Engine, tmp_path: Path):
    """A declaration that is wrong is told in its own words, by the container that read it."""
    declaration = tmp_path / "federation.yaml"
    declaration.write_text("services: {publisher: {simulated: publisher, receives: [schoolinfo]}}\n", "utf-8")
    declaration.chmod(0o644)

    result = up(tmp_path / "state", declaration)

    assert result.returncode in {2, 3}
    assert "schoolinfo" in result.stderr
    assert left(engine, tmp_path / "state") == 0


def test_removes_what_it_made_and_nothing_else(compose: ComposeStack, tmp_path: Path):
    """`down` in another state folder leaves this stack alone."""
    result = run_testbed("down", "--state", str(tmp_path))

    assert (result.returncode, result.stdout) == (0, f"no testbed runs from {tmp_path}\n")
    assert is_well(compose)


def test_says_what_somebody_else_still_uses(compose: ComposeStack, engine: Engine, tmp_path: Path):
    """A network that a container of a person's own hangs on stays, and is named; once it is free it goes."""
    project, name = project_name(tmp_path), f"{compose.project.name}-of-ones-own"
    [render] = compose.containers("render")
    docker("network", "create", "--label", f"{PROJECT_LABEL}={project}", name)
    try:
        docker("run", "--detach", "--name", name, "--network", name, "--entrypoint", "sleep", render.image, "60")
        with pytest.raises(TestbedError, match=f"^{name} cannot be removed: .*active endpoints"):
            engine.remove(project)
    finally:
        docker("rm", "--force", name)

    assert (engine.remove(project), engine.remove(project)) == (1, 0)
