# SPDX-License-Identifier: Apache-2.0
"""`testbed status`: addresses, health and versions of what runs from a state folder, and secrets to be renewed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click

from federation.endpoints import PARTS
from federation.errors import TestbedError
from party.clock import system_clock
from testbed.columns import columns
from testbed.expiring_secrets import secrets_in_use
from testbed.options import json_option, print_json, state_option
from testbed.stacks.ports import part_ports
from testbed.stacks.readiness import ask_ready
from testbed.stacks.running import Running, find_running
from testbed.verb import Verb

_SECONDS: Final = 3.0
_COLUMNS: Final = ("part", "address", "status", "version", "pid", "reason")


@click.command(
    cls=Verb, short_help="Show addresses, health and versions.", examples=["testbed status", "testbed status --json"]
)
@state_option
@json_option
def status(state: Path, *, as_json: bool) -> None:
    """Show address, health and version of each part; ends with 1 when one is not ready, 3 when nothing runs.

    Education providers whose secret has expired, or will within a week, are named below the parts.
    """
    running = find_running(state.absolute())
    ports = part_ports(running.port_base).items()
    parts = [_part_status(running, part, port) for part, port in ports if part in running.parts]
    secrets = secrets_in_use(state, system_clock().date())
    if as_json:
        print_json(
            {
                "federation": running.federation,
                "port_base": running.port_base,
                "parts": parts,
                "secrets": [asdict(secret) for secret in secrets],
            }
        )
    else:
        click.echo(f"{running.federation}")
        click.echo(columns(tuple(str(part[name] or "-") for name in _COLUMNS) for part in parts))
        urgent = [(secret.provider, secret.advice) for secret in secrets if secret.advice]
        if urgent:
            click.echo("education providers whose logins stop, by this machine's clock:")
            click.echo(columns(urgent))
    faulty = [str(part["part"]) for part in parts if part["status"] != "ok"]
    if faulty:
        message = f"not ready: {', '.join(faulty)}"
        raise TestbedError(message)


def _part_status(running: Running, part: str, port: int) -> dict[str, Any]:
    try:
        _, document = ask_ready(port, timeout=_SECONDS)
    except OSError as error:
        document = {"status": "down", "reason": str(error)}
    process = running.parts.get(part)
    return {
        "part": part,
        "address": running.origins.of(next(each for each in PARTS if each == part)),
        "status": document.get("status", "down"),
        "version": document.get("version"),
        "pid": process.pid if process else None,
        "reason": document.get("reason"),
    }
