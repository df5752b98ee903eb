# SPDX-License-Identifier: Apache-2.0
"""`testbed fault`: named faults of the identity providers of the testbed that runs, on, listed and off."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from federation.errors import InputError
from federation.loader import load
from federation.suggestion import did_you_mean, quoted
from testbed.columns import columns
from testbed.flow.faults import FaultOrder, clear_faults, list_faults, set_fault
from testbed.flow.people import check_is_simulated, find_person
from testbed.options import federation_option, json_option, print_json, state_option
from testbed.stacks.local import running_stack
from testbed.verb import Verb, write_examples

_EXAMPLES = (
    "testbed fault list",
    "testbed fault set wrong-audience --person demo_u0001",
    "testbed fault set error-503 --provider mansikkala --until-cleared",
    "testbed fault clear",
)


class FaultVerbs(click.Group):
    """The three verbs, with examples below their help."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        super().format_epilog(ctx, formatter)
        write_examples(_EXAMPLES, formatter)


@click.group(cls=FaultVerbs, short_help="Make the running identity providers answer wrong.")
def fault() -> None:
    """Switch named faults of the identity providers on and off, in the testbed that `up` runs."""


@fault.command("set", cls=Verb, short_help="Switch one on.", examples=_EXAMPLES[1:3])
@click.argument("name", metavar="FAULT")
@click.option("--person", help="Only for this person: provider/person, or the bare user name.")
@click.option("--provider", help="Only for this education provider.")
@click.option("--times", type=click.IntRange(1, 1000), default=1, show_default=True, help="For so many answers.")
@click.option("--until-cleared", is_flag=True, help="For every answer, until `testbed fault clear`.")
@click.option("--twin", is_flag=True, help="The same change within the bounds, which must succeed.")
@federation_option
@state_option
@json_option
@click.pass_context
def set_(  # noqa: PLR0913 -- one parameter per option
    ctx: click.Context,
    *,
    name: str,
    person: str | None,
    provider: str | None,
    times: int,
    until_cleared: bool,
    twin: bool,
    federation_file: Path,
    state: Path,
    as_json: bool,
) -> None:
    """Have the next answers of the identity providers carry FAULT; ends with 2 where there is no such thing."""
    if until_cleared and ctx.get_parameter_source("times") is click.core.ParameterSource.COMMANDLINE:
        message = "--times and --until-cleared: one of them at most"
        raise InputError(message)
    federation = load(federation_file)
    who = None if person is None else find_person(federation, person)
    if who is not None:
        check_is_simulated(federation, who)
    if provider is not None and provider not in federation.education_providers:
        hint = did_you_mean(provider, federation.education_providers)
        message = f"provider {quoted(provider)}: there is none in the declaration{hint}"
        raise InputError(message)
    order = FaultOrder(name, is_twin=twin, person=who, provider=provider, times=None if until_cleared else times)
    waiting = set_fault(running_stack(state.absolute(), federation), order)
    if as_json:
        print_json({"waiting": waiting})
    else:
        click.echo(columns([_row(waiting)], indent=0))


@fault.command("list", cls=Verb, short_help="What there is, and what waits.", examples=_EXAMPLES[:1])
@federation_option
@state_option
@json_option
def list_(*, federation_file: Path, state: Path, as_json: bool) -> None:
    """Show every fault and, below, those that are switched on."""
    faults = list_faults(running_stack(state.absolute(), load(federation_file)))
    if as_json:
        print_json(faults)
        return
    click.echo("faults of messages, and the reason each is refused with")
    click.echo(columns((each["id"], each["because"], each["sentence"]) for each in faults["faults"]))
    click.echo("\nfaults of the network")
    click.echo(columns((each["id"], each["sentence"]) for each in faults["network_faults"]))
    click.echo("\nswitched on")
    click.echo(columns(map(_row, faults["waiting"])) if faults["waiting"] else "  none")


@fault.command("clear", cls=Verb, short_help="Switch all off.", examples=_EXAMPLES[3:])
@federation_option
@state_option
@json_option
def clear(*, federation_file: Path, state: Path, as_json: bool) -> None:
    """Switch every fault off."""
    count = clear_faults(running_stack(state.absolute(), load(federation_file)))
    if as_json:
        print_json({"switched_off": count})
    else:
        click.echo(f"switched off: {count}")


def _row(waiting: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what waits, whose answers it waits for, and for how many."""
    name = f"{waiting['fault']} (twin)" if waiting["twin"] else waiting["fault"]
    times = waiting["times"]
    how_often = times if isinstance(times, str) else "once" if times == 1 else f"{times} times"
    return name, waiting["person"] or waiting["provider"] or "anybody", how_often
