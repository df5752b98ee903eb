# SPDX-License-Identifier: Apache-2.0
"""How a person's login must end through a whole run: before each turn of the declaration, after it, and in between.

A turn is planned for a moment, and a login that is under way while it is taken up may end either way. For how long
that is so is `SETTLE_SECONDS`, and the run is invalid where taking it up took longer (`loadtests.running`); beyond
it one ending is right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from loadtests.expectation import Expectation, Expectations, Window
from loadtests.turns import SETTLE_SECONDS, Turn
from testbed.flow.people import PersonRef


@dataclass(frozen=True)
class Outlook:
    """The endings at one service: `stages` are one more than the turns, which are in the order of time."""

    stages: Sequence[Expectations]
    turns: Sequence[Turn]
    now: datetime

    def at(self, person: PersonRef, at: float) -> Expectation:
        """Return how a login must end by what is planned to be declared at a moment, in seconds from the start."""
        taken = sum(turn.at <= at for turn in self.turns)
        return self.stages[taken].of(person, self.now)

    def windows(self, person: PersonRef) -> tuple[Window, ...]:
        """Return when each ending may be right, nothing where no turn changes how this person's login ends."""
        if not self.turned_by(person):
            return ()
        begins = (-math.inf, *(turn.at for turn in self.turns))
        ends = (*(turn.at + SETTLE_SECONDS for turn in self.turns), math.inf)
        return tuple(
            Window(stage.of(person, self.now), begin, end)
            for stage, begin, end in zip(self.stages, begins, ends, strict=True)
        )

    def turned_by(self, person: PersonRef) -> tuple[str, ...]:
        """Return the names of the turns that change how this person's login ends."""
        endings = [stage.of(person, self.now) for stage in self.stages]
        return tuple(
            turn.name for turn, before, after in zip(self.turns, endings, endings[1:], strict=False) if before != after
        )
