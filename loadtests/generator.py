# SPDX-License-Identifier: Apache-2.0
"""Locust as a process: started with what was prepared, watched by what it leaves in the run's folder, ended.

Nothing here imports Locust. Its master and workers are one process group, of which nothing is left.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from certs.folder import PRIVATE, write_file
from federation.errors import MissingError, TestbedError
from loadtests.preparing import Prepared
from loadtests.run_folder import Run

LOG: Final = "locust.log"
_ORDERS: Final = "orders.json"
_LOCUSTFILE: Final = Path(__file__).with_name("locustfile.py")
_END_SECONDS: Final = 20.0
_LOG_LINES: Final = 15
_COME_SECONDS: Final = 120
"""How long workers from elsewhere are waited for."""
_SETTLE_SECONDS: Final = 3
"""How long no further worker may have come before a run begins with those who have."""


@dataclass(frozen=True)
class Workers:
    """So many processes of our own; or, where `listen` says an address and a port, at least so many from elsewhere.

    Whoever comes there as a worker is told the run's token.
    """

    count: int = 1
    listen: tuple[str, int] | None = None

    def options(self) -> list[str]:
        """Return what Locust is told of them."""
        users = ["--users", str(self.count), "--spawn-rate", "100"]
        if self.listen is None:
            port = str(_free_port())
            bind = ["--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--master-port", port]
            return ["--processes", str(self.count), *users, *bind]
        host, number = self.listen
        come = ["--expect-workers", str(self.count), "--expect-workers-max-wait", str(_COME_SECONDS)]
        come += ["--settle", str(_SETTLE_SECONDS)]
        return ["--master", *come, *users, "--master-bind-host", host, "--master-bind-port", str(number)]


@dataclass
class Generator:
    """One run of Locust."""

    prepared: Prepared
    _process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, prepared: Prepared, workers: Workers) -> Generator:
        """Start Locust with these workers; raises `MissingError` where it is not installed."""
        folder = prepared.folder.path
        orders = folder / _ORDERS
        write_file(orders, prepared.orders.to_json().encode("utf-8"), PRIVATE)
        command = [
            *(sys.executable, "-m", "locust", "-f", str(_LOCUSTFILE), "--headless", "--only-summary"),
            *workers.options(),
            *("--orders", str(orders), "--run-folder", str(folder)),
        ]
        # Locust reads variables, and a configuration in the home folder, behind the command line's back
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LOCUST_")}
        environment |= {"PYTHONPATH": str(_LOCUSTFILE.parents[1]), "HOME": str(folder)}
        try:
            with (folder / LOG).open("wb") as log:
                process = subprocess.Popen(  # noqa: S603 -- our own interpreter, arguments written here
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment,
                    cwd=folder,
                    start_new_session=True,
                )
        except OSError as error:
            message = f"Locust cannot be started: {error}"
            raise MissingError(message) from error
        return cls(prepared, process)

    @property
    def is_running(self) -> bool:
        """Tell whether the master still runs."""
        return self._process.poll() is None

    def begun(self) -> datetime | None:
        """Return the schedule's first moment, None until all workers are ready."""
        run = self.prepared.folder.read_run()
        return None if run.started == self.prepared.run.started else run.started

    def end(self) -> None:
        """Ask the master to end the run early; what has ended is kept."""
        if self.is_running:
            self._process.send_signal(signal.SIGTERM)

    def close(self) -> Run:
        """Leave no process of it, and return the run as it ended.

        Raises `TestbedError` with the end of Locust's log where it never came to begin.
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        folder = self.prepared.folder
        (folder.path / _ORDERS).unlink(missing_ok=True)
        has_begun = self.begun() is not None
        run = folder.read_run()
        if run.ended is None:
            run = run.model_copy(update={"ended": datetime.now(UTC), "ended_early": True})
            folder.write_run(run)
        if not has_begun:
            because = run.invalid_because or "the generator never began"
            message = f"{because}; the end of {folder.path / LOG}:\n{_tail(folder.path / LOG)}"
            raise TestbedError(message)
        return run


def _tail(path: Path) -> str:
    lines = path.read_text("utf-8", "replace").splitlines()[-_LOG_LINES:]
    return "\n".join(f"  {line[:300]}" for line in lines) or "  (empty)"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
