# SPDX-License-Identifier: Apache-2.0
"""Options that several verbs take, declared once, and what a declaration file becomes."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from rich.console import Console

from certs.rotation import STEPS
from federation.endpoints import PARTS, PartName
from federation.errors import InputError
from testbed.durations import parse_duration
from testbed.own_parts import OwnDocuments
from testbed.stacks.addresses import PORT_BASE, TLS_PORT_BASE, LocalAddresses

_Command = TypeVar("_Command", bound=Callable[..., Any])

FEDERATION: Final = Path("federation.yaml")
STATE: Final = Path(".testbed")
COMPOSE: Final = "compose"
"""The name of the stack that runs in containers."""
SWARM: Final = "swarm"
"""The name of the stack that was deployed on a swarm."""
ROTATE_VARIABLE: Final = "TESTBED_ROTATE"
"""By which the container that renders is told of `--rotate`."""


def federation_option(command: _Command) -> _Command:
    """Add `--federation FILE`."""
    return click.option(
        "--federation",
        "federation_file",
        type=click.Path(path_type=Path),
        default=FEDERATION,
        show_default=True,
        help="The declaration.",
    )(command)


def state_option(command: _Command) -> _Command:
    """Add `--state DIR`."""
    return click.option(
        "--state",
        type=click.Path(path_type=Path),
        default=STATE,
        show_default=True,
        help="Where everything generated lies; two testbeds with two of these run side by side.",
    )(command)


def addresses_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--port-base N` and `--tls`; the command takes both as `addresses`, which are TLS in containers anyway."""

    @functools.wraps(command)
    def with_addresses(*arguments: Any, port_base: int | None, tls: bool, **options: Any) -> Any:  # noqa: ANN401 -- click's
        is_tls = tls or options.get("stack_name") == COMPOSE
        return command(*arguments, addresses=LocalAddresses.of(port_base, is_tls=is_tls), **options)

    first = f"The first of four ports.  [default: {PORT_BASE}, with --tls {TLS_PORT_BASE}]"
    port_base = click.option("--port-base", type=int, metavar="N", help=first)
    tls = click.option("--tls", is_flag=True, help="Answer on https, each part by a host name of its own.")
    return port_base(tls(with_addresses))


def rotate_option(command: _Command) -> _Command:
    """Add `--rotate STEP`."""
    return click.option(
        "--rotate",
        type=click.Choice(STEPS),
        envvar=ROTATE_VARIABLE,
        help="Change the key that the proxy signs with for services, in three steps: publish, use, remove.",
    )(command)


def json_option(command: _Command) -> _Command:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")(command)


class ClockOffset(click.ParamType[tuple[PartName, timedelta]]):
    """`PART=+10m`: a part whose clock runs ahead or behind."""

    name = "PART=OFFSET"

    def convert(
        self,
        value: Any,  # noqa: ANN401 -- click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[PartName, timedelta]:
        """Return part and offset; fails with what was expected."""
        if isinstance(value, tuple):
            return value
        name, _, offset = str(value).partition("=")
        part = next((part for part in PARTS if part == name), None)
        if part is None:
            self.fail(f"{name!r} is no part; expected one of {', '.join(PARTS)}, as in publisher=+10m", param, ctx)
        try:
            return part, parse_duration(offset)
        except InputError as error:
            self.fail(str(error), param, ctx)


def console() -> Console:
    """Return where words for people go; width and colours follow the terminal."""
    return Console(highlight=False, soft_wrap=True)


def print_notices(own: OwnDocuments) -> None:
    """Say on stderr what is to be known of parts that are somebody's own, one line each."""
    for notice in own.notices:
        click.echo(str(notice), err=True)


def print_json(document: object) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
