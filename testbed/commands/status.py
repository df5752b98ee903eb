# SPDX-License-Identifier: Apache-2.0
"""`testbed status`: addresses, health and versions of what runs from a state folder, and secrets to be renewed."""

from __future__ import annotations

import importlib
import ssl
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click

from certs.folder import KeyFolder
from federation.endpoints import PARTS, PartName
from federation.errors import TestbedError
from idp_simulators.control.page import PAGE_PATH
from party.clock import system_clock
from testbed.assembly import RUN_TOKEN
from testbed.columns import columns
from testbed.expiring_secrets import secrets_in_use
from testbed.options import json_option, print_json, state_option
from testbed.stacks.compose.project import recorded_project
from testbed.stacks.readiness import ask_ready, client_context
from testbed.stacks.running import Running, find_running, runs_here
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

    Below the parts stand the page where faults are switched by hand, and the file of the token that it asks for.
    Education providers whose secret has expired, or will within a week, are named below the parts.
    """
    project = recorded_project(state.absolute())
    if project is not None and not runs_here(state.absolute()):
        importlib.import_module("testbed.compose_status").show(project, as_json=as_json)
        return
    running = find_running(state.absolute())
    context = client_context(state, running.origins)
    parts = [_part_status(running, part, context) for part in PARTS if part in running.parts]
    control = _control(running, state)
    secrets = secrets_in_use(state, system_clock().date())
    if as_json:
        print_json(
            {
                "federation": running.federation,
                "port_base": running.addresses.port_base,
                "tls": running.addresses.is_tls,
                "parts": parts,
                "control": control,
                "secrets": [asdict(secret) for secret in secrets],
            }
        )
    else:
        click.echo(f"{running.federation}")
        click.echo(columns(tuple(str(part[name] or "-") for name in _COLUMNS) for part in parts))
        if control is not None:
            click.echo(f"faults by hand: {control['page']}, with the token in {control['token_file']}")
        urgent = [(secret.provider, secret.advice) for secret in secrets if secret.advice]
        if urgent:
            click.echo("education providers whose logins stop, by this machine's clock:")
            click.echo(columns(urgent))
    faulty = [str(part["part"]) for part in parts if part["status"] != "ok"]
    if faulty:
        message = f"not ready: {', '.join(faulty)}"
        raise TestbedError(message)


def _control(running: Running, state: Path) -> dict[str, str] | None:
    """Return where faults are switched by hand, and where the token for it is; `None` without identity providers."""
    if "idp" not in running.parts:
        return None
    return {
        "page": f"{running.origins.idp}{PAGE_PATH}",
        "token_file": str(KeyFolder(state).secret_path(RUN_TOKEN)),
    }


def _part_status(running: Running, part: PartName, context: ssl.SSLContext | None) -> dict[str, Any]:
    try:
        _, document = ask_ready(running.origins, part, context, timeout=_SECONDS)
    except OSError as error:
        document = {"status": "down", "reason": str(error)}
    process = running.parts.get(part)
    return {
        "part": part,
        "address": running.origins.of(part),
        "status": document.get("status", "down"),
        "version": document.get("version"),
        "pid": process.pid if process else None,
        "reason": document.get("reason"),
    }
