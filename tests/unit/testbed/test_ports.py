# SPDX-License-Identifier: Apache-2.0
"""Ports are taken before anything starts, and a port that is not free has a name beside it."""

from __future__ import annotations

import os
import socket

import pytest

from federation.errors import MissingError
from testbed.stacks.ports import holder, listen


def bound(host: str = "127.0.0.1", family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind((host, 0))
    listener.listen()
    return listener


def test_names_the_process_that_holds_a_port():
    """The message tells the port, the process id and its command."""
    with bound() as taken, pytest.raises(MissingError) as caught:
        listen([taken.getsockname()[1]])

    assert f"port {taken_port(caught)} is taken by process {os.getpid()} (" in str(caught.value)
    assert "--port-base" in str(caught.value)


def test_finds_a_port_taken_on_the_other_loopback_address():
    """A browser may take ::1 for localhost, so a port that is free on 127.0.0.1 alone is not free."""
    try:
        taken = bound("::1", socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 loopback on this machine")

    with taken, pytest.raises(MissingError):
        listen([taken.getsockname()[1]])


def test_takes_all_ports_or_none():
    """When one of two is taken, the other is let go."""
    with bound() as probe:
        free = probe.getsockname()[1]
    with bound() as taken, pytest.raises(MissingError):
        listen([free, taken.getsockname()[1]])

    with socket.socket() as again:
        again.bind(("127.0.0.1", free))


def test_listens_for_localhost_however_it_is_resolved():
    """Every address that localhost stands for answers."""
    with bound() as probe:
        port = probe.getsockname()[1]

    found = listen([port])

    addresses = [listener.getsockname()[0] for listener in found[port]]
    for listener in found[port]:
        listener.close()
    assert addresses[0] == "127.0.0.1"
    assert addresses[1:] in (["::1"], [])


def test_admits_that_it_cannot_see_who_holds_a_port():
    """Nobody listens there, so nobody is named."""
    assert holder(1) == "another process, which this user may not look into"


def taken_port(caught: pytest.ExceptionInfo[MissingError]) -> str:
    return str(caught.value).split()[1]
