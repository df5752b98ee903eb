# SPDX-License-Identifier: Apache-2.0
"""`testbed up`: the four parts as real processes on loopback, and one line per login as it happens."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Final

import click

from federation.endpoints import Endpoints, PartName
from federation.loader import load
from federation.model import Federation
from party.clock import system_clock
from testbed.commands.apply import summary
from testbed.flow.login import PASSWORD_SUFFIX
from testbed.login_lines import LoginLines
from testbed.options import ClockOffset, federation_option, port_base_option, state_option
from testbed.stacks.local import EventTail
from testbed.stacks.ports import part_ports
from testbed.stacks.start import StartedParts, StartOptions, starting
from testbed.state_folder import StateFolder
from testbed.verb import Verb
from testbed.worth_trying import worth_trying

_POLL_SECONDS: Final = 0.2


@click.command(
    cls=Verb,
    examples=["testbed up", "testbed up --detach --port-base 9000", "testbed up --clock publisher=+10m"],
)
@federation_option
@state_option
@port_base_option
@click.option("--detach", is_flag=True, help="Return when everything is ready; `testbed down` stops it.")
@click.option(
    "--clock",
    "clocks",
    type=ClockOffset(),
    multiple=True,
    help="Let a part's clock run ahead or behind; may be repeated.",
)
def up(
    federation_file: Path,
    state: Path,
    port_base: int,
    clocks: tuple[tuple[PartName, timedelta], ...],
    *,
    detach: bool,
) -> None:
    """Apply the declaration and run proxy, identity providers, publisher and portal until Ctrl-C."""
    part_ports(port_base)
    federation = load(federation_file)
    state = state.absolute()
    options = StartOptions(port_base, dict(clocks), is_detached=detach)
    with _stopped_by_signals(), starting(state, str(federation_file.absolute()), options) as prepared:
        applied = StateFolder(state).apply(federation, options.origins, system_clock())
        click.echo(f"{state}: {summary(applied.plan)}")
        started = prepared.start()
        started.wait_until_ready()
        _greet(federation, Endpoints(options.origins), state, is_detached=detach)
        if not detach:
            _follow(started)


def _greet(federation: Federation, endpoints: Endpoints, state: Path, *, is_detached: bool) -> None:
    lines = [
        "",
        f"  publisher           {endpoints.service('publisher').login_page_url}",
        f"  portal              {endpoints.service('portal').login_page_url}",
        f"  proxy               {endpoints.proxy.idp_entity_id}",
        f"  identity providers  {endpoints.origins.idp}",
        "",
        f"  worth trying (the password is the user name and {PASSWORD_SUFFIX!r}):",
        *(
            f"    {each.person.user_name:<14} {each.provider_name:<28} {each.shows}"
            for each in worth_trying(federation, "publisher")
        ),
        "",
        f"  stop: testbed down --state {state}" if is_detached else "  stop: Ctrl-C",
        "",
    ]
    click.echo("\n".join(lines))


def _follow(started: StartedParts) -> None:
    """Print one line per login until a part ends by itself or somebody stops us."""
    tail, lines = EventTail(started.state), LoginLines()
    while True:
        for event in tail.read():
            line = lines.feed(event)
            if line is not None:
                click.echo(line)
        part = started.ended()
        if part is not None:
            raise started.explain_end(part)
        time.sleep(_POLL_SECONDS)


class _Stopped(Exception):  # noqa: N818 -- no error: somebody asked for the end
    """SIGINT, SIGTERM or SIGHUP came."""


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Turn the signals that end a program into an orderly end, and a second one into nothing."""

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise _Stopped(signal.Signals(number).name)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        yield
    except _Stopped:
        click.echo("\nstopped; no process is left")
