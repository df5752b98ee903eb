# SPDX-License-Identifier: Apache-2.0
"""A client's way to the host names below `localhost`: to loopback, by TLS that only the test CA can vouch for.

Browsers and curl take these names to loopback by themselves (RFC 6761 6.3), getaddrinfo does not. The name stays what
the client asked for, in the Host header, in SNI and in what the certificate is checked against. Each name has
connections of its own, because several may share a port and a certificate holds for one.
"""

from __future__ import annotations

import ssl
import threading
from typing import Final

import httpx

from party.process import LOOPBACK

_DOMAIN: Final = "localhost"


def is_loopback_name(host: str) -> bool:
    """Tell whether `host` is a name below localhost."""
    return host.endswith(f".{_DOMAIN}")


class LoopbackTransport(httpx.BaseTransport):
    """An httpx transport that takes names below localhost to loopback, and everything else where DNS says."""

    def __init__(self, context: ssl.SSLContext) -> None:
        """Check every server by `context`."""
        self._context = context
        self._lock = threading.Lock()
        self._by_name: dict[str, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        host = request.url.host
        if not is_loopback_name(host):
            return self._transport("").handle_request(request)
        there = httpx.Request(
            request.method,
            request.url.copy_with(host=LOOPBACK),
            headers=request.headers,  # Host among them
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return self._transport(host).handle_request(there)

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for transport in self._by_name.values():
                transport.close()

    def _transport(self, name: str) -> httpx.HTTPTransport:
        with self._lock:
            return self._by_name.setdefault(name, httpx.HTTPTransport(verify=self._context, trust_env=False))
