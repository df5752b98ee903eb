# SPDX-License-Identifier: Apache-2.0
"""Locked accounts: after too many wrong passwords for one user name, nobody signs in with it for a while.

The rules:
- Five wrong passwords for one user name at one municipality within ten minutes lock it for five minutes.
- A try counts before its password is looked at, so that tries at the same time are no way around.
- A user name that nobody has is locked like any other: a lock says nothing of who exists.
- A right password, and a new one, begin the count anew.

Who is locked stands in the memory of this process, for all its threads, and a restart forgets it. The oldest of ten
thousand names gives way to the next one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

MOST_WRONG: Final = 5
COUNTED_TIME: Final = timedelta(minutes=10)
LOCKED_TIME: Final = timedelta(minutes=5)
MAX_NAMES: Final = 10_000


@dataclass(frozen=True)
class _Tries:
    first: datetime
    count: int
    locked_until: datetime | None = None


class Lockout:
    """Counts tries at all municipalities of one app."""

    def __init__(self) -> None:
        """Start with nobody locked."""
        self._lock = threading.Lock()
        self._tries: dict[tuple[str, str], _Tries] = {}

    def admit(self, provider: str, user_name: str, now: datetime) -> datetime | None:
        """Count a try with a password; returns `None` when it may be looked at, else until when the name is locked."""
        key = (provider, user_name)
        with self._lock:
            tries = self._tries.get(key)
            if tries is not None and tries.locked_until is not None and now < tries.locked_until:
                return tries.locked_until
            if tries is None or tries.locked_until is not None or now - tries.first > COUNTED_TIME:
                tries = _Tries(now, 0)
            tries = replace(tries, count=tries.count + 1)
            if tries.count >= MOST_WRONG:
                tries = replace(tries, locked_until=now + LOCKED_TIME)
            self._tries.pop(key, None)
            while len(self._tries) >= MAX_NAMES:
                del self._tries[next(iter(self._tries))]
            self._tries[key] = tries
            return None

    def locked_until(self, provider: str, user_name: str, now: datetime) -> datetime | None:
        """Return until when the name is locked, `None` when it is not."""
        with self._lock:
            tries = self._tries.get((provider, user_name))
        if tries is None or tries.locked_until is None or tries.locked_until <= now:
            return None
        return tries.locked_until

    def forget(self, provider: str, user_name: str) -> None:
        """Begin the count anew."""
        with self._lock:
            self._tries.pop((provider, user_name), None)
