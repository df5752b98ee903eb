# SPDX-License-Identifier: Apache-2.0
"""A testbed of the run's own: started for it from a state folder of its own, ended with it, on ports that are free.

Its keys stay for the next run, because making those of a whole country takes longer than a run; what people did there
does not, so that every run begins with the same databases.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from certs.folder import write_file
from federation.endpoints import PARTS
from federation.errors import MissingError
from federation.loader import load
from testbed.generate.declaration import Country, national_federation
from testbed.generate.yaml_text import declaration_text
from testbed.stacks.addresses import LocalAddresses
from testbed.stacks.launching import Launcher
from testbed.stacks.readiness import wait_until_ready
from testbed.stacks.start import StartOptions, starting
from testbed.state_folder import StateFolder

FOLDER: Final = "load-testbed"
"""Its state, in the state folder."""
DECLARATION: Final = "federation.yaml"
FIRST_PORT: Final = 18_000
_LAST_PORT: Final = 19_000


@dataclass(frozen=True)
class OwnTestbed:
    """One that runs: its state and what it was declared with."""

    state: Path
    declaration: Path


def generated_declaration(state: Path, providers: int, schools: int) -> Path:
    """Write a national declaration into the folder of the run's own testbed and return where; raises `InputError`."""
    country = Country(providers, schools)
    comment = f"Written by `testbed load --start`: {providers} education providers, {schools} schools."
    path = state / FOLDER / DECLARATION
    write_file(path, declaration_text(national_federation(country), comment).encode("utf-8"))
    return path


@contextmanager
def own_testbed(state: Path, declaration: Path, port_base: int | None = None) -> Iterator[OwnTestbed]:
    """Run a testbed while the block lasts; whatever ends the block leaves no process of it.

    Raises `TestbedError` as `testbed up` does.
    """
    own = state / FOLDER
    federation = load(declaration)
    options = StartOptions(LocalAddresses(port_base or free_ports()))
    with (
        Launcher(own, is_detached=False) as launcher,
        starting(own, str(declaration.absolute()), options, launcher) as start,
    ):
        shutil.rmtree(own / "data", ignore_errors=True)
        StateFolder(own).apply(federation, options.origins, datetime.now(UTC))
        wait_until_ready(own, start.start())
        try:
            yield OwnTestbed(own, declaration)
        finally:
            start.stop()


def free_ports() -> int:
    """Return the first of as many ports in a row as there are parts; raises `MissingError` where none are free."""
    for base in range(FIRST_PORT, _LAST_PORT, len(PARTS)):
        if all(_is_free(base + offset) for offset in range(len(PARTS))):
            return base
    message = f"no {len(PARTS)} ports in a row are free from {FIRST_PORT} to {_LAST_PORT}; name others with --port-base"
    raise MissingError(message)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
