# SPDX-License-Identifier: Apache-2.0
"""The shelf of a signed-in person at the publisher, and the deep links that portals lead to."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Response, request

from sp_stub.rules.access import product_access
from sp_stub.rules.shelf import ShelfMaker
from sp_stub.rules.target import HOME
from sp_stub.web.no_licence import missing_on_the_shelf, no_licence
from sp_stub.web.own_pages import own_links
from sp_stub.web.routes.site import LOGIN_PAGE, Route, Site, with_query

_PRODUCT: Final = f"{HOME}/<key>"


@dataclass(frozen=True)
class MaterialRoutes:
    """What a person's schools give, and the addresses that lead into a product."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", HOME, self.materials),
            Route("GET", _PRODUCT, self.product),
            Route("GET", f"{_PRODUCT}/<part>", self.product),
        )

    def materials(self) -> Response:
        """Show what the person's schools give."""
        site = self.site
        visit = site.visit(otherwise=lambda: site.answers.to_self(LOGIN_PAGE))
        if isinstance(visit, Response):
            return visit
        language = site.answers.language(request)
        maker = ShelfMaker(site.settings.config, visit.business, visit.now, language)
        notices = tuple(site.answers.pages.message(language, f"notice.{one}") for one in visit.answer.notices)
        return site.answers.page(
            request,
            "materials.html",
            shelf=maker.shelf(visit.person, visit.decision, notices),
            own_links=own_links(site, visit),
            missing=missing_on_the_shelf(visit),
        )

    def product(self, key: str, part: str = "") -> Response:
        """Lead to where a product opens for this person, with the query that came; the room asks everything anew."""
        site = self.site
        visit = site.visit()
        if isinstance(visit, Response):
            return visit
        if key not in visit.business.products:
            return site.answers.fault(request, HTTPStatus.NOT_FOUND, "product-unknown")
        access = product_access(visit.person, visit.decision, visit.business, key)
        if access is None:
            return no_licence(site, visit, key)
        below = f"/{part}" if part else ""
        return site.answers.to_self(with_query(f"/{access.rooms[0]}/{key}{below}"))
