# SPDX-License-Identifier: Apache-2.0
"""`testbed attributes`: from the registry to the service, and the rule that dropped the rest."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from federation.loader import load
from testbed.attribute_path import AttributePath, attribute_path
from testbed.flow.people import find_person
from testbed.options import console, federation_option, json_option, print_json
from testbed.verb import Verb


@click.command(cls=Verb, examples=["testbed attributes demo_u0031 --service portal"])
@click.argument("person")
@click.option("--service", default="publisher", show_default=True, help="The service that receives.")
@federation_option
@json_option
def attributes(person: str, service: str, federation_file: Path, *, as_json: bool) -> None:
    """Show what the registry holds of PERSON, what the proxy makes of it, and what the service receives.

    PERSON is provider/person, or the bare user name where only one education provider has it.
    """
    federation = load(federation_file)
    path = attribute_path(federation, find_person(federation, person), service)
    if as_json:
        print_json(path.as_json())
    else:
        _print(path)


def _print(path: AttributePath) -> None:
    out = console()
    out.print(f"[bold]{path.person}[/] at {path.service}")
    registry = Table("registry field", "values", title="What the registry holds", title_justify="left")
    for name, values in path.registry.items():
        registry.add_row(name, "\n".join(values))
    out.print(registry)
    built = Table("attribute", "value", "received", title="What the proxy makes of it", title_justify="left")
    for name, values in path.built.items():
        built.add_row(name, "\n".join(values), "yes" if name in path.released else "not declared to receive")
    out.print(built)
    if path.dropped:
        dropped = Table("attribute", "rule", "why", "clause", title="What is held back", title_justify="left")
        for each in path.dropped:
            dropped.add_row(each.attribute, each.rule, each.detail, each.clause)
        out.print(dropped)
    if path.refusal is not None:
        reason = path.refusal.reason
        out.print(f"[bold]The login stops at the proxy:[/] {reason.id} ({reason.sentence} {reason.clause})")
