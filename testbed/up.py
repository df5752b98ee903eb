# SPDX-License-Identifier: Apache-2.0
"""What `testbed up` does once its launcher is on the way: apply, run, greet, follow."""

from __future__ import annotations

import importlib
import os
import time
from pathlib import Path
from typing import Final

import click

from certs.tls_folder import TlsFolder
from federation.endpoints import Endpoints
from federation.loader import load
from federation.model import Federation
from federation.own_parts import own_parts
from party.clock import system_clock
from party.process import DATABASE_URL_VARIABLE
from testbed.login_lines import LoginLines
from testbed.options import print_notices
from testbed.own_parts import read_own_documents
from testbed.passwords import PASSWORD_SUFFIX
from testbed.stacks.launching import Launcher
from testbed.stacks.readiness import part_ended, wait_until_ready
from testbed.stacks.running import Running
from testbed.stacks.start import StartOptions, starting
from testbed.stacks.tail import EventTail
from testbed.state_folder import StateFolder
from testbed.worth_trying import worth_trying

_POLL_SECONDS: Final = 0.2


def run(federation_file: Path, state: Path, options: StartOptions, launcher: Launcher) -> None:
    """Bring the testbed up and, unless it is detached, follow it until a part ends or somebody stops us.

    Raises `TestbedError` for an invalid declaration, a port that is taken, a part that is not ready or ends by itself.
    """
    federation = load(federation_file)
    with starting(state, str(federation_file.absolute()), options, launcher) as start:
        if os.environ.get(DATABASE_URL_VARIABLE):
            # SQLAlchemy takes its time to import, and most have no server
            start.database = importlib.import_module("testbed.databases").check_server(os.environ)
        now = system_clock()
        own = read_own_documents(federation, federation_file.parent, state, options.origins, now)
        applied = StateFolder(state).apply(federation, options.origins, now, own)
        print_notices(own)
        click.echo(f"{state}: {applied.plan.in_words()}")
        running = start.start()
        wait_until_ready(state, running)
        click.echo(greeting(federation, Endpoints(options.origins), state, state, is_detached=options.is_detached))
        if not options.is_detached:
            _follow(state, running)


def greeting(federation: Federation, endpoints: Endpoints, state: Path, clients: Path, *, is_detached: bool) -> str:
    """Return what a person needs to begin: the addresses, three people, how to stop.

    `clients` is the folder whose test CA vouches for the parts.
    """
    simulated = {service.simulated: key for key, service in federation.services.items() if service.simulated}
    people = worth_trying(federation, simulated["publisher"]) if "publisher" in simulated else ()
    lines = [
        "",
        *(f"  {part:<20}{endpoints.service(part).login_page_url}" for part in sorted(simulated, reverse=True)),
        f"  proxy               {endpoints.proxy.idp_entity_id}",
        f"  identity providers  {endpoints.origins.idp}",
        *([f"  test CA             {TlsFolder(clients).ca_certificate}"] if endpoints.origins.is_secure() else []),
        *(f"  your own            {part.place}, by {part.shown_address}" for part in own_parts(federation)),
        *(["", f"  worth trying (the password is the user name and {PASSWORD_SUFFIX!r}):"] if people else []),
        *(f"    {each.person.user_name:<18} {each.provider_name:<26} {each.shows}" for each in people),
        "",
        f"  stop: testbed down --state {state}" if is_detached else "  stop: Ctrl-C",
        "",
    ]
    return "\n".join(lines)


def _follow(state: Path, running: Running) -> None:
    tail, lines = EventTail(state), LoginLines()
    while True:
        for event in tail.read():
            line = lines.feed(event)
            if line is not None:
                click.echo(line)
        ended = part_ended(state, running)
        if ended is not None:
            raise ended
        time.sleep(_POLL_SECONDS)
