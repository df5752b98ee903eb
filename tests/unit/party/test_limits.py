# SPDX-License-Identifier: Apache-2.0
"""The bounds on every request: what is let through, and what becomes a page."""

import io
from datetime import UTC, datetime

import pytest

from party.clock import MovableClock
from party.events import Event, Events
from party.limits import Limits, RequestLimits
from tests.builders.pages import shared_pages
from tests.builders.wsgi import Answer, ask, request

NOON = datetime(2025, 8, 12, 12, 0, tzinfo=UTC)
PAGES = shared_pages()
LIMITS = Limits(max_body=100, max_query=50, max_path=30, max_headers=500)


class Recorder:
    """An app that keeps the environ it was called with, and its body."""

    def __init__(self) -> None:
        """Start without a request."""
        self.environ: dict[str, object] = {}
        self.body = b""

    def __call__(self, environ, start_response):  # noqa: ANN001, ANN204 -- WSGI's own shape
        """Keep the request and answer."""
        self.environ = environ
        self.body = environ["wsgi.input"].read()
        start_response("200 OK", [])
        return [b"let through"]


class Stingy(io.RawIOBase):
    """A body that arrives byte by byte, as over a slow line."""

    def __init__(self, content: bytes) -> None:
        """Hold `content`."""
        super().__init__()
        self._content = io.BytesIO(content)

    def read(self, _size: int = -1) -> bytes:
        """Return one byte, however many are asked for."""
        return self._content.read(1)


def send(environ: dict[str, object], app: Recorder | None = None) -> tuple[Answer, list[Event]]:
    """Return the answer through the limits, and the events."""
    events: list[Event] = []
    emitter = Events("proxy", MovableClock(NOON), events.append)
    guarded = RequestLimits(app or Recorder(), PAGES, "proxy", "http://localhost:8000", emitter, LIMITS)
    return ask(guarded, environ), events


@pytest.mark.parametrize(
    ("environ", "status", "because"),
    [
        pytest.param(request("PUT"), "405", "method-not-allowed", id="a method no page has"),
        pytest.param(request("TRACE"), "405", "method-not-allowed", id="TRACE"),
        pytest.param(request("get"), "405", "method-not-allowed", id="a method in small letters"),
        pytest.param(request(path="/" + "x" * 30), "414", "path-too-long", id="a long path"),
        pytest.param(request(path="*"), "400", "path-malformed", id="a path that is an asterisk"),
        pytest.param(request(path=""), "400", "path-malformed", id="an empty path"),
        pytest.param(request(path="/a\x00b"), "400", "path-malformed", id="NUL in the path"),
        pytest.param(request(path="/a\r\nb"), "400", "path-malformed", id="a line break in the path"),
        pytest.param(request(path="/a\x7f"), "400", "path-malformed", id="DEL in the path"),
        pytest.param(request(path="/\xe4"), "400", "path-malformed", id="Latin-1 in the path"),
        pytest.param(request(path="/\xc0\xae\xc0\xae/"), "400", "path-malformed", id="overlong UTF-8 in the path"),
        pytest.param(request(path="/\xed\xa0\x80"), "400", "path-malformed", id="a surrogate in the path"),
        pytest.param(request(path="/\u0142"), "400", "path-malformed", id="a path that is not WSGI's bytes"),
        pytest.param(request(path="/a\\b"), "400", "path-malformed", id="a backslash in the path"),
        pytest.param(request(QUERY_STRING="q=" + "x" * 49), "414", "query-too-long", id="a long query"),
        pytest.param(request(QUERY_STRING="q=\xe4"), "400", "query-malformed", id="letters in the query not encoded"),
        pytest.param(request(QUERY_STRING="q=a b"), "400", "query-malformed", id="a space in the query"),
        pytest.param(request(QUERY_STRING="q=\x00"), "400", "query-malformed", id="NUL in the query"),
        pytest.param(request(QUERY_STRING="q=1\n"), "400", "query-malformed", id="a line break ending the query"),
        pytest.param(request(HTTP_COOKIE="c=" + "x" * 600), "431", "headers-too-large", id="a long cookie"),
        pytest.param(
            request(**{f"HTTP_X_{number}": "x" * 10 for number in range(40)}),
            "431",
            "headers-too-large",
            id="very many headers",
        ),
        pytest.param(
            request("POST", body=b"a=1", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH=None),
            "400",
            "body-without-length",
            id="chunked without a length",
        ),
        pytest.param(
            request("POST", body=b"a=1", HTTP_TRANSFER_ENCODING="chunked"),
            "400",
            "body-without-length",
            id="chunked with a length",
        ),
        pytest.param(request("POST", body=b"a=1", CONTENT_LENGTH="-1"), "400", "length-malformed", id="below nought"),
        pytest.param(request("POST", body=b"a=1", CONTENT_LENGTH="+3"), "400", "length-malformed", id="a plus sign"),
        pytest.param(request("POST", body=b"a=1", CONTENT_LENGTH="3, 3"), "400", "length-malformed", id="two lengths"),
        pytest.param(request("POST", body=b"a=1", CONTENT_LENGTH="0x3"), "400", "length-malformed", id="hexadecimal"),
        pytest.param(request("POST", body=b"a=1", CONTENT_LENGTH="٣"), "400", "length-malformed", id="Arabic digits"),
        pytest.param(
            request("POST", body=b"a=1", CONTENT_LENGTH="1" * 5000), "400", "length-malformed", id="5000 digits"
        ),
        pytest.param(request("POST", body=b"a=1", CONTENT_LENGTH="3\n"), "400", "length-malformed", id="a line break"),
        pytest.param(request("POST", body=b"a=" + b"x" * 99), "413", "body-too-large", id="a body above the limit"),
        pytest.param(request("GET", body=b"a=" + b"x" * 99), "413", "body-too-large", id="such a body with GET"),
        pytest.param(request("POST", body=b"<a/>", CONTENT_TYPE="text/xml"), "415", "body-type-unsupported", id="XML"),
        pytest.param(request("POST", body=b"a=1", CONTENT_TYPE=None), "415", "body-type-unsupported", id="no type"),
        pytest.param(
            request("POST", body=b"a=1", CONTENT_TYPE="multipart/form-data; boundary=x"),
            "415",
            "body-type-unsupported",
            id="multipart",
        ),
        pytest.param(request("POST", body=b"a=1", CONTENT_LENGTH="9"), "400", "body-incomplete", id="a body cut short"),
        pytest.param(request("POST", body=b"a=\xff"), "400", "form-malformed", id="a form that is not ASCII"),
    ],
)
def test_answers_bad_requests_with_a_page(environ: dict[str, object], status: str, because: str) -> None:
    """The app never sees them, the status is right, and page and event tell which rule it was."""
    app = Recorder()

    answer, events = send(environ, app)

    assert answer.status[:3] == status
    assert f'<dd data-field="reason">{because}</dd>' in answer.text
    assert [(event.name, event.fields) for event in events] == [("refused", {"because": because})]
    assert app.environ == {}
    assert answer.header("Cache-Control") == "no-store"
    assert answer.header("Content-Length") == str(len(answer.body))


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param(request(), id="the start page"),
        pytest.param(request("HEAD"), id="HEAD"),
        pytest.param(request(path="/" + "x" * 29), id="the longest path"),
        pytest.param(request(path="/\xc3\xa4"), id="letters in the path, as UTF-8"),
        pytest.param(request(QUERY_STRING="q=" + "x" * 48), id="the longest query"),
        pytest.param(request(QUERY_STRING="q=%C3%A4+%00"), id="an encoded query, whatever it decodes to"),
        pytest.param(request("POST", body=b"a=" + b"x" * 98), id="the longest body"),
        pytest.param(request("POST", body=b"", CONTENT_TYPE=None), id="a POST of nothing"),
        pytest.param(request("POST", CONTENT_LENGTH=None), id="a POST without any length"),
        pytest.param(
            request("POST", body=b"a=1", CONTENT_TYPE="Application/X-WWW-Form-URLencoded ; charset=UTF-8"),
            id="the type in other letters",
        ),
    ],
)
def test_lets_good_requests_through(environ: dict[str, object]) -> None:
    """Exactly at a limit is within it."""
    answer, events = send(environ)

    assert answer == Answer("200 OK", [], b"let through")
    assert events == []


