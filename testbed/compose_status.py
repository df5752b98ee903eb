# SPDX-License-Identifier: Apache-2.0
"""What `testbed status` says of the stack in containers: each container with its address, health and version."""

from __future__ import annotations

from typing import Final

import click

from federation.endpoints import PARTS
from federation.errors import MissingError, TestbedError
from testbed.columns import columns
from testbed.options import print_json
from testbed.stacks.compose.engine import Container, Engine
from testbed.stacks.compose.project import Project

_COLUMNS: Final = ("container", "address", "status", "version")


def show(project: Project, *, as_json: bool) -> None:
    """Print the state of every container; raises `TestbedError` when one is not well, `MissingError` when none is left."""
    containers = Engine().containers(project.name)
    if not containers:
        message = f"no testbed runs from {project.state}; `testbed up --stack compose` starts one"
        raise MissingError(message)
    rows = [_row(project, each) for each in containers]
    if as_json:
        options = project.options
        print_json(
            {"federation": options.federation, "project": project.name, "port": options.port, "containers": rows}
        )
    else:
        click.echo(f"{project.options.federation}, in containers ({project.name})")
        click.echo(columns(tuple(row[name] or "-" for name in _COLUMNS) for row in rows))
    faulty = [each.name for each in containers if not each.is_done]
    if faulty:
        message = f"not ready: {', '.join(faulty)}"
        raise TestbedError(message)


def _row(project: Project, container: Container) -> dict[str, str | None]:
    part = next((part for part in PARTS if part == container.service), None)
    return {
        "container": container.name,
        "address": None if part is None else project.options.origins.of(part),
        "status": "done" if container.is_done and container.state == "exited" else container.health or container.state,
        "version": container.version,
    }
