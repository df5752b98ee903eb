# SPDX-License-Identifier: Apache-2.0
"""The statistics page: totals, of which nobody can tell whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response

from sp_stub.data.staff_sessions import StaffSession
from sp_stub.web.moments import said_day
from sp_stub.web.routes.site import Route
from sp_stub.web.routes.staff.desk import FRONT, Desk

_DAYS: Final = 60


@dataclass(frozen=True)
class StatisticsRoutes:
    """How often products are opened."""

    desk: Desk

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (Route("GET", f"{FRONT}/tilastot", self.desk.staff_only(self.statistics)),)

    def statistics(self, staff: StaffSession) -> Response:
        """Show the totals by product and by day."""
        service, language = self.desk.service, self.desk.language
        products = service.business.declared.products
        totals = [
            (
                products[total.product].name.in_language(language) if total.product in products else total.product,
                service.register.school_name(total.school, language),
                service.register.customer_name(total.customer, language),
                total.openings,
                total.people,
            )
            for total in service.openings.totals()
        ]
        days = [(said_day(total.day, language), total.openings, total.people) for total in service.openings.days(_DAYS)]
        return self.desk.page(staff, "statistics.html", "statistics", totals=totals, days=days)
