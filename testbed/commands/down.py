# SPDX-License-Identifier: Apache-2.0
"""`testbed down`: stop what runs from a state folder, leaving no process and no port taken."""

from __future__ import annotations

from pathlib import Path

import click

from testbed.options import state_option
from testbed.stacks.running import stop_running
from testbed.verb import Verb


@click.command(
    cls=Verb, short_help="Stop the testbed that runs.", examples=["testbed down", "testbed down --state .testbed-9000"]
)
@state_option
def down(state: Path) -> None:
    """Stop the testbed that runs from the state folder; nothing to stop is no fault."""
    if stop_running(state.absolute()):
        click.echo("stopped; no process is left")
    else:
        click.echo(f"no testbed runs from {state}")
