# SPDX-License-Identifier: Apache-2.0
"""Structured events, written and read back."""

import json
from datetime import UTC, datetime

import pytest

from party.clock import MovableClock
from party.events import Event, Events, event_from_json, event_to_json, log_sink

NOON = datetime(2025, 8, 12, 12, 0, 0, 5000, tzinfo=UTC)


def emitted(name: str, **fields: str | int | bool | list[str] | None) -> Event:
    """Return what the sink gets."""
    events: list[Event] = []
    Events("proxy", MovableClock(NOON), events.append).emit(name, **fields)
    return events[0]


def test_an_event_carries_time_part_and_fields() -> None:
    """The sink gets the whole event as a value."""
    assert emitted("response-sent", request_id="_1", schools=2, released=["uid", "role"], source=None) == Event(
        NOON, "proxy", "response-sent", {"request_id": "_1", "schools": 2, "released": ["uid", "role"], "source": None}
    )


def test_long_values_are_cut() -> None:
    """What was found in a stranger's message must not fill the log."""
    event = emitted("refused", found="x" * 10_000, released=["y" * 600] * 60)

    assert event.fields["found"] == "x" * 499 + "…"
    assert event.fields["released"] == [*["y" * 499 + "…"] * 50, "…"]


def test_refuses_a_field_that_would_hide_the_event() -> None:
    """`at`, `part` and `event` are the event's own."""
    with pytest.raises(ValueError, match="the field name 'at' is taken"):
        emitted("refused", at="publisher")


def test_the_log_gets_one_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    """`up` reads these lines back, and people grep them."""
    log_sink(Event(NOON, "proxy", "refused", {"because": "wrong-audience", "schools": 2}))

    assert capsys.readouterr().err == (
        '{"at": "2025-08-12T12:00:00.005Z", "part": "proxy", "event": "refused", '
        '"because": "wrong-audience", "schools": 2}\n'
    )


def test_a_line_cannot_be_split_or_steer_a_terminal() -> None:
    """Line breaks and escape sequences of a stranger's message come out as JSON escapes, also the 8-bit ones."""
    line = event_to_json(Event(NOON, "proxy", "refused", {"found": 'a\n{"event": "x"}\x1b[2J\u2028\x9b'}))

    assert "\\u001b[2J\\u2028\\u009b" in line
    assert line.isascii()
    assert line.isprintable()


def test_an_event_comes_back_from_its_line() -> None:
    """Writer and reader of the format agree."""
    event = Event(NOON, "idp", "authenticated", {"ok": True, "none": None, "list": ["å"], "number": 3})

    assert event_from_json(event_to_json(event)) == event


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="an empty line"),
        pytest.param("Traceback (most recent call last):", id="plain text"),
        pytest.param("[1, 2]", id="a list"),
        pytest.param("3", id="a number"),
        pytest.param('{"at": "2025-08-12T12:00:00Z", "message": "started"}', id="an ordinary log line"),
        pytest.param('{"at": "noon", "part": "proxy", "event": "x"}', id="no time"),
        pytest.param('{"at": "2025-08-12T12:00:00", "part": "proxy", "event": "x"}', id="a time without a zone"),
        pytest.param('{"at": 3, "part": "proxy", "event": "x"}', id="a number for the time"),
        pytest.param('{"at": "2025-08-12T12:00:00Z", "part": 1, "event": "x"}', id="a part that is no text"),
        pytest.param('{"at": "2025-08-12T12:00:00Z", "part": "p", "event": "x", "f": {}}', id="an object as a field"),
        pytest.param('{"at": "2025-08-12T12:00:00Z", "part": "p", "event": "x", "f": 1.5}', id="a fraction as a field"),
        pytest.param("[" * 100_000, id="very deep nesting"),
    ],
)
def test_other_lines_are_no_events(line: str) -> None:
    """A process writes other lines to stderr too; they are skipped, never a crash."""
    assert event_from_json(line) is None


def test_log_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Every value survives the way through the log."""
    log_sink(Event(NOON, "portal", "session-started", {"service": "åäö", "flag": False}))

    assert json.loads(capsys.readouterr().err)["service"] == "åäö"
