# SPDX-License-Identifier: Apache-2.0
"""One compose project: what a person chose, and `docker compose` run with it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from certs.folder import write_file
from federation.endpoints import BASE_DOMAIN, Origins, PartName
from federation.errors import MissingError
from testbed.stacks.addresses import TLS_PORT_BASE

ROOT: Final = Path(__file__).parents[3]
COMPOSE_FILE: Final = ROOT / "compose.yaml"
MAX_REPLICAS: Final = 10
_RECORD: Final = "stack.json"
_FOLDER: Final = "compose"


@dataclass(frozen=True)
class ComposeOptions:
    """How the stack is run."""

    federation: str
    port: int = TLS_PORT_BASE
    base_domain: str = BASE_DOMAIN
    bind: str = "127.0.0.1"
    replicas: int = 2
    clock_seconds: Mapping[PartName, int] = field(default_factory=dict)

    @property
    def origins(self) -> Origins:
        """Where the parts will answer."""
        return Origins.tls(self.port, self.base_domain)

    @property
    def environment(self) -> dict[str, str]:
        """What compose.yaml asks the environment for."""
        return {
            "TESTBED_FEDERATION": self.federation,
            "TESTBED_PORT": str(self.port),
            "TESTBED_BASE_DOMAIN": self.base_domain,
            "TESTBED_BIND": self.bind,
            "TESTBED_REPLICAS": str(self.replicas),
            **{f"TESTBED_CLOCK_{part.upper()}": str(seconds) for part, seconds in self.clock_seconds.items()},
        }


@dataclass(frozen=True)
class Project:
    """The compose project of one state folder; two folders are two projects."""

    state: Path
    options: ComposeOptions

    @property
    def name(self) -> str:
        """What everything of it is labelled with."""
        return project_name(self.state)

    @property
    def folder(self) -> Path:
        """Where what clients need of the stack is kept: the CA's certificate and the run's token."""
        return self.state / _FOLDER

    def compose(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `docker compose` on this project, its words on one pipe; raises `MissingError` without docker."""
        command = ["docker", "compose", "--file", str(COMPOSE_FILE), "--project-name", self.name, *arguments]
        try:
            return subprocess.Popen(  # noqa: S603 -- arguments written in this package
                command,
                env={**os.environ, **self.options.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
        except FileNotFoundError as error:
            message = "there is no command `docker`; install Docker with its compose plugin (docs/containers.md)"
            raise MissingError(message) from error

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run `docker compose` to its end; return its exit code and what it said."""
        with self.compose(*arguments) as process:
            said, _ = process.communicate()
        return process.returncode, said

    def write_record(self) -> None:
        """Record what runs, for `status`, `login` and `down`."""
        document = json.dumps(asdict(self.options), indent=2, sort_keys=True) + "\n"
        write_file(self.folder / _RECORD, document.encode("utf-8"))

    def forget(self) -> None:
        """Take the record away."""
        (self.folder / _RECORD).unlink(missing_ok=True)


def project_name(state: Path) -> str:
    """Return the name of the project that belongs to a state folder."""
    return f"mpass-testbed-{hashlib.sha256(str(state.absolute()).encode()).hexdigest()[:8]}"


def recorded_project(state: Path) -> Project | None:
    """Return the project that was last run from `state`; None where none (readable) was."""
    try:
        document = json.loads((state / _FOLDER / _RECORD).read_text("utf-8"))
        return Project(state, ComposeOptions(**document))
    except (OSError, ValueError, TypeError):
        return None
