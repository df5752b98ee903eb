# SPDX-License-Identifier: Apache-2.0
"""The business that every page decides by: what is declared, and over it what customer service decided since."""

from __future__ import annotations

from party.clock import Clock
from sp_stub.data.changes import ChangeStore, Remembered
from sp_stub.rules.business import Business


class BusinessNow:
    """The business as it is at this moment; put together anew only when something was decided."""

    def __init__(self, declared: Business, changes: ChangeStore, clock: Clock) -> None:
        """Lay `changes` over what is `declared`."""
        self.declared = declared
        self.changes = changes
        self._clock = clock
        self._made: tuple[Remembered, Business] | None = None

    def __call__(self) -> Business:
        """Return what holds now; reads one row where nothing was decided since the last time."""
        remembered = self.remembered()
        made = self._made
        if made is None or made[0] is not remembered:
            made = (remembered, self.declared.with_changes(remembered.changes))
            self._made = made
        return made[1]

    def remembered(self) -> Remembered:
        """Return everything that customer service did and pages must know."""
        return self.changes.current(self._clock())
