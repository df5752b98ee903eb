# SPDX-License-Identifier: Apache-2.0
"""Faults of the network, as far as they can be seen without waiting: with sockets they are tested in tests/flows."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from idp_simulators.faults import FAULTS
from idp_simulators.faults.network import NETWORK_FAULTS
from party.run_token import bearer
from tests.builders.homes import RUN_TOKEN, Home, ProxyRequest, home

HOLDER = {"Authorization": bearer(RUN_TOKEN)}


@pytest.fixture
def connection() -> Iterator[socket.socket]:
    """Return one end of a connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours


def switch_on(at: Home, fault: str, connection: socket.socket, provider: str | None = "mansikkala") -> None:
    answer = at.client.post(
        "/control/faults",
        json={"fault": fault, "provider": provider},
        headers=HOLDER,
        environ_overrides={"gunicorn.socket": connection},
    )
    assert answer.status_code == 201, answer.text


def metadata(at: Home, connection: socket.socket, provider: str = "mansikkala") -> TestResponse:
    return at.client.get(f"/{provider}/metadata", environ_overrides={"gunicorn.socket": connection})


@pytest.mark.parametrize(
    ("fault", "status", "content_type"),
    [
        ("error-500", 500, "text/plain; charset=utf-8"),
        ("error-503", 503, "text/plain; charset=utf-8"),
        ("redirect-loop", 302, "text/html; charset=utf-8"),
        ("wrong-content-type", 200, "application/octet-stream"),
    ],
)
def test_answers_wrong_once(connection: socket.socket, fault: str, status: int, content_type: str):
    """The answer has the fault's status and type, the next one is right."""
    at = home()
    switch_on(at, fault, connection)
    faulty, right = metadata(at, connection), metadata(at, connection)

    assert (faulty.status_code, faulty.content_type) == (status, content_type)
    assert (right.status_code, right.content_type) == (200, "application/samlmetadata+xml")


def test_redirects_to_the_same_address(connection: socket.socket):
    """The loop keeps the query, so that a browser really turns in it."""
    at = home()
    switch_on(at, "redirect-loop", connection)
    url = ProxyRequest().url()
    answer = at.client.get(url, environ_overrides={"gunicorn.socket": connection})

    assert answer.headers["Location"] == url


def test_says_when_to_come_again(connection: socket.socket):
    """A maintenance break has Retry-After."""
    at = home()
    switch_on(at, "error-503", connection)

    assert metadata(at, connection).headers["Retry-After"] == "120"


def test_breaks_the_connection(connection: socket.socket):
    """The body cannot be had, and the connection is closed without lingering: the other side is told by RST."""
    at = home()
    switch_on(at, "reset", connection)
    with pytest.raises(ConnectionResetError):
        metadata(at, connection)

    assert struct.unpack("ii", connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)) == (1, 0)


def test_leaves_other_providers_and_requests_without_socket_alone(connection: socket.socket):
    """A fault of one provider waits for that provider."""
    at = home()
    switch_on(at, "error-500", connection)

    assert [metadata(at, connection, "kuusikoski").status_code, at.client.get("/mansikkala/metadata").status_code] == [
        200,
        200,
    ]


def test_does_not_take_a_fault_of_messages(connection: socket.socket):
    """Both kinds wait side by side, each for its own."""
    at = home()
    at.client.post("/control/faults", json={"fault": "wrong-destination"}, headers=HOLDER)
    switch_on(at, "error-500", connection, provider=None)
    at.log_in()

    waiting = at.client.get("/control/faults", headers=HOLDER).get_json()["waiting"]
    assert [each["fault"] for each in waiting] == ["error-500"]


def test_shares_no_name_with_a_fault_of_messages():
    """A name means one thing."""
    assert FAULTS.keys() & NETWORK_FAULTS.keys() == set()
