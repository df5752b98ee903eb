# SPDX-License-Identifier: Apache-2.0
"""A WSGI app on loopback for a browser: every connection in a thread of its own, because browsers open some to spare.

A server that takes one connection after the other waits for a request on a spare one while the page waits for its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import WSGIApplication


class _Threading(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the base class
        """Say nothing."""


@contextmanager
def serving(app_at: Callable[[str], WSGIApplication]) -> Iterator[str]:
    """Serve what `app_at` gives for its origin, on a free port, and return the origin."""
    with make_server("localhost", 0, None, server_class=_Threading, handler_class=_Silent) as server:
        origin = f"http://localhost:{server.server_port}"
        server.set_app(app_at(origin))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield origin
        server.shutdown()
        thread.join()
