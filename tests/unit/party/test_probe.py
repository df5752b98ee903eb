# SPDX-License-Identifier: Apache-2.0
"""The health check of a part's container."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

from party.health import Health
from party.probe import probe


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@contextmanager
def part(ready: Callable[[], str | None]) -> Iterator[tuple[str, int]]:
    """Answer on loopback as a part that is ready, or says why not."""
    app = Health(lambda _environ, _start: [b""], "proxy", "0.1.0", ready)
    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield "127.0.0.1", server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_tells_that_a_part_is_ready():
    """The part's own words come with it, for whoever reads the engine's health log."""
    with part(lambda: None) as address:
        assert probe(address) == (True, '{"part": "proxy", "version": "0.1.0", "status": "ok"}')


def test_tells_why_a_part_is_not_ready():
    """A part that serves but cannot do its work is not healthy."""
    with part(lambda: "the store does not answer") as address:
        is_ready, words = probe(address)

    assert not is_ready
    assert "the store does not answer" in words


def test_tells_that_nobody_answers():
    """A part that has not started, or hangs, is not healthy."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        is_ready, words = probe(taken.getsockname())

    assert (is_ready, words) == (False, "[Errno 111] Connection refused")


def test_takes_no_other_answer_for_health():
    """Whatever else answers on the port is not the part."""
    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer() -> None:
            connection, _ = other.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        is_ready, _ = probe(other.getsockname())
        thread.join()

    assert not is_ready
