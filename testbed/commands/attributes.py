# SPDX-License-Identifier: Apache-2.0
"""`testbed attributes`: from the registry to the service, and the rule that dropped the rest."""

from __future__ import annotations

from pathlib import Path

import click

from federation.loader import load
from party.clock import system_clock
from testbed.attribute_path import AttributePath, attribute_path
from testbed.columns import columns, listed
from testbed.flow.people import find_person
from testbed.options import federation_option, json_option, print_json
from testbed.verb import Verb


@click.command(
    cls=Verb,
    short_help="Show what becomes of a person's data.",
    examples=["testbed attributes demo_u0031 --service portal"],
)
@click.argument("person")
@click.option("--service", default="publisher", show_default=True, help="The service that receives.")
@federation_option
@json_option
def attributes(person: str, service: str, federation_file: Path, *, as_json: bool) -> None:
    """Show what the registry holds of PERSON, what the proxy makes of it, and what the service receives.

    PERSON is provider/person, or the bare user name where only one education provider has it.
    """
    federation = load(federation_file)
    path = attribute_path(federation, find_person(federation, person), service, today=system_clock().date())
    if as_json:
        print_json(path.as_json())
    else:
        _print(path)


def _print(path: AttributePath) -> None:
    click.echo(f"{path.person} at {path.service}\n\nwhat the registry holds")
    click.echo(listed(path.registry.items()))
    click.echo(f"\nwhat the proxy makes of it (* {path.service} receives it)")
    click.echo(listed((f"{'*' if name in path.released else ' '} {name}", held) for name, held in path.built.items()))
    if path.dropped:
        click.echo("\nwhat is held back, and by which rule")
        click.echo(columns((each.attribute, each.rule, f"{each.detail} ({each.clause})") for each in path.dropped))
    if path.refusal is not None:
        reason = path.refusal.reason
        found = f" Found: {path.refusal.found}." if path.refusal.found else ""
        click.echo(f"\nthe login stops at the proxy: {reason.id}. {reason.sentence}{found} ({reason.clause})")
