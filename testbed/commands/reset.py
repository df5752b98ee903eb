# SPDX-License-Identifier: Apache-2.0
"""`testbed reset`: back to the declaration."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from federation.errors import InputError
from party.process import DATABASE_URL_VARIABLE
from testbed.links import check_holds_no_link
from testbed.options import json_option, print_json, state_option
from testbed.run_time import KEEPERS, Difference, Keeper, check_is_the_same_database, clear, differences
from testbed.stacks.compose.project import recorded_project
from testbed.verb import Verb


@click.command(
    cls=Verb,
    short_help="Take back what people and staff did.",
    examples=["testbed reset", "testbed reset --service publisher --yes"],
)
@state_option
@click.option(
    "--service",
    "part",
    type=click.Choice(KEEPERS),
    help="Only what this part keeps: a service, or the identity providers (idp).",
)
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can answer.")
@json_option
def reset(state: Path, part: Keeper | None, *, yes: bool, as_json: bool) -> None:
    """Take back what people and staff did since the testbed was first started: what is left is the declaration.

    Accounts, messages, decisions of customer service, the audit trail, sessions and chosen passwords go, for good; keys
    and everything that `apply` wrote stay. A testbed that runs goes on, and whoever is signed in has to sign in again.
    """
    _check_is_there(state)
    check_is_the_same_database(state.absolute(), os.environ)
    parts = KEEPERS if part is None else (part,)
    found = differences(state, os.environ, parts)
    if found:
        if not as_json:
            _print(found)
        if not (yes or _may_clear(is_asked=not as_json)):
            click.echo("nothing was cleared")
            return
        clear(state, os.environ, parts)
    if as_json:
        print_json({"cleared": [difference.as_json() for difference in found]})
    else:
        click.echo("cleared" if found else "nothing to clear: everything is as declared")


def _check_is_there(state: Path) -> None:
    if not state.is_dir() and not os.environ.get(DATABASE_URL_VARIABLE):
        message = f"{state}: there is no such folder; --state names the one that `up` was given"
        raise InputError(message)
    check_holds_no_link(state)
    if recorded_project(state.absolute()) is not None:
        message = (
            f"a testbed in containers runs from {state}, and keeps what people did in volumes of its own; "
            "`testbed down` removes it with all of that"
        )
        raise InputError(message)


def _may_clear(*, is_asked: bool) -> bool:
    if not is_asked or not sys.stdin.isatty():
        message = "this cannot be undone, and nobody can be asked here: say --yes to clear it"
        raise InputError(message)
    return click.confirm("Clear this? It cannot be undone")


def _print(found: tuple[Difference, ...]) -> None:
    for difference in found:
        click.echo(str(difference))
