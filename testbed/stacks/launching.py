# SPDX-License-Identifier: Apache-2.0
"""This side of the launcher: starting it early, telling it what to run, giving it up."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Self

from federation.errors import TestbedError

CHANNEL_VARIABLE: Final = "TESTBED_CHANNEL"
SUPERVISOR_VARIABLE: Final = "TESTBED_SUPERVISOR"

MODULE: Final = "testbed.stacks.launcher"
"""Stands in the command line of every process of the local stack."""

MAX_MESSAGE: Final = 65_536
_ANSWER_SECONDS: Final = 30.0
_NOT_HANDED_ON: Final = ("GUNICORN_CMD_ARGS", "WEB_CONCURRENCY", "SATOSA_STATE_ENCRYPTION_KEY")
"""Variables that would change how a part runs behind the declaration's back."""


@dataclass(frozen=True)
class Order:
    """One part to run: its environment, its log, the listening sockets it gets, and what it ends TLS with, if it does."""

    environment: Mapping[str, str]
    log: Path
    listeners: Sequence[socket.socket]
    certificate: Path | None = None


class Launcher:
    """The launcher's process, waiting for what it is to run; giving it up before that leaves nothing."""

    def __init__(self, state: Path, *, is_detached: bool) -> None:
        """Start it; unless it is detached, it ends with this process, whatever ends this process.

        `state` stands in its command line, for whoever wonders which testbed a process belongs to.
        """
        self._channel, other = socket.socketpair()
        self._is_used = False
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with the launcher
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
        environment |= {CHANNEL_VARIABLE: str(other.fileno()), "PYTHONPATH": str(Path(__file__).parents[2])}
        if not is_detached:
            environment[SUPERVISOR_VARIABLE] = str(os.getpid())
        with other:
            # -P: what lies in the current folder is not imported
            self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter, arguments written here
                [sys.executable, "-P", "-m", MODULE, str(state)],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                env=environment,
                pass_fds=[other.fileno()],
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The launcher's process id."""
        return self._process.pid

    def launch(self, orders: Sequence[Order]) -> dict[str, int]:
        """Have every order run; return the process ids by part.

        Raises `TestbedError` with what the launcher said when it ends instead.
        """
        listeners = [listener for order in orders for listener in order.listeners]
        positions = iter(range(len(listeners)))
        message: list[dict[str, Any]] = [
            {
                "environment": dict(order.environment),
                "log": str(order.log),
                "sockets": [next(positions) for _ in order.listeners],
                "certificate": None if order.certificate is None else str(order.certificate),
            }
            for order in orders
        ]
        descriptors = [listener.fileno() for listener in listeners]
        self._is_used = True
        self._channel.settimeout(_ANSWER_SECONDS)
        try:
            socket.send_fds(self._channel, [json.dumps(message).encode("utf-8")], descriptors)
            answer = self._channel.recv(MAX_MESSAGE)
        except OSError as error:
            raise self._failed() from error
        if not answer:
            raise self._failed()
        pids: dict[str, int] = json.loads(answer)
        return pids

    def close(self) -> None:
        """Let go of the launcher: one that runs parts goes on, one that was told nothing ends at once."""
        if not self._is_used:
            self._process.terminate()
            self._process.wait()
        self._channel.close()
        self._errors.close()

    def wait(self) -> None:
        """Return when the launcher has ended, as it does when nothing it runs is left."""
        self._process.wait()

    def __enter__(self) -> Self:
        """Return the launcher itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of it."""
        self.close()

    def _failed(self) -> TestbedError:
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip()
        return TestbedError(f"the parts cannot be started; the launcher said:\n{said or '(nothing)'}")
