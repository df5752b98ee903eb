# SPDX-License-Identifier: Apache-2.0
"""A team's own service in a container beside the others: the profile own-sp, by an ordinary SAML client of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from federation.loader import load
from testbed.flow.login import LoginPlan, walk
from testbed.flow.people import find_person
from testbed.stacks.compose.project import ComposeOptions, Project
from testbed.stacks.compose.stack import ComposeStack, running_compose_stack
from testbed.stacks.compose.start import bring_up
from tests.builders import containers, own_sp
from tests.builders.loopback_process import free_port
from tests.builders.mellon import Mellon, exported
from tests.builders.stacks import SHIPPED

pytestmark = pytest.mark.containers

LINES = """\
  my-service: {metadata: own-sp/metadata.xml, receives: [uid, school_info, role]}
  another: {metadata: own-sp/another.xml, receives: [uid]}
"""


@dataclass(frozen=True)
class Beside:
    """The testbed, and the service that runs beside its parts."""

    stack: ComposeStack
    service: Mellon
    said: list[str]


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """Run the shipped federation with a service of one's own in containers; nothing of it is left afterwards."""
    engine, folder, port = containers.engine(), tmp_path_factory.mktemp("own-sp"), free_port()
    service = own_sp.build(folder, f"https://own-sp.localhost:{port}")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("COMPOSE_PROFILES", "own-sp")
        environment.setenv("OWN_SP_IMAGE", own_sp.image(service))
        environment.setenv("OWN_SP_METADATA", str(readable(service.metadata_file)))
        project = Project(folder / "state", ComposeOptions(str(declaration(folder)), port=port))
        said: list[str] = []
        try:
            bring_up(project, engine, said.append)
            yield Beside(running_compose_stack(folder / "state", load(folder / "federation.yaml")), service, said)
        finally:
            engine.remove(project.name)
            own_sp.forget(service)


def declaration(folder: Path) -> Path:
    """Write the shipped declaration with two services more, of which one has no metadata."""
    path = folder / "federation.yaml"
    path.write_text(SHIPPED.read_text("utf-8").replace("services:\n", "services:\n" + LINES, 1), "utf-8")
    return readable(path)


def readable(path: Path) -> Path:
    """Let the container, which runs as somebody else, read a file."""
    path.chmod(0o644)
    return path


def test_signs_in_at_a_service_of_ones_own(beside: Beside):
    """One line of the declaration and two variables: the person arrives with what the line says."""
    plan = LoginPlan(find_person(beside.stack.federation, "demo_u0031"), "my-service")

    with beside.stack.client() as browser:
        pages = list(walk(beside.stack, plan, browser, beside.service.private_url))
        shown = browser.get(beside.service.private_url)

    assert (shown.status_code, shown.text) == (200, "signed in\n"), pages[-1].body.decode()
    assert exported(shown) == {"uid": ["MPASSOID.0939fb6ebecc4684241e81282e841f47bff48694"]}


def test_says_what_a_service_of_ones_own_lacks(beside: Beside):
    """The job that reads the declaration says it in a container's log, where nobody looks; so does who starts it."""
    [notice] = [words for words in beside.said if words.startswith("services.")]

    assert notice.startswith("services.another (own-sp/another.xml): there is no such file")