def test_the_app_gets_the_whole_body_however_it_arrives() -> None:
    """A body in many small pieces is put together before the app runs."""
    app = Recorder()
    body = b"SAMLResponse=PHNhbWw%2B&RelayState=abc"

    send(request("POST", body=body, **{"wsgi.input": Stingy(body)}), app)

    assert app.body == body
    assert app.environ["CONTENT_LENGTH"] == "38"


def test_the_app_gets_no_more_than_was_announced() -> None:
    """What follows on the connection belongs to somebody else's request."""
    app = Recorder()

    send(request("POST", body=b"a=1&secret=2", CONTENT_LENGTH="3"), app)

    assert app.body == b"a=1"


def test_a_post_of_nothing_is_an_empty_form() -> None:
    """SATOSA raises on a POST without a type."""
    app = Recorder()

    send(request("POST", body=b"", CONTENT_TYPE=None), app)

    assert app.environ["CONTENT_TYPE"] == "application/x-www-form-urlencoded"


def test_a_wrong_method_is_told_the_right_ones() -> None:
    """RFC 9110 15.5.6 asks for Allow."""
    answer, _ = send(request("DELETE"))

    assert answer.header("Allow") == "GET, HEAD, POST"


def test_head_gets_headers_only() -> None:
    """The length is that of the page GET would get."""
    answer, _ = send(request("HEAD", QUERY_STRING="q=ä"))

    assert answer.status == "400 Bad Request"
    assert answer.body == b""
    assert int(answer.header("Content-Length") or 0) > 1000


def test_the_page_speaks_the_language_of_the_browser() -> None:
    """The query is not read for it: it is what was refused."""
    swedish, _ = send(request(QUERY_STRING="lang=en&q=ä", HTTP_ACCEPT_LANGUAGE="sv"))

    assert '<html lang="sv">' in swedish.text
    assert "Adressen innehåller tecken som inte hör dit." in swedish.text


def test_nothing_of_the_request_stands_on_the_page() -> None:
    """A refused address is not reflected."""
    answer, events = send(request(path="/<script>\x00"))

    assert "<script>" not in answer.text
    assert "script" not in str(events)


def test_a_part_can_take_other_bodies_and_methods() -> None:
    """Control addresses of the simulators may take JSON."""
    limits = Limits(methods=("GET", "DELETE"), body_types=("application/json",))
    emitter = Events("idp", MovableClock(NOON), lambda _: None)
    guarded = RequestLimits(Recorder(), PAGES, "idp", "http://localhost:8001", emitter, limits)

    answer = ask(guarded, request("DELETE", body='{"a": "ä"}'.encode(), CONTENT_TYPE="application/json"))

    assert answer.status == "200 OK"
