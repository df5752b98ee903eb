# SPDX-License-Identifier: Apache-2.0
"""`testbed validate`: is the declaration usable, and what does it hold."""

from __future__ import annotations

from pathlib import Path

import click

from federation.loader import load
from federation.model import Federation
from federation.people import PeopleRegistry
from testbed.options import federation_option, json_option, print_json
from testbed.verb import Verb


@click.command(cls=Verb, examples=["testbed validate --federation my-federation.yaml"])
@federation_option
@json_option
def validate(federation_file: Path, *, as_json: bool) -> None:
    """Check the declaration and report every problem at once."""
    counts = _counts(load(federation_file))
    if as_json:
        print_json({"federation": str(federation_file), "valid": True, **counts})
        return
    click.echo(f"{federation_file}: valid ({', '.join(f'{count} {what}' for what, count in counts.items())})")


def _counts(federation: Federation) -> dict[str, int]:
    providers = federation.education_providers.values()
    return {
        "education providers": len(providers),
        "schools": sum(len(provider.schools) for provider in providers),
        "people": sum(len(PeopleRegistry.of(provider)) for provider in providers),
        "services": len(federation.services),
    }
