# SPDX-License-Identifier: Apache-2.0
"""Renewals of passwords in progress: which step each browser has come to, and for whom.

The rules:
- A renewal is found by a random name that is in the page's address and says nothing of the person.
- It opens only at its municipality and in the browser that began it, whose own random id, from a cookie, is remembered.
  That makes it the protection of its forms against requests from other sites.
- Each step ends the name of the one before and gives a new one: a step is done once, and strong identification is for
  one person. Whoever goes back begins again.
- A step is to be taken within ten minutes.

They stand in the memory of this process and a restart ends them; the oldest of a thousand gives way to the next one.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Literal, TypeAlias

from federation.reasons import Refusal
from idp_simulators.home_request import RefusedRequestError

STEP_TIME: Final = timedelta(minutes=10)
MAX_RENEWALS: Final = 1_000
MAX_LOGIN: Final = 2_000

Method: TypeAlias = Literal["bank", "mobile"]
METHODS: Final[tuple[Method, ...]] = ("bank", "mobile")


class Stage(Enum):
    """How far a renewal has come."""

    CHOSEN = "how to identify is chosen"
    IDENTIFIED = "the person is identified"
    CHANGED = "the password is changed"


@dataclass(frozen=True)
class Renewal:
    """One renewal; `login` is the login to go back to, if any, and whose it is is known once they are identified."""

    provider: str
    browser: str
    method: Method
    login: str
    stage: Stage = Stage.CHOSEN
    user_name: str = ""


class Renewals:
    """The renewals of all municipalities of one app."""

    def __init__(self, new_name: Callable[[], str] = secrets.token_urlsafe) -> None:
        """Start with none; `new_name` gives a name that nobody can guess."""
        self._new_name = new_name
        self._lock = threading.Lock()
        self._renewals: dict[str, tuple[Renewal, datetime]] = {}

    def begin(self, renewal: Renewal, now: datetime) -> str:
        """Remember the renewal and return its name."""
        with self._lock:
            return self._put(renewal, now)

    def at(self, name: str, stage: Stage, provider: str, browser: str | None, now: datetime) -> Renewal:
        """Return the renewal that has come to `stage`; raises `RefusedRequestError` where there is none here."""
        with self._lock:
            return self._get(name, stage, provider, browser, now)

    def advance(self, name: str, renewal: Renewal, to: Renewal, now: datetime) -> str:
        """Take a step: end `name`, under which `renewal` was found, and return the name under which `to` is found.

        Raises `RefusedRequestError` where another request took the step in between.
        """
        with self._lock:
            self._get(name, renewal.stage, renewal.provider, renewal.browser, now)
            del self._renewals[name]
            return self._put(to, now)

    def _get(self, name: str, stage: Stage, provider: str, browser: str | None, now: datetime) -> Renewal:
        renewal, since = self._renewals.get(name, (None, now))
        if renewal is None or renewal.provider != provider:
            raise RefusedRequestError(Refusal("home-renewal-not-found"))
        if browser is None or not hmac.compare_digest(renewal.browser.encode(), browser.encode()):
            raise RefusedRequestError(Refusal("home-renewal-of-another-browser"))
        if not timedelta(0) <= now - since <= STEP_TIME:
            raise RefusedRequestError(Refusal("home-renewal-expired"))
        if renewal.stage is not stage:
            raise RefusedRequestError(Refusal("home-renewal-out-of-order", renewal.stage.value, stage.value))
        return renewal

    def _put(self, renewal: Renewal, now: datetime) -> str:
        while len(self._renewals) >= MAX_RENEWALS:
            del self._renewals[next(iter(self._renewals))]
        name = self._new_name()
        self._renewals[name] = (renewal, now)
        return name
