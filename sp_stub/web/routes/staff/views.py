# SPDX-License-Identifier: Apache-2.0
"""Ending a look at the service as somebody; it begins at the person's page or at their message."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from sp_stub.web.routes.site import Route
from sp_stub.web.routes.staff.desk import FRONT, Desk
from sp_stub.web.support_view import END_PATH


@dataclass(frozen=True)
class ViewRoutes:
    """The way out of a look."""

    desk: Desk

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (Route("POST", END_PATH, self.end),)

    def end(self) -> Response:
        """End it, and go back to the desk."""
        staff = self.desk.staff()
        if staff is not None:
            self.desk.service.views.end(staff, self.desk.now())
        return self.desk.site.answers.to_self(FRONT)
