# SPDX-License-Identifier: Apache-2.0
"""What `testbed up --stack compose` does: bring the containers up, greet, follow, take them down."""

from __future__ import annotations

from pathlib import Path

import click

from federation.endpoints import Endpoints
from federation.loader import load
from party.events import event_from_json
from testbed.login_lines import LoginLines
from testbed.stacks.compose.engine import Engine
from testbed.stacks.compose.project import ComposeOptions, Project
from testbed.stacks.compose.start import bring_up
from testbed.up import greeting


def run(federation_file: Path, state: Path, options: ComposeOptions, *, is_detached: bool) -> None:
    """Bring the stack up and, unless it is detached, follow it until somebody stops us; then take it down.

    Raises `InputError` for an invalid declaration, `MissingError` where a part, a port or the engine is missing.
    """
    federation = load(federation_file)
    project, engine = Project(state, options), Engine()
    bring_up(project, engine, lambda words: click.echo(words, err=True))
    click.echo(greeting(federation, Endpoints(options.origins), state, project.folder, is_detached=is_detached))
    if is_detached:
        return
    try:
        _follow(project)
    finally:
        engine.remove(project.name)
        project.forget()


def _follow(project: Project) -> None:
    lines = LoginLines()
    with project.compose("logs", "--follow", "--no-log-prefix") as process:
        try:
            for said in process.stdout or ():
                event = event_from_json(said)
                line = None if event is None else lines.feed(event)
                if line is not None:
                    click.echo(line)
        finally:
            process.terminate()
