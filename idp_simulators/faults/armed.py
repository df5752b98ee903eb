# SPDX-License-Identifier: Apache-2.0
"""Which faults are switched on: each for the next answers, one unless said otherwise, or until all are cleared.

The store is this process's own, behind a lock, so the app may have many threads but must run in one worker process;
the local stack starts it so. A fault for a number of answers goes before one that stays, and the oldest that fits is
taken first. Faults of messages wait for a response about a person, those of the network for a request.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from federation.model import IdpKind
from idp_simulators.faults.named import AnyFault
from idp_simulators.faults.network import NetworkFault

MAX_ARMED: Final = 1000


class TooManyArmedError(ValueError):
    """More faults are waiting than anybody means to."""


@dataclass(frozen=True)
class ArmedFault:
    """A fault, or its twin, that waits for answers: anybody's, of one provider, or of one person there.

    `times` is for how many answers, `None` until it is cleared.
    """

    fault: AnyFault | NetworkFault
    is_twin: bool
    provider: str | None = None
    user_name: str | None = None
    times: int | None = 1

    @property
    def label(self) -> str:
        """What events call it."""
        return f"{self.fault.id} (twin)" if self.is_twin else self.fault.id

    @property
    def person(self) -> str | None:
        """Whose answers it waits for, as `provider/person`; `None` where it is not one person's."""
        return None if self.user_name is None else f"{self.provider}/{self.user_name}"

    def fits(self, provider: str, user_name: str) -> bool:
        """Tell whether it waits for a response about this person."""
        return self.provider in {None, provider} and self.user_name in {None, user_name}


_Form = TypeVar("_Form", bound=AnyFault)


@dataclass(frozen=True)
class TakenFault(Generic[_Form]):
    """The fault that one answer is changed by, or its twin, and what events call it."""

    label: str
    fault: _Form
    is_twin: bool


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

    def take(self, provider: str, user_name: str, kind: IdpKind, form: type[_Form]) -> TakenFault[_Form] | None:
        """Take the fault of that form that is next for this person, and exists for the provider's kind, once."""
        with self._lock:
            for position, armed in self._in_order():
                fault = armed.fault
                if isinstance(fault, form) and kind in fault.kinds and armed.fits(provider, user_name):
                    self._use(position)
                    return TakenFault(armed.label, fault, armed.is_twin)
        return None

    def take_network(self, provider: str) -> NetworkFault | None:
        """Take the fault of the network that is next for this provider, once."""
        with self._lock:
            for position, armed in self._in_order():
                if isinstance(armed.fault, NetworkFault) and armed.provider in {None, provider}:
                    self._use(position)
                    return armed.fault
        return None

    def waiting(self) -> tuple[ArmedFault, ...]:
        """Return those that wait, with how often they still count."""
        with self._lock:
            return tuple(self._waiting)

    def clear(self) -> int:
        """Switch all off and return how many there were."""
        with self._lock:
            count = len(self._waiting)
            self._waiting.clear()
        return count

    def _in_order(self) -> list[tuple[int, ArmedFault]]:
        return sorted(enumerate(self._waiting), key=lambda each: each[1].times is None)

    def _use(self, position: int) -> None:
        armed = self._waiting[position]
        if armed.times is None:
            return
        if armed.times == 1:
            del self._waiting[position]
        else:
            self._waiting[position] = replace(armed, times=armed.times - 1)
