# SPDX-License-Identifier: Apache-2.0
"""The process that becomes the four parts: it imports what they need once, then forks each as its own gunicorn.

Four interpreters that each import the same libraries cost twice the time of everything else in a start, so `up` starts
this one first and reads the declaration meanwhile. What is to run then arrives, with the open sockets, over the socket
on descriptor `CHANNEL_VARIABLE`; the process ids go back. Afterwards it only waits for its children.

Each part has its own session (a group that can be stopped whole), its own log as stdout and stderr, and its own
environment, which is all it knows of itself. When the launcher is gone, the kernel sends the parts SIGTERM; when an
`up` that supervises is gone, it sends the launcher one.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from federation.endpoints import PartName
from party.process import PART_VARIABLE, logging_config
from testbed.stacks.launching import CHANNEL_VARIABLE, MAX_MESSAGE, SUPERVISOR_VARIABLE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MAX_SOCKETS: Final = 16

ROOMS: Final[dict[PartName, str]] = {
    "proxy": "proxy.wsgi",
    "idp": "idp_simulators.wsgi",
    "publisher": "sp_stub.wsgi",
    "portal": "sp_stub.wsgi",
}

WORKERS: Final[dict[str, int]] = {"proxy": 2}
"""More than one where the part's state is shared; the simulators keep theirs in memory."""

_PR_SET_PDEATHSIG: Final = 1


class _Log(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's log without its access log: addresses carry SAML messages, searches and who asked."""

    def access(self, *_: Any) -> None:  # noqa: ANN401 -- gunicorn's signature
        """Write nothing."""


class _Part(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn for one part, with settings from here alone: no file, no command line, no environment."""

    def __init__(self, name: str, sockets: list[int], create: Callable[[], WSGIApplication]) -> None:
        self._settings: dict[str, Any] = {
            "bind": [f"fd://{descriptor}" for descriptor in sockets],
            "worker_class": "gthread",
            "workers": WORKERS.get(name, 1),
            "threads": 8,
            "timeout": 60,
            "graceful_timeout": 2,
            "keepalive": 2,
            # nobody stands in front: gunicorn would believe a local client that says where it was mounted, or on https
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "control_socket_disable": True,
            "logger_class": _Log,
            "logconfig_dict": logging_config(),
            "proc_name": f"testbed-{name}",
        }
        self._create = create
        super().__init__()

    def load_config(self) -> None:
        for setting, value in self._settings.items():
            self.cfg.set(setting, value)

    def load(self) -> WSGIApplication:
        return self._create()


def main() -> None:
    """Import, fork what is asked for, wait until all of it has ended."""
    if SUPERVISOR_VARIABLE in os.environ:
        end_with(int(os.environ[SUPERVISOR_VARIABLE]))
    creates = {part: importlib.import_module(room).create for part, room in ROOMS.items()}
    gc.freeze()  # what is imported stays shared between the parts
    with socket.socket(fileno=int(os.environ[CHANNEL_VARIABLE])) as channel:
        message, descriptors, _, _ = socket.recv_fds(channel, MAX_MESSAGE, MAX_SOCKETS)
        if not message:  # the start was given up
            return
        pids = {}
        for order in json.loads(message):
            part: PartName = order["environment"][PART_VARIABLE]
            sockets = [descriptors[position] for position in order["sockets"]]
            application = _Part(part, sockets, creates[part])
            others = {channel.fileno(), *descriptors} - set(sockets)
            pids[part] = fork(application.run, order["log"], order["environment"], others)
        for descriptor in descriptors:
            os.close(descriptor)
        channel.sendall(json.dumps(pids).encode("ascii"))
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def fork(run: Callable[[], None], log: str, environment: Mapping[str, str], others: set[int]) -> int:
    """Run `run` in a child with its own session, log and environment, and without the descriptors `others`.

    Returns the child's process id; in the child it never returns.
    """
    launcher = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        end_with(launcher)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.dup2(output, sys.stdout.fileno())
        os.dup2(output, sys.stderr.fileno())
        for descriptor in (output, *others):
            os.close(descriptor)
        os.environ.update(environment)
        run()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:  # noqa: BLE001 -- the child must not go on as the launcher
        sys.excepthook(*sys.exc_info())
        code = 1
    else:
        code = 0
    sys.stderr.flush()
    os._exit(code)


def end_with(parent: int) -> None:
    """Have the kernel send SIGTERM to this process when `parent` is gone (prctl(2), Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it went before the line above
        sys.exit(1)


if __name__ == "__main__":
    main()
