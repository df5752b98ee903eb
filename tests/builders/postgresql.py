# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of a test's own: Debian's programs, an empty folder, a free loopback port, never as root.

Nothing of the system's clusters is touched. What is written is not worth a disk's wait, so nothing is flushed. The
server ends with whoever started it, whatever ends that one, and its folder goes with it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import psycopg

from tests.builders.loopback_process import free_port, hand_over

MISSING: Final = "PostgreSQL is missing: apt-get install postgresql"
USER: Final = "testbed"

_SECONDS: Final = 20
_SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
}


def is_installed() -> bool:
    """Tell whether the machine has what is needed."""
    return bool(_program("initdb"))


@dataclass
class PostgreSQL:
    """A server: where it lies, and where it answers while it runs."""

    folder: Path
    port: int = field(default_factory=free_port)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    _numbers: Iterator[int] = field(default_factory=count)
    _process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Make the cluster, with one user who has a password."""
        password_file = self.folder / "password"
        password_file.write_text(self.password, "utf-8")
        hand_over(self.folder)
        self._run(
            "initdb", f"--pgdata={self.folder / 'data'}", f"--username={USER}", f"--pwfile={password_file}",
            "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip

    def start(self) -> None:
        """Run it on its port; returns when it answers, raises `RuntimeError` with its log where it does not."""
        settings = [f"-c{name}={value}" for name, value in {**_SETTINGS, "port": str(self.port)}.items()]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- Debian's program, arguments written here
                [*_as_nobody(), _program("postgres"), "-D", self.folder / "data", *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        answers = [_program("pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={self.port}"]
        for _ in range(_SECONDS * 20):
            if subprocess.run(answers, check=False).returncode == 0:  # noqa: S603 -- as above
                return
            if self._ended_within(0.05):
                break
        message = f"PostgreSQL does not answer: {(self.folder / 'log').read_text('utf-8', 'replace')}"
        raise RuntimeError(message)

    def stop(self) -> None:
        """End it at once, connections too."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            if not self._ended_within(_SECONDS):
                self._process.kill()
                self._process.wait()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let its time stand still inside the block: connections stay, the machine takes new ones, and nobody answers."""
        assert self._process is not None
        main = self._process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text("ascii").split()
        processes = [main, *map(int, children)]
        _signal(processes, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(processes, signal.SIGCONT)

    def url(self, database: str = "postgres", password: str | None = None) -> str:
        """Return the URL of a database as a person would write it."""
        return f"postgresql://{USER}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self.url(name)

    def _ended_within(self, seconds: float) -> bool:
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 -- Debian's programs
            [*_as_nobody(), _program(program), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """Run a server until the block ends; neither process nor file is left."""
    # not below pytest's folder, which only its owner may enter
    folder = Path(tempfile.mkdtemp(prefix="testbed-postgresql-"))
    server = PostgreSQL(folder)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _signal(processes: Iterable[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):  # a helper of the server's that has just ended
            os.kill(process, number)


def _program(name: str) -> str:
    """Return Debian's newest program of that name, empty where there is none."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    return str(versions[-1]) if versions else shutil.which(name) or ""


def _as_nobody() -> list[str]:
    """Return what makes a program end with this process and, where this one is root's, run as nobody."""
    nobody = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []
    return ["/usr/bin/setpriv", "--pdeathsig=INT", *nobody, "--"]
