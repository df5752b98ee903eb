# SPDX-License-Identifier: Apache-2.0
"""The browser of a generated login: its own connections and cookies, requests put together from prebuilt pieces.

Runs in a greenlet on gevent's sockets; what is no plain answer goes to geventhttpclient's parser. Each person has
connections of their own, as browsers have, so that what a connection costs the parts is in the run.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import gevent
import gevent.socket
import gevent.ssl
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError, HTTPSocketResponse

from loadtests.exchange import CONNECTION, MOST_BYTES, OUTSIDE, TIMEOUT, TOO_LARGE, Answer, ExchangeError
from loadtests.head import Head
from party.process import LOOPBACK

_BLOCK: Final = 65_536
_NOT_WHOLE: Final = "the connection closed before an answer was whole"
_TOO_MUCH: Final = "more came than the answer's length"
_COMMON: Final = "User-Agent: testbed-load\r\nAccept: text/html\r\nAccept-Language: fi\r\n"
_FORM: Final = "Content-Type: application/x-www-form-urlencoded\r\n"


@dataclass(frozen=True)
class Place:
    """Where one origin is reached: names below localhost are this machine, whatever DNS says."""

    origin: str
    address: str
    port: int
    name: str
    common: str
    tls: ssl.SSLContext | None = None

    @classmethod
    def of(cls, origin: str, tls: ssl.SSLContext | None, localhost: str = LOOPBACK) -> Place:
        """Return the place of an origin; `localhost` is where names below localhost are."""
        parts = urlsplit(origin)
        name = parts.hostname or ""
        is_secure = parts.scheme == "https"
        is_local = name == "localhost" or name.endswith(".localhost")
        address = gevent.socket.gethostbyname(localhost if is_local else name)
        port = parts.port or (443 if is_secure else 80)
        return cls(origin, address, port, name, f"Host: {parts.netloc}\r\n{_COMMON}", tls if is_secure else None)


@dataclass
class PersonBrowser:
    """One person's; `places` are the origins that it may ask, by origin, and nobody else is ever asked."""

    places: Mapping[str, Place]
    patience: float
    _cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    _sockets: dict[str, gevent.socket.socket] = field(default_factory=dict)
    _at: str = ""

    def get(self, url: str, authorization: str | None = None) -> Answer:
        """Return the answer to a GET; raises `ExchangeError` where there is none within the person's patience."""
        return self._asked("GET", url, b"", authorization)

    def post(self, url: str, body: bytes, authorization: str | None = None) -> Answer:
        """Return the answer to a form; raises `ExchangeError` as `get`."""
        return self._asked("POST", url, body, authorization)

    def close(self) -> None:
        """Close every connection."""
        for connection in self._sockets.values():
            connection.close()
        self._sockets.clear()

    def _asked(self, method: str, url: str, body: bytes, authorization: str | None) -> Answer:
        place, target = self._place(url)
        request = self._request(method, place, target, body, authorization)
        try:
            with gevent.Timeout(self.patience):
                answer = self._carried(place, url, request, method)
        except gevent.Timeout as error:
            self._drop(place)
            raise ExchangeError(TIMEOUT) from error
        except (OSError, HTTPParseError) as error:
            self._drop(place)
            raise ExchangeError(CONNECTION) from error
        self._at = place.origin
        return answer

    def _place(self, url: str) -> tuple[Place, str]:
        end = url.find("/", 8)
        origin = url if end < 0 else url[:end]
        place = self.places.get(origin)
        if place is None:
            raise ExchangeError(OUTSIDE)
        return place, "/" if end < 0 else url[end:]

    def _request(self, method: str, place: Place, target: str, body: bytes, authorization: str | None) -> bytes:
        head = f"{method} {target} HTTP/1.1\r\n{place.common}"
        cookies = self._cookies.get(place.origin)
        if cookies:
            head += "Cookie: " + "; ".join([f"{name}={value}" for name, value in cookies.items()]) + "\r\n"
        if authorization is not None:
            head += f"Authorization: {authorization}\r\n"
        if method == "POST":
            head += f"{_FORM}Origin: {self._at}\r\nContent-Length: {len(body)}\r\n"
        return f"{head}\r\n".encode("latin-1", "replace") + body

    def _carried(self, place: Place, url: str, request: bytes, method: str) -> Answer:
        connection = self._sockets.pop(place.origin, None)
        if connection is not None:
            try:
                return self._exchanged(connection, place, url, request, method)
            except (HTTPConnectionClosed, BrokenPipeError, ConnectionResetError):
                # the part closed a connection that was idle, as it may at any moment: a browser opens another
                connection.close()
        return self._exchanged(_connected(place), place, url, request, method)

    def _exchanged(
        self, connection: gevent.socket.socket, place: Place, url: str, request: bytes, method: str
    ) -> Answer:
        connection.sendall(request)
        head, page, is_kept = _read(connection, method)
        for cookie in head.cookies:
            self._keep(place.origin, cookie)
        if is_kept:
            self._sockets[place.origin] = connection
        else:
            connection.close()
        return Answer(url, head.status, head.location, page)

    def _keep(self, origin: str, header: str) -> None:
        pair, _, attributes = header.partition(";")
        name, _, value = pair.strip().partition("=")
        kept = self._cookies.setdefault(origin, {})
        if "max-age=0" in attributes.lower():
            kept.pop(name, None)
        else:
            kept[name] = value

    def _drop(self, place: Place) -> None:
        connection = self._sockets.pop(place.origin, None)
        if connection is not None:
            connection.close()


