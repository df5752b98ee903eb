# SPDX-License-Identifier: Apache-2.0
"""The portal: the shop front of a municipality, and the way from its cards into products at the publisher."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, request

from sp_stub.rules.access import product_access
from sp_stub.rules.storefront import Search, StorefrontMaker, publisher_link
from sp_stub.rules.target import HOME
from sp_stub.web.no_licence import missing_on_the_shelf, no_licence
from sp_stub.web.routes.site import LOGIN_PAGE, Route, Site


@dataclass(frozen=True)
class PortalRoutes:
    """What only the portal has."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", HOME, self.storefront),
            Route("GET", f"{HOME}/<key>", self.product),
        )

    def storefront(self) -> Response:
        """Show what the person's schools have ordered, as far as the search finds it."""
        site = self.site
        visit = site.visit(otherwise=lambda: site.answers.to_self(LOGIN_PAGE))
        if isinstance(visit, Response):
            return visit
        words, level, school = (request.args.get(name, "") for name in ("q", "level", "school"))
        search = Search.of(words, level, school, frozenset(each.code for each in visit.decision.schools))
        maker = StorefrontMaker(site.settings.config, visit.business, visit.now, site.answers.language(request))
        storefront = maker.storefront(visit.person, visit.decision, search)
        return site.answers.page(
            request,
            "portal.html",
            front=storefront,
            missing=missing_on_the_shelf(visit),
            publisher=site.settings.config.publisher.name,
        )

    def product(self, key: str) -> Response:
        """Lead into a product at the publisher, with the query that came; no second sign-in is asked for there."""
        site = self.site
        visit = site.visit()
        if isinstance(visit, Response):
            return visit
        if key not in visit.business.products:
            return site.answers.fault(request, HTTPStatus.NOT_FOUND, "product-unknown")
        if product_access(visit.person, visit.decision, visit.business, key) is None:
            return no_licence(site, visit, key)
        query = request.query_string.decode("ascii", "replace")
        return site.answers.away(publisher_link(site.settings.config, key, query), HTTPStatus.SEE_OTHER)
