# SPDX-License-Identifier: Apache-2.0
"""`testbed bench`: what a login costs, part by part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from federation.loader import load
from party.clock import system_clock
from testbed.bench import measure
from testbed.comparison import Comparison, compare_sizes
from testbed.flow.login import LoginPlan
from testbed.flow.people import check_is_simulated, find_person, find_simulated_service
from testbed.options import console, federation_option, json_option, print_json, state_option
from testbed.stacks.in_process import in_process_stack
from testbed.state_folder import StateFolder
from testbed.verb import Verb


class Numbers(click.ParamType[tuple[int, ...]]):
    """`1,310`: numbers with commas between them."""

    name = "N,N,…"

    def convert(
        self,
        value: Any,  # noqa: ANN401 -- click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[int, ...]:
        """Return the numbers, each once; fails with what was expected."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(dict.fromkeys(int(number) for number in str(value).split(",")))
        except ValueError:
            self.fail(f"{value!r}: expected numbers with commas between them, as in 1,310", param, ctx)


@click.command(
    cls=Verb,
    short_help="Measure what a login costs.",
    examples=[
        "testbed bench --logins 200",
        "testbed bench --providers 1,310",
        "testbed bench --providers 1,310 --at-most 1.1",
    ],
)
@click.argument("person", default="demo_u0001")
@click.option("--service", default="publisher", show_default=True, help="Where to sign in.")
@click.option("--logins", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many to measure.")
@click.option(
    "--providers",
    type=Numbers(),
    help="Compare generated federations with so many education providers, instead of PERSON in the declaration.",
)
@click.option("--at-most", type=float, metavar="RATIO", help="With --providers: end with 1 where a login costs more.")
@federation_option
@state_option
@json_option
def bench(  # noqa: PLR0913 -- one parameter per option
    *,
    person: str,
    service: str,
    logins: int,
    providers: tuple[int, ...] | None,
    at_most: float | None,
    federation_file: Path,
    state: Path,
    as_json: bool,
) -> None:
    """Log PERSON in again and again in this process and print the CPU milliseconds of each part, as medians.

    Sockets, gunicorn and the disk are not in it; machines differ, so read the shares and compare runs on one machine.
    With --providers, the same login is measured in federations of different sizes, in turn, and compared with the first.
    """
    if providers is not None:
        compared = compare_sizes(providers, service, logins, system_clock())
        if as_json:
            print_json(compared.as_json())
        else:
            _print_compared(compared, logins)
        if at_most is not None:
            compared.check(at_most)
        return
    federation = load(federation_file)
    plan = LoginPlan(find_person(federation, person), service)
    check_is_simulated(federation, plan.person)
    find_simulated_service(federation, service)
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


def _print_compared(compared: Comparison, logins: int) -> None:
    sizes = [f"{size:,} providers" for size in compared.measurements]
    table = Table("part, CPU ms", *sizes, title=f"{logins} logins each, in turn, medians", title_justify="left")
    measurements = compared.measurements.values()
    for part in next(iter(measurements)).cpu_milliseconds:
        table.add_row(part, *(f"{measured.cpu_milliseconds[part]:.2f}" for measured in measurements))
    table.add_row("all but the client", *(f"{measured.parts_total:.2f}" for measured in measurements), style="bold")
    table.add_row("ratio", *(f"{ratio:.2f}" for ratio in compared.ratios().values()))
    console().print(table)
