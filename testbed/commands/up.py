# SPDX-License-Identifier: Apache-2.0
"""`testbed up`: the four parts as real processes on loopback, and one line per login as it happens.

The launcher is started before this process imports what reading and applying a declaration takes: both import at the
same time, which is most of what a start costs.
"""

from __future__ import annotations

import contextlib
import importlib
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import FrameType

import click

from federation.endpoints import PartName
from testbed.options import ClockOffset, federation_option, port_base_option, state_option
from testbed.stacks.launching import Launcher
from testbed.stacks.ports import part_ports
from testbed.stacks.start import StartOptions
from testbed.verb import Verb


@click.command(
    cls=Verb,
    short_help="Run the testbed until Ctrl-C.",
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
    state = state.absolute()
    options = StartOptions(port_base, dict(clocks), is_detached=detach)
    with _stopped_by_signals(), Launcher(state, is_detached=detach) as launcher:
        importlib.import_module("testbed.up").run(federation_file, state, options, launcher)


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
