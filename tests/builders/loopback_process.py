# SPDX-License-Identifier: Apache-2.0
"""A web server of others, run as a child process on a free loopback port from a folder of its own, never as root."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

LOG: Final = "output.log"

_SECONDS: Final = 15.0


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def hand_over(folder: Path) -> None:
    """Give the folder to the user that the server runs as."""
    user = _user()
    if user is not None:
        owner = pwd.getpwnam(user)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)


@contextmanager
def running(
    command: Sequence[str | Path], folder: Path, url: str, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run `command`, which stays in the foreground, until the block ends; what it prints goes to `LOG` in `folder`.

    `url` answers inside the block; raises `RuntimeError` where it does not within fifteen seconds.
    """
    hand_over(folder)
    user = _user()
    with (folder / LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- the callers' own constants
            command,
            user=user,
            extra_groups=[] if user else None,
            env={**os.environ, **(environment or {})},
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
    try:
        _wait_until_it_answers(url, process, folder)
        yield
    finally:
        _stop(process)


def _user() -> str | None:
    """Return whom root becomes: servers want a user of their own."""
    return "nobody" if os.getuid() == 0 else None


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(url, trust_env=False, timeout=_SECONDS)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    message = f"{url} does not answer: {(folder / LOG).read_text('utf-8', 'replace')}"
    raise RuntimeError(message)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
