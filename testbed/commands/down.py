# SPDX-License-Identifier: Apache-2.0
"""`testbed down`: stop what runs from a state folder, leaving no process and no port taken."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from testbed.options import state_option
from testbed.stacks.compose.project import recorded_project
from testbed.stacks.running import stop_running
from testbed.verb import Verb


@click.command(
    cls=Verb, short_help="Stop the testbed that runs.", examples=["testbed down", "testbed down --state .testbed-9000"]
)
@state_option
def down(state: Path) -> None:
    """Stop the testbed that runs from the state folder; nothing to stop is no fault.

    Of one in containers everything is removed that it made, its keys and databases too; images stay.
    """
    stopped = stop_running(state.absolute())
    if stopped:
        click.echo("stopped; no process is left")
    project = recorded_project(state.absolute())
    if project is not None:
        removed = importlib.import_module("testbed.stacks.compose.engine").Engine().remove(project.name)
        project.forget()
        click.echo(f"stopped; {removed} containers, networks and volumes are removed")
    elif not stopped:
        click.echo(f"no testbed runs from {state}")
