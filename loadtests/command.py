# SPDX-License-Identifier: Apache-2.0
"""The command line of load runs: `testbed load SCENARIO`, one command for each scenario and one for the capacity."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from federation.errors import InputError, TestbedError
from federation.loader import load
from federation.suggestion import quoted
from loadtests.budgets import SHIPPED
from loadtests.capacity import Capacity, Stair, found_rate, has_broken, next_first, stair
from loadtests.generator import Workers
from loadtests.own_testbed import generated_declaration, own_testbed
from loadtests.part_sampling import sampler_of
from loadtests.preparing import Asked, Prepared, prepare
from loadtests.records import Record
from loadtests.report.commands import compare, report, schema
from loadtests.report.stored import read_report
from loadtests.report.writing import HTML, write_report
from loadtests.running import Enough, Running, Stopping, never
from loadtests.shapes import NATIONAL_PEAK, SHAPES
from loadtests.target import Target, check_is_ours, outside_target, running_target
from loadtests.trouble import TROUBLES, Trouble, plan
from loadtests.view import view
from testbed.options import FEDERATION, STATE, console
from testbed.stacks.compose.stack import ComposeStack
from testbed.stacks.local import LocalStack
from testbed.verb import Verb

MOST_WORKERS: Final = 64
MOST_RUNS: Final = 9
_PORTS: Final = 65_536
_PROVIDERS: Final = 310
_SCHOOLS: Final = 2200
_WORDS: Final = {
    "first-bell": "The starts of lessons from 8:00 to 9:00, in a fiftieth of the time.",
    "steady": "The peak for two minutes.",
    "spike": "A tenth of the peak, and a quarter of a minute of all of it.",
    "soak": "Half the peak for an hour: what grows shows.",
}


@dataclass(frozen=True)
class Place:
    """Where a run goes: the declaration, the state folder that runs are kept in, the target and its stack, if ours."""

    declaration: Path
    state: Path
    target: Target
    stack: LocalStack | ComposeStack | None


@dataclass(frozen=True)
class Where:
    """The options that say where the load goes."""

    federation_file: Path
    state: Path
    start: bool
    providers: int
    schools: int
    port_base: int | None
    target: str | None
    token: Path | None
    ca: Path | None
    is_owned: bool

    @contextlib.contextmanager
    def place(self) -> Iterator[Place]:
        """Give where the load goes; a testbed that was started for it ends with the block."""
        state = self.state.absolute()
        if self.start:
            if self.target is not None:
                message = "--start and --target: one of them at most"
                raise InputError(message)
            declaration = generated_declaration(state, self.providers, self.schools)
            console().print(f"starting a testbed: {self.providers} education providers, {self.schools:,} schools")
            with own_testbed(state, declaration, self.port_base) as own:
                target, stack = running_target(own.state, load(declaration))
                yield Place(declaration, state, target, stack)
            return
        federation = load(self.federation_file)
        if self.target is None:
            target, running = running_target(state, federation)
            found = Place(self.federation_file, state, target, running)
        else:
            if self.token is None:
                message = (
                    "--target: expected --token FILE too, the target's run token: without it no session is compared"
                )
                raise InputError(message)
            found = Place(self.federation_file, state, outside_target(self.target, self.token, self.ca), None)
        check_is_ours(found.target, federation, is_owned=self.is_owned)
        yield found


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Add what every load run takes; the command gets `asked`, `where` and `troubles`."""

    @functools.wraps(command)
    def with_options(  # noqa: PLR0913 -- one parameter per option
        *,
        peak: float,
        compression: float | None,
        minutes: float | None,
        seed: int,
        service: str,
        workers: int,
        listen: tuple[str, int] | None,
        budgets: Path,
        trouble: tuple[str, ...],
        **more: Any,  # noqa: ANN401 -- click's
    ) -> None:
        where = Where(**{name: more.pop(name) for name in Where.__dataclass_fields__})
        asked = Asked(
            peak=peak,
            compression=compression,
            minutes=minutes,
            seed=seed,
            service=service,
            workers=workers,
            listen=listen,
            budgets=budgets,
        )
        command(asked=asked, where=where, troubles=tuple(map(Trouble.parse, trouble)), **more)

    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options


