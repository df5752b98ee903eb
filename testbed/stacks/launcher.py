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
from typing import Final

from federation.endpoints import PartName
from party.process import PART_VARIABLE
from party.server import Listening, Server
from testbed.stacks.launching import CHANNEL_VARIABLE, MAX_MESSAGE, SUPERVISOR_VARIABLE

MAX_SOCKETS: Final = 16

ROOMS: Final[dict[PartName, str]] = {
    "proxy": "proxy.wsgi",
    "idp": "idp_simulators.wsgi",
    "publisher": "sp_stub.wsgi",
    "portal": "sp_stub.wsgi",
}

_PR_SET_PDEATHSIG: Final = 1


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
            listening = Listening([f"fd://{descriptor}" for descriptor in sockets], order["certificate"])
            application = Server(part, listening, creates[part])
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
