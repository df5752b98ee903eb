# SPDX-License-Identifier: Apache-2.0
"""Why a login is refused: every check that can refuse has its own id, with no catch-all; the whole table, and a refusal.

The ids are part of the public surface: pages, transcripts, logs and `login --json` carry them, and other people's
scripts compare them. A sentence is for the engineer who reads a transcript; what the person at the browser reads
stands in the catalogues of the part that shows it. The rows stand in the modules beside this one, by who refuses what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from federation.reasons.home_answers import ANSWER_REASONS
from federation.reasons.home_organisations import HOME_REASONS
from federation.reasons.logins import PERSON_REASONS, STATE_REASONS
from federation.reasons.reason import STATUS_PREFIX, Reason
from federation.reasons.requests import REQUEST_REASONS
from federation.reasons.responses import RESPONSE_REASONS
from federation.reasons.services import SERVICE_REASONS

__all__ = ["REASONS", "STATUS_PREFIX", "Reason", "Refusal"]

REASONS: Final[dict[str, Reason]] = {
    reason.id: reason
    for reason in (
        *REQUEST_REASONS,
        *STATE_REASONS,
        *RESPONSE_REASONS,
        *ANSWER_REASONS,
        *PERSON_REASONS,
        *SERVICE_REASONS,
        *HOME_REASONS,
    )
}
"""Every reason by its id."""


@dataclass(frozen=True)
class Refusal:
    """A check said no: which one, what was found and what was expected.

    `found` and `expected` may hold addresses, names of algorithms, times and ids of messages, never a person's data.
    """

    reason_id: str
    found: str = ""
    expected: str = ""

    def __post_init__(self) -> None:
        """Refuse an id that the table does not hold."""
        if self.reason_id not in REASONS:
            message = f"no reason {self.reason_id!r} in federation.reasons"
            raise LookupError(message)

    @property
    def reason(self) -> Reason:
        """The row of the table."""
        return REASONS[self.reason_id]