def listening(text: str) -> tuple[str, int]:
    """Return an address and a port; raises `InputError` for what is none."""
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < _PORTS:
        message = f"--listen {quoted(text)}: expected an address and a port, as in 0.0.0.0:5557"
        raise InputError(message)
    return host, int(port)


_OPTIONS: Final = (
    click.option("--peak", type=float, default=NATIONAL_PEAK, show_default=True, help="Logins a second at the peak."),
    click.option("--compression", type=float, help="How many times faster the time passes."),
    click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="How much of the scenario's own time."),
    click.option("--seed", type=int, default=1, show_default=True, help="Another seed, other people."),
    click.option("--service", default="publisher", show_default=True, help="Where people sign in."),
    click.option(
        "--workers",
        type=click.IntRange(1, MOST_WORKERS),
        default=1,
        show_default=True,
        help="Processes that generate; one is enough for some 200 logins a second.",
    ),
    click.option(
        "--listen",
        metavar="ADDRESS:PORT",
        callback=lambda _ctx, _parameter, text: None if text is None else listening(text),
        help="Start no worker, and wait there for as many as --workers says, or more: they are told the run's token.",
    ),
    click.option(
        "--budgets",
        type=click.Path(path_type=Path),
        default=SHIPPED,
        help="What the run may cost.  [default: loadtests/budgets.yaml]",
    ),
    click.option(
        "--trouble",
        multiple=True,
        metavar="NAME[:WHERE][@SHARE]",
        help=f"What is done to the system at a share of the run: {', '.join(TROUBLES)}; may be repeated.",
    ),
    click.option(
        "--federation",
        "federation_file",
        type=click.Path(path_type=Path),
        default=FEDERATION,
        show_default=True,
        help="The declaration of what runs.",
    ),
    click.option(
        "--state",
        type=click.Path(path_type=Path),
        default=STATE,
        show_default=True,
        help="The folder of the testbed that runs; runs are kept in its folder load.",
    ),
    click.option("--start", is_flag=True, help="Start a testbed of national shape for the run, and end it afterwards."),
    click.option(
        "--providers", type=int, default=_PROVIDERS, show_default=True, help="With --start: education providers."
    ),
    click.option("--schools", type=int, default=_SCHOOLS, show_default=True, help="With --start: schools."),
    click.option("--port-base", type=int, metavar="N", help="With --start: the first of four ports."),
    click.option("--target", metavar="DOMAIN[:PORT]", help="A testbed elsewhere, whose four names are below DOMAIN."),
    click.option("--token", type=click.Path(path_type=Path), help="With --target: the file of its run token."),
    click.option("--ca", type=click.Path(path_type=Path), help="With --target: the certificate of its CA."),
    click.option(
        "--i-own-this-target", "is_owned", is_flag=True, help="Needed for a target that is not on this machine."
    ),
)


