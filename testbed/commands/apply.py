# SPDX-License-Identifier: Apache-2.0
"""`testbed apply`: keys, secrets and every part's configuration, written below the state folder."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from certs.rotation import Step
from federation.endpoints import PARTS
from federation.loader import load
from party.clock import system_clock
from testbed.options import addresses_options, federation_option, print_notices, rotate_option, state_option
from testbed.own_parts import check_is_as_declared, read_own_documents
from testbed.stacks.addresses import LocalAddresses
from testbed.stacks.compose.project import recorded_project
from testbed.stacks.reload import check_addresses, parts_for_the_next_start, reload_parts
from testbed.stacks.running import runs_here
from testbed.state_folder import StateFolder
from testbed.verb import Verb


@click.command(
    cls=Verb,
    short_help="Write what the declaration says.",
    examples=["testbed apply --state .testbed", "testbed apply --rotate publish"],
)
@federation_option
@state_option
@addresses_options
@click.option(
    "--renew",
    "renewed",
    multiple=True,
    metavar="NAME",
    help="Make a TLS certificate anew: a host name, or ca (then all of them); may be repeated.",
)
@rotate_option
def apply(
    *, federation_file: Path, state: Path, addresses: LocalAddresses, renewed: tuple[str, ...], rotate: Step | None
) -> None:
    """Write what the declaration says below the state folder; keys that are there stay.

    A testbed that runs from the folder takes it up at once, in containers too. Ends with 1 where the metadata of a part of your own
    cannot be used as it is: its last good copy stays in use, or that part is left out; everything else is written.
    """
    project = recorded_project(state.absolute())
    if project is not None and not runs_here(state.absolute()):
        load(federation_file)
        click.echo(importlib.import_module("testbed.compose_apply").run(project, renewed, rotate))
        return
    federation, origins, now = load(federation_file), addresses.origins, system_clock()
    check_addresses(state.absolute(), addresses)
    own = read_own_documents(federation, federation_file.parent, state, origins, now)
    applied = StateFolder(state).apply(federation, origins, now, own, renewed, rotate)
    print_notices(own)
    click.echo(f"{state}: {applied.plan.in_words()}")
    changed = {change.path.partition("/")[0] for change in applied.plan.changes}
    changed |= {part for part in PARTS if origins.host_name(part) in applied.plan.certificates}
    reloaded = reload_parts(state.absolute(), changed)
    if reloaded:
        click.echo(f"taken up by what runs: {', '.join(reloaded)}")
    waiting = parts_for_the_next_start(state.absolute())
    if waiting:
        click.echo(f"starts or stops with the next `testbed up`: {', '.join(waiting)}")
    check_is_as_declared(own)
