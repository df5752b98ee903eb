# SPDX-License-Identifier: Apache-2.0
"""One line per login as it happens, put together from the parts' events by request id; no personal data.

The proxy knows the source, the service knows the outcome: a login's line is written when the first of them says how
it ended, and what the other says of the same ending is not repeated.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, TypeVar

from federation.reasons import REASONS
from party.events import Event

MAX_LOGINS: Final = 5_000
"""How many logins under way are remembered; the oldest is forgotten first."""

Value = TypeVar("Value")

TOLD_BY_PROXY: Final = "login-refused"


@dataclass
class _Login:
    service: str = "-"
    source: str = "-"
    is_told: bool = False


class LoginLines:
    """Takes events in, gives lines out."""

    def __init__(self) -> None:
        """Start with no login."""
        self._logins: OrderedDict[str, _Login] = OrderedDict()
        self._request_ids: OrderedDict[str, str] = OrderedDict()

    def feed(self, event: Event) -> str | None:
        """Take an event; return a line where it ends a login."""
        login = self._login_of(event)
        if login is None:
            return self._stray(event)
        for name in ("service", "source"):
            value = event.fields.get(name)
            if isinstance(value, str):
                setattr(login, name, value)
        match event.name:
            case "session-started":
                login.is_told = True
                return _line(event, login, f"session  {_count(event, 'schools')}, {_count(event, 'materials')}")
            case "refused":
                if login.is_told and event.fields.get("because") == TOLD_BY_PROXY:
                    return None
                login.is_told = event.part != "idp"
                return _line(event, login, _refusal(event))
            case _:
                return None

    def _login_of(self, event: Event) -> _Login | None:
        home_id, request_id = event.fields.get("home_request_id"), event.fields.get("request_id")
        if isinstance(home_id, str) and isinstance(request_id, str):
            _remember(self._request_ids, home_id, request_id)
        if not isinstance(request_id, str):
            request_id = self._request_ids.get(home_id) if isinstance(home_id, str) else None
        if request_id is None:
            return None
        return self._logins.get(request_id) or _remember(self._logins, request_id, _Login())

    @staticmethod
    def _stray(event: Event) -> str | None:
        """Return the line of a refusal that belongs to no known login."""
        return _line(event, _Login(), _refusal(event)) if event.name == "refused" else None


def _remember(memory: OrderedDict[str, Value], key: str, value: Value) -> Value:
    memory[key] = value
    if len(memory) > MAX_LOGINS:
        memory.popitem(last=False)
    return value


def _line(event: Event, login: _Login, what: str) -> str:
    return f"{event.at.astimezone():%H:%M:%S}  {login.service:<10} {login.source:<20} {what}"


def _refusal(event: Event) -> str:
    reason = REASONS.get(str(event.fields.get("because")))
    if reason is None:
        return f"refused  {event.part}"
    number = f" ({reason.page})" if reason.page else ""
    return f"refused  {event.part}: {reason.id}{number}"


def _count(event: Event, what: str) -> str:
    number = event.fields.get(what)
    return f"{number} {what[:-1] if number == 1 else what}"
