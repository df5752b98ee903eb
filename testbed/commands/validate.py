# SPDX-License-Identifier: Apache-2.0
"""`testbed validate`: is the declaration usable, and what does it hold."""

from __future__ import annotations

from pathlib import Path

import click

from federation.loader import load
from federation.model import Federation
from federation.people import PeopleRegistry
from party.clock import system_clock
from testbed.options import (
    addresses_options,
    federation_option,
    json_option,
    print_json,
    print_notices,
    state_option,
)
from testbed.own_parts import check_is_as_declared, read_own_documents
from testbed.stacks.addresses import LocalAddresses
from testbed.verb import Verb


@click.command(
    cls=Verb, short_help="Check the declaration.", examples=["testbed validate --federation my-federation.yaml"]
)
@federation_option
@state_option
@addresses_options
@json_option
def validate(federation_file: Path, state: Path, addresses: LocalAddresses, *, as_json: bool) -> None:
    """Check the declaration and report every problem at once.

    The metadata of your own parts is fetched and judged as `apply` does; ends with 1 where one cannot be used as it is.
    """
    federation = load(federation_file)
    own = read_own_documents(federation, federation_file.parent, state, addresses.origins, system_clock())
    counts = _counts(federation)
    if as_json:
        notices = [notice.as_json() for notice in own.notices]
        print_json({"federation": str(federation_file), "valid": True, **counts, "notices": notices})
    else:
        print_notices(own)
        click.echo(f"{federation_file}: valid ({', '.join(f'{count} {what}' for what, count in counts.items())})")
    check_is_as_declared(own)


def _counts(federation: Federation) -> dict[str, int]:
    providers = federation.education_providers.values()
    return {
        "education providers": len(providers),
        "schools": sum(len(provider.schools) for provider in providers),
        "people": sum(len(PeopleRegistry.of(provider)) for provider in providers),
        "services": len(federation.services),
    }
