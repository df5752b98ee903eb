# SPDX-License-Identifier: Apache-2.0
"""What was requested and answered, to be read back: the last exchanges by their ids, nothing of a person.

It listens to the events of the app, which hold nothing personal either, and keeps the last two hundred requests.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final, TypeAlias

from party.events import Event

MAX_EXCHANGES: Final = 200

_REQUESTED: Final = "authn-request-received"
_SIGNED_IN: Final = "authenticated"
_ANSWERED: Final = "response-sent"
_DATA: Final = "data-sent"

Exchange: TypeAlias = dict[str, str | None]


class Exchanges:
    """The last requests of the proxy, for a login or for a person's data, each with what was answered, oldest first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._by_request: OrderedDict[str, Exchange] = OrderedDict()
        self._lock = threading.Lock()

    def hear(self, event: Event) -> None:
        """Note what the event says of an exchange, if it says anything."""
        request_id = event.fields.get("home_request_id")
        if event.name not in {_REQUESTED, _SIGNED_IN, _ANSWERED, _DATA} or not isinstance(request_id, str):
            return
        with self._lock:
            exchange = self._by_request.setdefault(request_id, _unanswered(request_id, event))
            match event.name:
                case "authn-request-received":
                    exchange["requested_at"] = event.at.isoformat()
                case "data-sent":
                    exchange["what"] = "data"
                    exchange["requested_at"] = exchange["answered_at"] = event.at.isoformat()
                    exchange["status"] = _text(event, "status")
                    exchange["fault"] = _text(event, "fault")
                case "authenticated":
                    exchange["fault"] = _text(event, "fault")
                case _:
                    exchange["answered_at"] = event.at.isoformat()
                    exchange["response_id"] = _text(event, "response_id")
                    exchange["status"] = _text(event, "status")
            while len(self._by_request) > MAX_EXCHANGES:
                self._by_request.popitem(last=False)

    def last(self) -> list[Exchange]:
        """Return copies of those that are kept."""
        with self._lock:
            return [dict(exchange) for exchange in self._by_request.values()]


def _unanswered(request_id: str, event: Event) -> Exchange:
    return {
        "home_request_id": request_id,
        "what": "login",
        "source": _text(event, "source"),
        "requested_at": None,
        "answered_at": None,
        "response_id": None,
        "status": None,
        "fault": None,
    }


def _text(event: Event, name: str) -> str | None:
    value = event.fields.get(name)
    return value if isinstance(value, str) else None
