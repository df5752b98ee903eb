# SPDX-License-Identifier: Apache-2.0
"""What belongs to the school and not to the publisher: the page that says so, and whom to ask there (121).

The publisher handles people's data for its customer and by its instructions (facts-publisher, support).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, request

from federation.reasons import REASONS
from sp_stub.web.routes.site import Route, Site

PATH: Final = "/oppilaitoksen-asia"
REASON: Final = "request-belongs-to-school"
MATTERS: Final = ("rights", "data", "statistics", "communication", "misuse", "systems")
"""What the publisher refuses to do for anybody but its customer."""


@dataclass(frozen=True)
class SchoolMatterRoutes:
    """The page, at an address of its own that an answer can lead to."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (Route("GET", PATH, self.matters),)

    def matters(self) -> Response:
        """Say which matters belong to the school, and whom to ask there."""
        return self.site.answers.page(
            request, "school_matters.html", matters=MATTERS, number=REASONS[REASON].page, reason_id=REASON
        )
