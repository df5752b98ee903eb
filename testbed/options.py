# SPDX-License-Identifier: Apache-2.0
"""Options that several verbs take, declared once, and what a declaration file becomes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from rich.console import Console

from federation.endpoints import PARTS, PartName
from federation.errors import InputError
from testbed.durations import parse_duration
from testbed.own_parts import OwnDocuments

_Command = TypeVar("_Command", bound=Callable[..., Any])

FEDERATION: Final = Path("federation.yaml")
STATE: Final = Path(".testbed")


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


def port_base_option(command: _Command) -> _Command:
    """Add `--port-base N`."""
    return click.option(
        "--port-base", type=int, default=8000, show_default=True, metavar="N", help="The first of four ports."
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
