# SPDX-License-Identifier: Apache-2.0
"""Bounds on every request, checked before an app sees it.

The rules, in the order they are checked:
- the method is one of a few (405 with `Allow`);
- the path is short UTF-8 without control characters (414, 400), the query short ASCII (414, 400);
- the headers together are small (431);
- a body has a length that is a plain number, small enough, and arrives whole (400, 413);
- a body's type is one the part reads (415), and a form is ASCII, as every browser sends it (400).

The app then gets a body that is read already and cannot be longer than it said. What the messages mean is not
looked at here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from federation.endpoints import PartName
from party.events import Events
from party.language import language_of
from party.pages import ErrorPage, Pages, headers

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

FORM: Final = "application/x-www-form-urlencoded"

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_VISIBLE_ASCII: Final = re.compile(r"[!-~]*")
_LENGTH: Final = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True)
class Limits:
    """How much of a request a part takes, in bytes."""

    max_body: int = 256 * 1024
    max_query: int = 8 * 1024
    max_path: int = 2 * 1024
    max_headers: int = 16 * 1024
    methods: tuple[str, ...] = ("GET", "HEAD", "POST")
    body_types: tuple[str, ...] = (FORM,)


DEFAULT_LIMITS: Final = Limits()


class RequestError(Exception):
    """A request that is not let in: the HTTP status, and an id that the page and the event carry."""

    def __init__(self, status: HTTPStatus, because: str) -> None:
        """Keep the status and the id."""
        super().__init__(because)
        self.status = status
        self.because = because


class RequestLimits:
    """WSGI middleware that lets only bounded, well-formed requests through."""

    def __init__(
        self,
        app: WSGIApplication,
        pages: Pages,
        part: PartName,
        origin: str,
        events: Events,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        """Guard `app`; what is refused becomes a page of `pages` and an event `refused`."""
        self._app = app
        self._pages = pages
        self._part = part
        self._origin = origin
        self._events = events
        self._limits = limits

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand a request on, with its body read, or answer why not."""
        try:
            check_request_line(environ, self._limits)
            body = read_body(environ, self._limits)
        except RequestError as fault:
            return self._refuse(fault, environ, start_response)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        if environ["REQUEST_METHOD"] == "POST" and not body:
            # SATOSA 8.6 raises on a POST without a type; nothing at all reads as an empty form
            environ["CONTENT_TYPE"] = FORM
        return self._app(environ, start_response)

    def _refuse(self, fault: RequestError, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._events.emit("refused", because=fault.because)
        language = language_of(self._part, self._origin, {**environ, "QUERY_STRING": ""})
        page = ErrorPage(
            heading=self._pages.message(language, "party.request.heading"),
            happened=self._pages.message(language, f"party.request.{fault.because}"),
            advice=(self._pages.message(language, "party.request.advice"),),
            reason_id=fault.because,
            at=self._events.clock(),
        )
        body = self._pages.refusal(language, page, address=None).encode("utf-8")
        content = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        if fault.status is HTTPStatus.METHOD_NOT_ALLOWED:
            content.append(("Allow", ", ".join(self._limits.methods)))
        start_response(f"{fault.status.value} {fault.status.phrase}", [*content, *headers()])
        return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]


def check_request_line(environ: WSGIEnvironment, limits: Limits) -> None:
    """Check method, path, query and headers; raises `RequestError`."""
    if environ["REQUEST_METHOD"] not in limits.methods:
        raise RequestError(HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed")
    path: str = environ.get("PATH_INFO", "")
    query: str = environ.get("QUERY_STRING", "")
    if len(path) > limits.max_path:
        raise RequestError(HTTPStatus.REQUEST_URI_TOO_LONG, "path-too-long")
    if not _is_plain_path(path):
        raise RequestError(HTTPStatus.BAD_REQUEST, "path-malformed")
    if len(query) > limits.max_query:
        raise RequestError(HTTPStatus.REQUEST_URI_TOO_LONG, "query-too-long")
    if not _VISIBLE_ASCII.fullmatch(query):
        raise RequestError(HTTPStatus.BAD_REQUEST, "query-malformed")
    if _headers_size(environ) > limits.max_headers:
        raise RequestError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-large")


def read_body(environ: WSGIEnvironment, limits: Limits) -> bytes:
    """Return the whole body, empty where there is none; raises `RequestError`."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        raise RequestError(HTTPStatus.BAD_REQUEST, "body-without-length")
    declared = environ.get("CONTENT_LENGTH", "")
    if not declared:
        return b""
    if not _LENGTH.fullmatch(declared):
        raise RequestError(HTTPStatus.BAD_REQUEST, "length-malformed")
    length = int(declared)
    if length > limits.max_body:
        raise RequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large")
    if length == 0:
        return b""
    body_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if body_type not in limits.body_types:
        raise RequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "body-type-unsupported")
    body = _read_exactly(environ["wsgi.input"], length)
    if body_type == FORM and not body.isascii():
        raise RequestError(HTTPStatus.BAD_REQUEST, "form-malformed")
    return body


def _is_plain_path(path: str) -> bool:
    """Tell whether WSGI's path, one character per byte, is UTF-8 that begins with a slash and steers nothing."""
    try:
        text = path.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return False
    return text.startswith("/") and not _CONTROL.search(text) and "\\" not in text


def _headers_size(environ: WSGIEnvironment) -> int:
    return sum(
        len(name) + len(value) for name, value in environ.items() if isinstance(value, str) and name.startswith("HTTP_")
    )


def _read_exactly(stream: InputStream, length: int) -> bytes:
    pieces: list[bytes] = []
    missing = length
    while missing:
        piece = stream.read(missing)
        if not piece:
            raise RequestError(HTTPStatus.BAD_REQUEST, "body-incomplete")
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
