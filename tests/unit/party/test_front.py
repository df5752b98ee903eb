# SPDX-License-Identifier: Apache-2.0
"""What stands in front of an app, in its order."""

import logging
from datetime import UTC, datetime

import pytest

from party.clock import MovableClock
from party.events import Event, Events
from party.front import in_front
from tests.builders.pages import shared_pages
from tests.builders.wsgi import Answer, ask, request

PAGES = shared_pages()


def raising(_environ, _start_response):  # noqa: ANN001 -- WSGI's own shape
    """Fail as an app with a bug does, with what a person typed in the error."""
    message = "demo_u0031's password"
    raise RuntimeError(message)


def asked(environ: dict[str, object]) -> tuple[Answer, list[Event]]:
    """Return the answer of the failing app with everything in front of it."""
    events: list[Event] = []
    emitter = Events("publisher", MovableClock(datetime(2025, 8, 12, 12, 0, tzinfo=UTC)), events.append)
    origin = "http://localhost:8002"
    app = in_front(raising, part="publisher", origin=origin, pages=PAGES, events=emitter, ready=lambda: None)
    return ask(app, environ), events


def test_an_uncaught_error_becomes_a_page(caplog: pytest.LogCaptureFixture) -> None:
    """The person reads something friendly with a number that the log has too, and nothing of the cause."""
    with caplog.at_level(logging.ERROR):
        answer, events = asked(request(HTTP_ACCEPT_LANGUAGE="en"))

    failure_id = events[0].fields["failure_id"]
    assert answer.status == "500 Internal Server Error"
    assert "The fault is ours, not yours." in answer.text
    assert f'<dd data-field="request-id">{failure_id}</dd>' in answer.text
    assert "password" not in answer.text
    assert [event.name for event in events] == ["failed"]
    assert caplog.messages == [f"uncaught in publisher, request {failure_id}"]


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        pytest.param(request(path="/healthz"), "200 OK", id="health"),
        pytest.param(request(path="/healthz", QUERY_STRING="x" * 9000), "200 OK", id="health before limits"),
        pytest.param(request(path="/static/style.css"), "200 OK", id="static files"),
        pytest.param(request("PUT", "/static/style.css"), "405 Method Not Allowed", id="limits before static files"),
        pytest.param(request(path="/static/nothing.css"), "500 Internal Server Error", id="an unknown file: the app"),
    ],
)
def test_each_layer_answers_before_the_app(environ: dict[str, object], status: str) -> None:
    """What the layers answer themselves, a failing app cannot break."""
    answer, _ = asked(environ)

    assert answer.status == status
