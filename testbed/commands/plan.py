# SPDX-License-Identifier: Apache-2.0
"""`testbed plan`: what `apply` would change, and what people did that it would not."""

from __future__ import annotations

import os
from pathlib import Path

import click

from federation.loader import load
from party.clock import system_clock
from testbed.options import (
    addresses_options,
    federation_option,
    json_option,
    print_json,
    print_notices,
    state_option,
)
from testbed.own_parts import DOCUMENTS, OwnDocuments, check_is_as_declared, read_own_documents
from testbed.run_time import Difference, differences
from testbed.stacks.addresses import LocalAddresses
from testbed.state_folder import Plan, StateFolder
from testbed.verb import Verb


@click.command(cls=Verb, short_help="Show what apply would change.", examples=["testbed plan"])
@federation_option
@state_option
@addresses_options
@json_option
def plan(federation_file: Path, state: Path, addresses: LocalAddresses, *, as_json: bool) -> None:
    """Show what `apply` would change, as a diff, and which keys it would make. Writes nothing.

    Then, in numbers, what people and customer service did at run time: `apply` leaves it alone, `reset` takes it back.

    Ends with 1 where the metadata of a part of your own cannot be used as it is, as `apply` would.
    """
    federation, origins, now = load(federation_file), addresses.origins, system_clock()
    own = read_own_documents(federation, federation_file.parent, state, origins, now)
    planned = StateFolder(state).plan(federation, origins, now, own)
    if as_json:
        print_json(_as_json(planned, own, _done_at_run_time(state)))
    else:
        print_notices(own)
        _print(planned, state)
        _print_run_time(_done_at_run_time(state))
    check_is_as_declared(own)


def _print(planned: Plan, state: Path) -> None:
    if planned.is_empty:
        click.echo(f"{state}: nothing to do")
        return
    for entity in planned.keys:
        click.echo(f"make key {entity}")
    for name in planned.secrets:
        click.echo(f"make secret {name}")
    for name in planned.certificates:
        click.echo(f"make TLS certificate {name}")
    for change in planned.changes:
        if change.path.startswith(f"{DOCUMENTS}/"):  # the same text as in the proxy's folder
            click.echo(f"{change.verb} {change.path}")
        else:
            click.echo(change.diff(), nl=False)


def _done_at_run_time(state: Path) -> tuple[Difference, ...]:
    return tuple(each for each in differences(state, os.environ) if not each.passes)


def _print_run_time(done: tuple[Difference, ...]) -> None:
    if done:
        click.echo("at run time (apply leaves it, reset takes it back):")
    for difference in done:
        click.echo(f"  {difference}")


def _as_json(planned: Plan, own: OwnDocuments, done: tuple[Difference, ...]) -> dict[str, object]:
    return {
        "keys": list(planned.keys),
        "secrets": list(planned.secrets),
        "certificates": list(planned.certificates),
        "changes": [{"path": change.path, "does": change.verb} for change in planned.changes],
        "notices": [notice.as_json() for notice in own.notices],
        "run_time": [difference.as_json() for difference in done],
    }
