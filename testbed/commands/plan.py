# SPDX-License-Identifier: Apache-2.0
"""`testbed plan`: what `apply` would change."""

from __future__ import annotations

from pathlib import Path

import click

from federation.endpoints import Origins
from federation.loader import load
from testbed.options import federation_option, json_option, port_base_option, print_json, state_option
from testbed.stacks.ports import part_ports
from testbed.state_folder import Plan, StateFolder
from testbed.verb import Verb


@click.command(cls=Verb, examples=["testbed plan"])
@federation_option
@state_option
@port_base_option
@json_option
def plan(federation_file: Path, state: Path, port_base: int, *, as_json: bool) -> None:
    """Show what `apply` would change, as a diff, and which keys it would make. Writes nothing."""
    part_ports(port_base)
    planned = StateFolder(state).plan(load(federation_file), Origins.local(port_base))
    if as_json:
        print_json(_as_json(planned))
        return
    if planned.is_empty:
        click.echo(f"{state}: nothing to do")
        return
    for entity in planned.keys:
        click.echo(f"make key {entity}")
    for name in planned.secrets:
        click.echo(f"make secret {name}")
    for change in planned.changes:
        click.echo(change.diff(), nl=False)


def _as_json(planned: Plan) -> dict[str, object]:
    return {
        "keys": list(planned.keys),
        "secrets": list(planned.secrets),
        "changes": [{"path": change.path, "does": change.verb} for change in planned.changes],
    }