class LoadVerbs(click.Group):
    """The commands of `testbed load`; an error that a person can answer becomes its text and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- click's signature
        """Run one."""
        try:
            return super().invoke(ctx)
        except TestbedError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)


@click.group(cls=LoadVerbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def load_group() -> None:
    """Send a school morning to a testbed and say what it held, what broke first, and who got whose session."""


def _scenario(name: str) -> None:
    @options
    def command(*, asked: Asked, where: Where, troubles: tuple[Trouble, ...]) -> None:
        with where.place() as place:
            run = one_run(place, replace(asked, scenario=name), troubles)
        verdict = write_report(run.folder.path)
        click.echo("\n".join([*verdict.lines, f"report: {run.folder.path / HTML}"]))
        sys.exit(verdict.exit_code)

    command.__doc__ = _WORDS[name]
    examples = [f"testbed load {name} --start", f"testbed load {name} --peak 48 --trouble idp-dead@0.3"]
    load_group.add_command(click.command(name, cls=Verb, examples=examples)(command))


@click.command("capacity", cls=Verb, examples=["testbed load capacity --start", "testbed load capacity --runs 1"])
@options
@click.option("--runs", type=click.IntRange(1, MOST_RUNS), default=3, show_default=True, help="How many ramps.")
@click.option("--first", type=float, default=8.0, show_default=True, help="The first step, in logins a second.")
@click.option("--highest", type=float, default=300.0, show_default=True, help="No step is above it.")
def capacity(
    *, asked: Asked, where: Where, troubles: tuple[Trouble, ...], runs: int, first: float, highest: float
) -> None:
    """Raise the rate step by step until a budget breaks; the median of several ramps is the answer."""
    rates: list[float] = []
    stopping = Stopping()
    stair(first, highest)
    with where.place() as place:
        begin = first
        for number in range(1, runs + 1):
            steps = stair(begin, highest)
            ramp = replace(asked, scenario="capacity", shape=steps.shape, peak=steps.peak, seed=asked.seed + number)
            run = one_run(place, ramp, troubles, _broken(steps, asked), stopping)
            write_report(run.folder.path)
            written = read_report(run.folder.path)
            found = found_rate(steps, run.folder.records(), run.run.budgets)
            held = "not even the first step held" if found is None else f"{found:.1f} logins a second held"
            click.echo(f"ramp {number} of {runs}: {held}; {written.limiting_because}")
            click.echo(f"  report: {run.folder.path / HTML}")
            if written.invalid_because is not None or written.wrong_session:
                because = written.invalid_because or "somebody got somebody else's session"
                message = f"ramp {number}: {because}"
                raise TestbedError(message)
            if stopping.is_asked:
                break  # a ramp that somebody broke off has found nothing
            rates.append(found or 0.0)
            begin = next_first(found, first)
    if not any(rates):
        message = "ended early" if stopping.is_asked else f"no ramp held its first step of {first:g} logins a second"
        raise TestbedError(message)
    click.echo(f"capacity: {Capacity(tuple(rates))}")


def _broken(steps: Stair, asked: Asked) -> Enough:
    budgets = asked.read_budgets()

    def enough(records: Sequence[Record], at: float) -> bool:
        return has_broken(steps, records, at, budgets)

    return enough


def one_run(
    place: Place,
    asked: Asked,
    troubles: tuple[Trouble, ...],
    enough: Enough = never,
    stopping: Stopping | None = None,
) -> Prepared:
    """Return a run that has ended; raises `TestbedError` where it could not be begun."""
    stopping = stopping or Stopping()
    federation, folder, seconds = load(place.declaration), place.declaration.parent, asked.shaped()[0].seconds
    planned = plan(troubles, place.stack, federation, folder, seconds)
    asked = replace(asked, turns=planned.turns)
    prepared = prepare(asked, place.declaration, place.state, place.target, datetime.now(UTC))
    out = console()
    out.print(
        f"{asked.scenario}: {prepared.run.scheduled:,} logins in {prepared.run.seconds:.0f} s, at most {asked.peak:g} a second"
    )
    try:
        with stopping.by_signals(), view(out) as show:
            running = Running(prepared, sampler_of(place.stack), stopping, show, planned.acts, enough)
            return replace(prepared, run=running.run(Workers(asked.workers, asked.listen)))
    finally:
        planned.calm()


for _name in SHAPES:
    _scenario(_name)
load_group.add_command(capacity)
load_group.add_command(report)
load_group.add_command(compare)
load_group.add_command(schema)


def main() -> None:
    """Run the command line as `testbed load`."""
    load_group(prog_name="testbed load")
