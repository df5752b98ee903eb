# SPDX-License-Identifier: Apache-2.0
"""One deadline for a whole exchange, however the peer behaves (home-protocols 4)."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field

import httpcore
import httpx
import pytest

from federation.data_faults import NoData
from proxy.asking.connections import Deadline, PooledTransport
from proxy.asking.data_service import DataServices

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n"


@dataclass
class Peer(httpcore.NetworkBackend, httpcore.NetworkStream):
    """A data service that sends `chunks`, one each `seconds` by its own clock; it also is the network."""

    chunks: list[bytes]
    seconds: float = 0.0
    connect_seconds: float = 0.0
    now: float = 100.0
    connected: list[tuple[str, int]] = field(default_factory=list)
    patience: list[float | None] = field(default_factory=list)
    is_closed: bool = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[object] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Connect, in its time."""
        self.connected.append((host, port))
        self._take(self.connect_seconds, timeout)
        return self

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Send the next chunk, or nothing more."""
        self._take(self.seconds, timeout)
        return self.chunks.pop(0) if self.chunks else b""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Take the question."""
        self._take(0.0, timeout)

    def close(self) -> None:
        """Close."""
        self.is_closed = True

    def get_extra_info(self, info: str) -> object:  # noqa: ARG002
        """Know nothing."""
        return None

    def _take(self, seconds: float, timeout: float | None) -> None:
        self.patience.append(timeout)
        if timeout is not None and seconds > timeout:
            self.now += timeout
            raise httpcore.ReadTimeout
        self.now += seconds


def ask(peer: Peer, url: str = "http://idp.localhost:8001/x") -> object:
    """Return what comes of asking `peer`."""
    deadline = Deadline(lambda: peer.now)
    transport = PooledTransport(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), deadline, peer)
    services = DataServices(transport, ["W"])
    try:
        return services.ask("W", url)
    finally:
        services.close()


def test_takes_an_answer_that_comes_in_time():
    """Bytes may be late, as long as all are there within three seconds."""
    peer = Peer([HEAD, b"[1", b"2]"], seconds=0.9)

    assert ask(peer) == [12]
    assert peer.is_closed


@pytest.mark.parametrize(
    "peer",
    [
        pytest.param(Peer([HEAD, b"[12]"], seconds=3.1), id="nothing for three seconds"),
        pytest.param(Peer([HEAD, b"[12]"], connect_seconds=3.1), id="no connection for three seconds"),
        pytest.param(Peer([bytes([byte]) for byte in HEAD + b"[12]"], seconds=0.5), id="a byte each half second"),
        pytest.param(Peer([HEAD, *([b" "] * 4)], seconds=0.9), id="a body that trickles"),
        pytest.param(Peer([b"HTTP/1.1 103 Early Hints\r\n\r\n"] * 100, seconds=0.2), id="hints without end"),
    ],
)  # fmt: skip
def test_waits_no_longer_than_the_deadline(peer: Peer):
    """Three seconds in all, and the connection is not used again."""
    assert ask(peer) == NoData("home-data-timeout")
    assert peer.now <= 103.0
    assert peer.is_closed or len(peer.patience) == 1


def test_gives_each_step_what_is_left():
    """A step that took its time leaves less to the next one."""
    peer = Peer([HEAD, b"[12]"], seconds=1.0, connect_seconds=0.5)

    ask(peer)

    assert peer.patience[0] == pytest.approx(3.0)
    assert peer.patience[-1] == pytest.approx(1.5)


def test_finds_names_of_this_machine():
    """Getaddrinfo does not know them; every other name goes to the network as it is."""
    inside, outside = Peer([HEAD, b"[12]"]), Peer([HEAD, b"[12]"])

    ask(inside, "http://idp.localhost:8001/x")
    ask(outside, "http://localhost:8001/x")

    assert (inside.connected, outside.connected) == ([("127.0.0.1", 8001)], [("localhost", 8001)])


def test_keeps_a_connection_for_the_next_question():
    """Two questions, one connection."""
    peer = Peer([HEAD, b"[12]", HEAD, b"[34]"])
    transport = PooledTransport(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), Deadline(lambda: peer.now), peer)
    services = DataServices(transport, ["W"])

    answers = [services.ask("W", "http://idp.localhost:8001/x") for _ in range(2)]
    services.close()

    assert (answers, len(peer.connected)) == ([[12], [34]], 1)


def test_a_body_belongs_to_its_request():
    """What httpx shows of an exchange names the address that was asked."""
    peer = Peer([HEAD, b"[12]"])
    transport = PooledTransport(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), Deadline(lambda: peer.now), peer)

    with httpx.Client(transport=transport) as client:
        response = client.get("http://idp.localhost:8001/x")

    assert (response.json(), str(response.url)) == ([12], "http://idp.localhost:8001/x")
