# SPDX-License-Identifier: Apache-2.0
"""`testbed bench`: what a login costs, part by part."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from federation.loader import load
from party.clock import system_clock
from testbed.bench import measure
from testbed.flow.login import LoginPlan
from testbed.flow.people import find_person
from testbed.options import console, federation_option, json_option, print_json, state_option
from testbed.stacks.in_process import in_process_stack
from testbed.state_folder import StateFolder
from testbed.verb import Verb


@click.command(cls=Verb, examples=["testbed bench --logins 200"])
@click.argument("person", default="demo_u0001")
@click.option("--service", default="publisher", show_default=True, help="Where to sign in.")
@click.option("--logins", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many to measure.")
@federation_option
@state_option
@json_option
def bench(person: str, service: str, logins: int, federation_file: Path, state: Path, *, as_json: bool) -> None:
    """Log PERSON in again and again in this process and print the CPU milliseconds of each part, as medians.

    Sockets, gunicorn and the disk are not in it; machines differ, so read the shares and compare runs on one machine.
    """
    federation = load(federation_file)
    plan = LoginPlan(find_person(federation, person), service)
    now = system_clock()
    stack = in_process_stack(federation, StateFolder(state.absolute()).ensure_keys(federation, now), now)
    measured = measure(stack, plan, logins)
    if as_json:
        print_json(measured.as_json())
        return
    table = Table("part", "CPU ms", "share", title=f"{logins} logins, medians", title_justify="left")
    for part, milliseconds in measured.cpu_milliseconds.items():
        table.add_row(part, f"{milliseconds:.2f}", f"{measured.share(part):.0%}")
    table.add_row("all", f"{measured.total:.2f}", "", style="bold")
    out = console()
    out.print(table)
    out.print(f"one login takes {measured.wall_milliseconds:.1f} ms from start to end")
