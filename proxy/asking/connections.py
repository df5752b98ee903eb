# SPDX-License-Identifier: Apache-2.0
"""Connections to data services, kept for the next question, with one deadline for a whole exchange.

httpx's own time-outs are for each read and write, so that a peer who sends a byte now and then is never late. Here each
of them gets what is left of the exchange's time. An exchange runs in one thread from its request to the last byte of
its answer, so its end is kept by thread.

Names that end in `.localhost` are this machine, or a container's balancer: getaddrinfo does not know them (design 7).
TLS still verifies the name.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

import httpcore
import httpx

from party.loopback import is_loopback_name
from party.process import LOOPBACK

SECONDS: Final = 3.0
"""What a data service is given for the whole exchange (design 7)."""

IDLE_SECONDS: Final = 1.0
"""How long a connection is kept unused: less than the two seconds after which the simulators close it, so that none is
used in the moment it is being closed."""

_Options: TypeAlias = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]
"""What httpcore takes for options of a socket."""


class Deadline:
    """When the exchange of the thread that asks must be over; `now` is a clock that only goes forward, in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Set no end yet."""
        self._now = now
        self._of_thread = threading.local()

    def begin(self, seconds: float) -> None:
        """Let the exchange of this thread end in `seconds`."""
        self._of_thread.end = self._now() + seconds

    def left(self) -> float:
        """Return the seconds that are left, never less than none; raises `httpcore.TimeoutException` at the end."""
        left: float = self._of_thread.end - self._now()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends with the exchange."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 -- the deadline's instead
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 -- the deadline's instead
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 -- the deadline's instead
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _Network(httpcore.NetworkBackend):
    """Opens connections that know the deadline, and finds names of this machine."""

    def __init__(self, network: httpcore.NetworkBackend, deadline: Deadline, localhost: str) -> None:
        self._network = network
        self._localhost = localhost
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 -- the deadline's instead
        local_address: str | None = None,
        socket_options: _Options | None = None,
    ) -> httpcore.NetworkStream:
        address = self._localhost if is_loopback_name(host) else host
        stream = self._network.connect_tcp(address, port, self._deadline.left(), local_address, socket_options)
        return _Stream(stream, self._deadline)


class PooledTransport(httpx.BaseTransport):
    """An httpx transport over sockets; `close` closes what is open."""

    def __init__(
        self,
        tls: ssl.SSLContext,
        deadline: Deadline | None = None,
        network: httpcore.NetworkBackend | None = None,
        localhost: str = LOOPBACK,
    ) -> None:
        """Verify peers on https by `tls`; names below localhost are reached at `localhost`."""
        self._deadline = deadline or Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=_Network(network or httpcore.SyncBackend(), self._deadline, localhost),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to `request`, its body still to be read in this thread and by the same deadline."""
        self._deadline.begin(SECONDS)
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.read(),
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response), request=request)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