def _connected(place: Place) -> gevent.socket.socket:
    connection = gevent.socket.socket(gevent.socket.AF_INET, gevent.socket.SOCK_STREAM)
    try:
        connection.connect((place.address, place.port))
        connection.setsockopt(gevent.socket.IPPROTO_TCP, gevent.socket.TCP_NODELAY, 1)
        if place.tls is None:
            return connection
        return place.tls.wrap_socket(connection, server_hostname=place.name)
    except BaseException:
        connection.close()
        raise


def _read(connection: gevent.socket.socket, method: str) -> tuple[Head, bytes, bool]:
    """Return head and body of an answer, and whether the connection may be used again.

    Raises `HTTPParseError` for what is no whole answer, `HTTPConnectionClosed` where nothing came at all.
    """
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        block = connection.recv(_BLOCK)
        if not block:
            raise HTTPParseError(_NOT_WHOLE) if received else HTTPConnectionClosed(_NOT_WHOLE)
        received += block
        if len(received) > MOST_BYTES:
            raise ExchangeError(TOO_LARGE)
    try:
        head = Head.read(received[: end + 2])
    except ValueError as error:
        raise HTTPParseError(str(error)) from error
    if head.length is None:
        return _parsed(connection, received, method)
    if head.length > MOST_BYTES:
        raise ExchangeError(TOO_LARGE)
    body = [received[end + 4 :]]
    missing = head.length - len(body[0])
    while missing > 0:
        block = connection.recv(_BLOCK)
        if not block:
            raise HTTPParseError(_NOT_WHOLE)
        body.append(block)
        missing -= len(block)
    if missing < 0:
        raise HTTPParseError(_TOO_MUCH)
    return head, b"".join(body), head.is_kept


def _parsed(connection: gevent.socket.socket, received: bytes, method: str) -> tuple[Head, bytes, bool]:
    response = HTTPSocketResponse(connection, block_size=_BLOCK, method=method, pre_buffered=received)
    page = response.read(MOST_BYTES + 1)
    if len(page) > MOST_BYTES:
        raise ExchangeError(TOO_LARGE)
    is_kept, fields = not response.should_close(), response.info()
    locations = fields.getlist("location")
    cookies = tuple(fields.getlist("set-cookie"))
    head = Head(response.status_code, locations[0] if locations else None, cookies, len(page), is_kept)
    return head, page, is_kept
