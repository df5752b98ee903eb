# SPDX-License-Identifier: Apache-2.0
"""Which faults are switched on: each for one next response, then it is gone.

The store is this process's own, behind a lock, so the app may have many threads but must run in one worker process;
the local stack starts it so. The oldest fault that fits a response is taken first.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from idp_simulators.faults.fault import Change, Fault

MAX_ARMED: Final = 1000


class TooManyArmedError(ValueError):
    """More faults are waiting than anybody means to."""


@dataclass(frozen=True)
class ArmedFault:
    """A fault, or its twin, that waits for a response: anybody's, of one provider, or of one person there."""

    fault: Fault
    is_twin: bool
    provider: str | None = None
    user_name: str | None = None

    @property
    def change(self) -> Change:
        """What it does to the answer."""
        return self.fault.twin if self.is_twin else self.fault.change

    @property
    def label(self) -> str:
        """What events call it."""
        return f"{self.fault.id} (twin)" if self.is_twin else self.fault.id

    def fits(self, provider: str, user_name: str) -> bool:
        """Tell whether it waits for a response about this person."""
        return self.provider in {None, provider} and self.user_name in {None, user_name}


class ArmedFaults:
    """The faults that wait, in the order they were switched on."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: list[ArmedFault] = []
        self._lock = threading.Lock()

    def arm(self, armed: ArmedFault) -> None:
        """Add one; raises `TooManyArmedError` when a thousand wait already."""
        with self._lock:
            if len(self._waiting) >= MAX_ARMED:
                raise TooManyArmedError
            self._waiting.append(armed)

    def take(self, provider: str, user_name: str) -> ArmedFault | None:
        """Take the oldest one that fits away and return it."""
        with self._lock:
            for position, armed in enumerate(self._waiting):
                if armed.fits(provider, user_name):
                    return self._waiting.pop(position)
        return None

    def waiting(self) -> tuple[ArmedFault, ...]:
        """Return those that wait."""
        with self._lock:
            return tuple(self._waiting)

    def clear(self) -> int:
        """Switch all off and return how many there were."""
        with self._lock:
            count = len(self._waiting)
            self._waiting.clear()
        return count
