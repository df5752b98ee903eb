# SPDX-License-Identifier: Apache-2.0
"""A client's way to the names below localhost: to loopback, by TLS that the test CA alone can vouch for."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from certs.tls_folder import TlsFolder
from party.loopback import LoopbackTransport
from party.tls import tls_context

NOW = datetime.now(UTC)


class _Echo(BaseHTTPRequestHandler):
    """Answers with the Host header and the body that came."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Set-Cookie", "__Host-seen=1; Path=/; Secure; SameSite=None")
        self.end_headers()
        self.wfile.write(f"{self.headers['Host']} {body.decode()} {self.headers.get('Cookie', '')}".encode())

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def certificates(tmp_path: Path) -> TlsFolder:
    """Make a CA and the proxy's certificate."""
    folder = TlsFolder(tmp_path)
    folder.ensure(["mpass.localhost"], NOW)
    return folder


@pytest.fixture
def port(certificates: TlsFolder) -> Iterator[int]:
    """Answer on loopback as mpass.localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain("mpass.localhost"))
    with HTTPServer(("127.0.0.1", 0), _Echo) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that gives up is no news
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def client(ca_certificate: Path | None) -> httpx.Client:
    return httpx.Client(transport=LoopbackTransport(tls_context(ca_certificate)), trust_env=False, timeout=5)


def test_reaches_loopback_under_the_name_that_was_asked_for(certificates: TlsFolder, port: int):
    """The server sees its own name; cookies come back to it."""
    url = f"https://mpass.localhost:{port}/"
    with client(certificates.ca_certificate) as browser:
        first, second = (browser.post(url, content=body) for body in ("one", "two"))

    assert first.text == f"mpass.localhost:{port} one "
    assert second.text == f"mpass.localhost:{port} two __Host-seen=1"
    assert str(first.url) == url


def test_does_not_take_one_part_for_another(certificates: TlsFolder, port: int):
    """A certificate holds for one name, also on a connection that is open already."""
    with client(certificates.ca_certificate) as browser:
        browser.post(f"https://mpass.localhost:{port}/", content="")

        with pytest.raises(httpx.ConnectError, match="Hostname mismatch"):
            browser.post(f"https://publisher.localhost:{port}/", content="")


def test_trusts_the_test_ca_alone(port: int, tmp_path: Path):
    """Neither another testbed's CA nor none at all is enough."""
    other = TlsFolder(tmp_path / "other")
    other.ensure(["mpass.localhost"], NOW)

    for ca_certificate in (other.ca_certificate, None):
        with client(ca_certificate) as browser, pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            browser.post(f"https://mpass.localhost:{port}/", content="")
