# SPDX-License-Identifier: Apache-2.0
"""Whether a part of the local stack is ready, and if not, why: its own answer, or the end of its log."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from certs.tls_folder import TlsFolder
from federation.endpoints import PARTS, Origins, PartName
from federation.errors import TestbedError
from party.tls import tls_context
from testbed.stacks.running import Running, log_path

READY_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.02
_LOG_TAIL: Final = 15


def wait_until_ready(state: Path, running: Running, seconds: float = READY_SECONDS) -> None:
    """Return when every part is ready; raises `TestbedError` with the end of the log of one that is not."""
    deadline = time.monotonic() + seconds
    context = client_context(state, running.origins)
    for part in PARTS:
        if part in running.parts:
            _wait_for(state, running, part, context, deadline)


def client_context(state: Path, origins: Origins) -> ssl.SSLContext | None:
    """Return what the parts' certificates are checked with, None where they answer on http."""
    return tls_context(TlsFolder(state).ca_certificate) if origins.is_secure() else None


def ask_ready(
    origins: Origins, part: PartName, context: ssl.SSLContext | None, timeout: float
) -> tuple[int, Mapping[str, object]]:
    """Return status and document of a part's `/readyz`; raises `OSError` where nobody answers as that part."""
    host, port = origins.host_name(part), origins.port(part)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.connect()
        if context is not None:
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        connection.request("GET", "/readyz", headers={"Host": f"{host}:{port}"})
        answer = connection.getresponse()
        document = json.loads(answer.read(100_000))
    except (http.client.HTTPException, ValueError) as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    return answer.status, document if isinstance(document, dict) else {}


def part_ended(state: Path, running: Running) -> TestbedError | None:
    """Return the error that tells of a part that has ended by itself, None while all of them run."""
    part = next((part for part, process in running.parts.items() if not process.is_alive()), None)
    if part is None:
        return None
    path = log_path(state, part)
    return TestbedError(f"{part} has ended; the end of {path}:\n{log_tail(path)}")


def log_tail(path: Path) -> str:
    """Return the last lines of a log, indented."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()[-_LOG_TAIL:]
    except OSError as error:
        return f"  (cannot be read: {error.strerror})"
    return "\n".join(f"  {line[:500]}" for line in lines) or "  (empty)"


def _wait_for(state: Path, running: Running, part: PartName, context: ssl.SSLContext | None, deadline: float) -> None:
    reason = "it does not answer"
    while (left := deadline - time.monotonic()) > 0:
        try:
            status, document = ask_ready(running.origins, part, context, timeout=left)
        except OSError:
            ended = part_ended(state, running)
            if ended is not None:
                raise ended from None
        else:
            if status == http.client.OK:
                return
            reason = str(document.get("reason", f"it answers {status}"))
        time.sleep(_POLL_SECONDS)
    path = log_path(state, part)
    message = f"{part} is not ready in time: {reason}; the end of {path}:\n{log_tail(path)}"
    raise TestbedError(message)
