# SPDX-License-Identifier: Apache-2.0
"""Taking turns at the testbed that runs: what is declared otherwise is applied, and the parts concerned take it up.

It is `testbed apply` with a declaration that nobody wrote down, and afterwards with the one that somebody did.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from federation.endpoints import PartName
from federation.model import Federation
from loadtests.turns import Turn
from party.clock import system_clock
from testbed.own_parts import read_own_documents
from testbed.stacks.local import LocalStack
from testbed.stacks.reload import reload_parts
from testbed.state_folder import StateFolder

_ORDER: Final[tuple[PartName, ...]] = ("proxy", "idp", "publisher", "portal")
"""Who verifies takes up a new key before the one who signs by it."""


@dataclass
class Turning:
    """A local testbed, what it is declared as, and what became of that; `folder` is the declaration's."""

    stack: LocalStack
    declared: Federation
    folder: Path
    _now: Federation | None = field(default=None)

    def take(self, turn: Turn) -> None:
        """Declare otherwise what the turn says, and return when every part goes by it; raises `TestbedError`."""
        self._now = turn.of(self._now or self.declared)
        self._apply(self._now)

    def take_back(self) -> None:
        """Leave the testbed as it is declared; raises as `take` does."""
        if self._now is not None:
            self._apply(self.declared)
            self._now = None

    def _apply(self, federation: Federation) -> None:
        state, origins, now = self.stack.state, self.stack.origins, system_clock()
        own = read_own_documents(federation, self.folder, state, origins, now)
        changes = StateFolder(state).apply(federation, origins, now, own).plan.changes
        changed = {change.path.partition("/")[0] for change in changes}
        for part in _ORDER:
            if part in changed:
                reload_parts(state, {part})
