# SPDX-License-Identifier: Apache-2.0
"""`testbed chaos`: faults of machines and networks in the testbed that runs in containers, one at a time, and mending."""

from __future__ import annotations

import importlib
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click

from federation.endpoints import PARTS, PartName
from federation.errors import InputError
from federation.loader import load
from testbed.columns import columns
from testbed.durations import parse_duration
from testbed.options import federation_option, json_option, print_json, state_option
from testbed.verb import Verb

MEND: Final = "mend"


class Span(click.ParamType[timedelta]):
    """`10s`, `+10m`."""

    name = "SPAN"

    def convert(
        self,
        value: Any,  # noqa: ANN401 -- click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> timedelta:
        """Return the span; fails with what was expected."""
        if isinstance(value, timedelta):
            return value
        try:
            return parse_duration(str(value))
        except InputError as error:
            self.fail(str(error), param, ctx)


@click.command(
    cls=Verb,
    short_help="Break something of the testbed in containers, and mend it.",
    examples=[
        "testbed chaos --list",
        "testbed chaos kill-proxy --for 10s",
        "testbed chaos cut-data",
        "testbed chaos skew-clock --part publisher --offset +10m",
        "testbed chaos mend",
    ],
)
@click.argument("name", metavar="NAME", required=False)
@click.option("--list", "is_list", is_flag=True, help="What there is, and what must hold meanwhile.")
@click.option("--for", "span", type=Span(), help="Mend it after so long, as in 10s; until `chaos mend` unless given.")
@click.option(
    "--replica",
    type=click.IntRange(1, 10),
    help="Which proxy is killed or paused.  [default: the one that sent somebody to an identity provider last]",
)
@click.option(
    "--part", type=click.Choice(PARTS), default="publisher", show_default=True, help="Whose clock runs ahead."
)
@click.option("--offset", type=Span(), default="+10m", show_default=True, help="By how much; -10m is behind.")
@federation_option
@state_option
@json_option
def chaos(  # noqa: PLR0913 -- one parameter per option
    *,
    name: str | None,
    is_list: bool,
    span: timedelta | None,
    replica: int | None,
    part: PartName,
    offset: timedelta,
    federation_file: Path,
    state: Path,
    as_json: bool,
) -> None:
    """Cause the fault NAME in the testbed that `up --stack compose` runs, or put everything right by `mend`.

    Ends with 3 where no engine answers or nothing runs in containers from the state folder.
    """
    # the engine's library is for those who have an engine
    faults = importlib.import_module("testbed.chaos.faults")
    if is_list:
        _list(faults.FAULTS, as_json=as_json)
        return
    if name is None:
        message = "NAME is missing: the name of a fault, or mend; `testbed chaos --list` shows them"
        raise InputError(message)
    fault = None if name == MEND else faults.fault_named(name)
    if span is not None and (fault is None or not fault.lasts):
        message = f"--for: {name} does not last, so there is nothing to wait for"
        raise InputError(message)
    mending = importlib.import_module("testbed.chaos.mending")
    stack = importlib.import_module("testbed.stacks.compose.stack").running_compose_stack(
        state.absolute(), load(federation_file)
    )
    if fault is None:
        _say({"mended": list(mending.mend(stack))}, as_json=as_json)
        return
    done = fault.cause(stack, faults.Choice(replica, part, offset))
    if span is None:
        _say({"fault": name, "done": done, "lasts": fault.lasts}, as_json=as_json)
        return
    click.echo(f"{done}, for {span.total_seconds():.0f} s", err=as_json)
    try:
        time.sleep(max(0.0, span.total_seconds()))
    finally:
        _say({"fault": name, "done": done, "mended": list(mending.mend(stack))}, as_json=as_json)


def _list(faults: Any, *, as_json: bool) -> None:  # noqa: ANN401 -- imported late
    if as_json:
        keys = ("name", "sentence", "survives", "lasts")
        print_json({"faults": [{key: getattr(each, key) for key in keys} for each in faults]})
        return
    rows = [(each.name, f"{each.sentence}: {each.survives}") for each in faults]
    click.echo(columns([*rows, (MEND, "everything is put right, whatever was done to it")], indent=0))


def _say(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(document)
    elif "mended" in document:
        click.echo("\n".join(document["mended"]) or "there was nothing to mend")
    else:
        click.echo(document["done"] + ("; `testbed chaos mend` puts it right" if document["lasts"] else ""))
