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

from federation.endpoints import BASE_DOMAIN, PartName
from testbed.options import COMPOSE, ClockOffset, addresses_options, federation_option, state_option
from testbed.stacks.addresses import LocalAddresses
from testbed.stacks.compose.project import ComposeOptions
from testbed.stacks.launching import Launcher
from testbed.stacks.start import StartOptions
from testbed.verb import Verb


@click.command(
    cls=Verb,
    short_help="Run the testbed until Ctrl-C.",
    examples=[
        "testbed up",
        "testbed up --tls",
        "testbed up --detach --port-base 9000",
        "testbed up --clock publisher=+10m",
        "testbed up --stack compose --replicas 3",
    ],
)
@federation_option
@state_option
@addresses_options
@click.option("--detach", is_flag=True, help="Return when everything is ready; `testbed down` stops it.")
@click.option(
    "--clock",
    "clocks",
    type=ClockOffset(),
    multiple=True,
    help="Let a part's clock run ahead or behind; may be repeated.",
)
@click.option(
    "--stack",
    "stack_name",
    type=click.Choice(["local", COMPOSE]),
    default="local",
    show_default=True,
    help="Processes of this machine, or containers behind TLS.",
)
@click.option(
    "--base-domain", default=BASE_DOMAIN, show_default=True, help="In containers: what the four names are below."
)
@click.option(
    "--bind",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="In containers: where the port is published; with another address others can reach the testbed.",
)
@click.option(
    "--replicas", type=click.IntRange(1, 10), default=2, show_default=True, help="In containers: how many proxies."
)
def up(  # noqa: PLR0913 -- one parameter per option
    *,
    federation_file: Path,
    state: Path,
    addresses: LocalAddresses,
    clocks: tuple[tuple[PartName, timedelta], ...],
    stack_name: str,
    base_domain: str,
    bind: str,
    replicas: int,
    detach: bool,
) -> None:
    """Apply the declaration and run proxy, identity providers, publisher and portal until Ctrl-C."""
    state = state.absolute()
    if stack_name == COMPOSE:
        in_containers = ComposeOptions(
            federation=str(federation_file.absolute()),
            port=addresses.port_base,
            base_domain=base_domain,
            bind=bind,
            replicas=replicas,
            clock_seconds={part: round(offset.total_seconds()) for part, offset in clocks},
        )
        with _stopped_by_signals():
            importlib.import_module("testbed.compose_up").run(federation_file, state, in_containers, is_detached=detach)
        return
    options = StartOptions(addresses, dict(clocks), is_detached=detach)
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
