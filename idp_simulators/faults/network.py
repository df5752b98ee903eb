# SPDX-License-Identifier: Apache-2.0
"""Faults of the network: what an identity provider does to a request at its login address or its metadata.

They need sockets, and so the local stack. The browser carries SAML's messages, so such a fault is met by the person,
and by whoever fetches metadata, never by a proxy in the middle of a login: it has no reason id, and no twin. Each is
bounded in time, because a thread of the simulators waits with it.
"""

from __future__ import annotations

import errno
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias

from flask import Response, request

SOCKET: Final = "gunicorn.socket"
"""Where gunicorn puts the connection; in-process there is none."""

SLOW_SECONDS: Final = 8.0
SILENT_SECONDS: Final = 30.0
TRICKLE_LETTERS: Final = 30
TRICKLE_SECONDS: Final = 0.5
MAX_WAITING: Final = 4
"""How many requests wait at a time; the app has eight threads."""

_PLACES: Final = threading.BoundedSemaphore(MAX_WAITING)
_NO_LINGER: Final = struct.pack("ii", 1, 0)

Answer: TypeAlias = Callable[[], Response]
"""Gives the right answer to the request at hand."""


@dataclass(frozen=True)
class NetworkFault:
    """A named fault of the network, and what it does instead of the right answer, or to it."""

    id: str
    sentence: str
    answer: Callable[[Answer], Response]


def has_socket() -> bool:
    """Tell whether the request at hand came through a socket that can be broken."""
    return SOCKET in request.environ


def waited(seconds: float) -> bool:
    """Tell whether this thread could wait: so many at a time may, so that others are still answered."""
    if not _PLACES.acquire(blocking=False):
        return False
    try:
        time.sleep(seconds)
    finally:
        _PLACES.release()
    return True


def _slow(right: Answer) -> Response:
    return right() if waited(SLOW_SECONDS) else reset()


def _trickling(_right: Answer) -> Response:
    def letters() -> Iterator[bytes]:
        yield b"<!DOCTYPE html>"
        for _ in range(TRICKLE_LETTERS):
            if not waited(TRICKLE_SECONDS):
                return
            yield b"."

    return Response(letters(), content_type="text/html; charset=utf-8")


def _failed(status: HTTPStatus, **headers: str) -> Callable[[Answer], Response]:
    body = f"{status.value} {status.phrase}\n"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _right: Response(body, status=status, content_type="text/plain; charset=utf-8", headers=named)


def _redirect_to_itself(_right: Answer) -> Response:
    query = request.query_string.decode("ascii", "replace")
    return Response(status=HTTPStatus.FOUND, headers={"Location": f"{request.path}?{query}"})


def _of_wrong_type(right: Answer) -> Response:
    response = right()
    page = response.get_data() or b"."
    return Response(page, content_type="application/octet-stream")


def reset() -> Response:
    """Have the connection reset (RST) before a byte of an answer: gunicorn closes it when the body cannot be had."""
    connection: socket.socket = request.environ[SOCKET]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    return Response(_broken())


def _broken() -> Iterator[bytes]:
    raise ConnectionResetError(errno.ECONNRESET, "a fault that was switched on")
    yield b""  # makes it a generator, so that it raises where gunicorn knows what a reset is


def _silent(_right: Answer) -> Response:
    waited(SILENT_SECONDS)
    return reset()


NETWORK_FAULTS: Final[dict[str, NetworkFault]] = {
    fault.id: fault
    for fault in (
        NetworkFault("slow", "The right answer comes after eight seconds.", _slow),
        NetworkFault(
            "trickling",
            "A page comes letter by letter, two in a second for fifteen seconds, and says nothing.",
            _trickling,
        ),
        NetworkFault(
            "error-500", "Status 500, as from a server that broke.", _failed(HTTPStatus.INTERNAL_SERVER_ERROR)
        ),
        NetworkFault(
            "error-503",
            "Status 503 with Retry-After, as from a server under maintenance.",
            _failed(HTTPStatus.SERVICE_UNAVAILABLE, Retry_After="120"),
        ),
        NetworkFault("redirect-loop", "A redirect to the same address.", _redirect_to_itself),
        NetworkFault("wrong-content-type", "The answer says that it is application/octet-stream.", _of_wrong_type),
        NetworkFault("reset", "The connection is reset before an answer.", lambda _right: reset()),
        NetworkFault("black-hole", "Nothing comes for thirty seconds, then the connection is reset.", _silent),
    )
}
"""Every fault of the network by its id; no id is a message fault's too."""
