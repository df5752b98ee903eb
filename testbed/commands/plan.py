# SPDX-License-Identifier: Apache-2.0
"""`testbed plan`: what `apply` would change."""

from __future__ import annotations

from pathlib import Path

import click

from federation.endpoints import Origins
from federation.loader import load
from party.clock import system_clock
from testbed.options import (
    federation_option,
    json_option,
    port_base_option,
    print_json,
    print_notices,
    state_option,
)
from testbed.own_parts import DOCUMENTS, OwnDocuments, check_is_as_declared, read_own_documents
from testbed.stacks.ports import part_ports
from testbed.state_folder import Plan, StateFolder
from testbed.verb import Verb


@click.command(cls=Verb, short_help="Show what apply would change.", examples=["testbed plan"])
@federation_option
@state_option
@port_base_option
@json_option
def plan(federation_file: Path, state: Path, port_base: int, *, as_json: bool) -> None:
    """Show what `apply` would change, as a diff, and which keys it would make. Writes nothing.

    Ends with 1 where the metadata of a part of your own cannot be used as it is, as `apply` would.
    """
    part_ports(port_base)
    federation, origins = load(federation_file), Origins.local(port_base)
    own = read_own_documents(federation, federation_file.parent, state, origins, system_clock())
    planned = StateFolder(state).plan(federation, origins, own)
    if as_json:
        print_json(_as_json(planned, own))
    else:
        print_notices(own)
        _print(planned, state)
    check_is_as_declared(own)


def _print(planned: Plan, state: Path) -> None:
    if planned.is_empty:
        click.echo(f"{state}: nothing to do")
        return
    for entity in planned.keys:
        click.echo(f"make key {entity}")
    for name in planned.secrets:
        click.echo(f"make secret {name}")
    for change in planned.changes:
        if change.path.startswith(f"{DOCUMENTS}/"):  # the same text as in the proxy's folder
            click.echo(f"{change.verb} {change.path}")
        else:
            click.echo(change.diff(), nl=False)


def _as_json(planned: Plan, own: OwnDocuments) -> dict[str, object]:
    return {
        "keys": list(planned.keys),
        "secrets": list(planned.secrets),
        "changes": [{"path": change.path, "does": change.verb} for change in planned.changes],
        "notices": [notice.as_json() for notice in own.notices],
    }
