# SPDX-License-Identifier: Apache-2.0
"""Structured events: what a part decided on the way of a login, by message ids and never by a person's data.

A part emits; where the event goes is the sink's: a JSON line on stderr in a process, a list in a test. Reading the
lines back is here too, so that both ends of the format stand in one place.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

import structlog

from party.clock import Clock

FieldValue: TypeAlias = str | int | bool | list[str] | None
Sink: TypeAlias = Callable[["Event"], None]

_RESERVED: Final = frozenset({"at", "part", "event"})
_MAX_TEXT: Final = 500
_MAX_ITEMS: Final = 50
_CUT: Final = "…"


@dataclass(frozen=True)
class Event:
    """Something a part decided or did, at a time, with ids that tie it to its login."""

    at: datetime
    part: str
    name: str
    fields: Mapping[str, FieldValue]


class Events:
    """What one part emits its events through."""

    def __init__(self, part: str, clock: Clock, sink: Sink) -> None:
        """Emit as `part`, with the time of `clock`, into `sink`."""
        self.part = part
        self.clock = clock
        self._sink = sink

    def heard_by(self, listener: Sink) -> Events:
        """Return events that `listener` hears before they go where these go."""

        def both(event: Event) -> None:
            listener(event)
            self._sink(event)

        return Events(self.part, self.clock, both)

    def emit(self, name: str, **fields: FieldValue) -> None:
        """Hand one event to the sink; texts and lists are cut, because `found` may come from a stranger's message.

        Raises `ValueError` for a field named like a part of the event itself.
        """
        taken = _RESERVED.intersection(fields)
        if taken:
            message = f"event {name}: the field name {min(taken)!r} is taken"
            raise ValueError(message)
        bounded = {field: _bounded(value) for field, value in fields.items()}
        self._sink(Event(self.clock(), self.part, name, bounded))


def event_to_json(event: Event) -> str:
    """Return the event as one line of JSON, in ASCII: nothing in it can steer a terminal or split the line."""
    document = {
        "at": event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "part": event.part,
        "event": event.name,
        **event.fields,
    }
    return json.dumps(document)


def event_from_json(line: str) -> Event | None:
    """Return the event of a log line, `None` where the line is something else."""
    try:
        document = json.loads(line)
        at = datetime.fromisoformat(document.pop("at"))
        part, name = document.pop("part"), document.pop("event")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if at.tzinfo is None or not (isinstance(part, str) and isinstance(name, str)):
        return None
    if not all(_is_field_value(value) for value in document.values()):
        return None
    return Event(at, part, name, document)


def log_sink(event: Event) -> None:
    """Write the event as one JSON line to stderr, whole also when several threads write."""
    # made per event: whoever captures stderr replaces sys.stderr
    logger = structlog.PrintLogger(sys.stderr)
    logger.msg(event_to_json(event))


def _bounded(value: FieldValue) -> FieldValue:
    if isinstance(value, str):
        return value if len(value) <= _MAX_TEXT else value[: _MAX_TEXT - 1] + _CUT
    if isinstance(value, list):
        kept = [str(_bounded(item)) for item in value[:_MAX_ITEMS]]
        return kept if len(value) <= _MAX_ITEMS else [*kept, _CUT]
    return value


def _is_field_value(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return value is None or isinstance(value, str | int | bool)
