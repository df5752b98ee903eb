# SPDX-License-Identifier: Apache-2.0
"""The reading rooms: a product where it opens for this person, and each of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Response, request

from federation.publisher import PartKind
from sp_stub.rules.access import ProductAccess, product_access
from sp_stub.rules.rooms import Room
from sp_stub.rules.shelf import ShelfMaker
from sp_stub.web.no_licence import no_licence
from sp_stub.web.refusals import Refused
from sp_stub.web.routes.site import Route, Site, Visit, with_query

_ROOMS: Final = ", ".join(f"'{room}'" for room in Room)
_PRODUCT: Final = f"/<any({_ROOMS}):room>/<key>"


@dataclass(frozen=True)
class ReadingRoomRoutes:
    """The publisher's reading rooms."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", _PRODUCT, self.product),
            Route("GET", f"{_PRODUCT}/<part>", self.part),
        )

    def product(self, room: str, key: str) -> Response:
        """Show a product with the parts that open to this person."""
        opened = self._open(Room(room), key)
        if isinstance(opened, Response):
            return opened
        visit, access = opened
        if self.site.looking is not None:
            self.site.looking.count_opening(access.givers[0].school, key)
        return self._page("product.html", visit, access, Room(room))

    def part(self, room: str, key: str, part: str) -> Response:
        """Show one part, after asking whether it is for this person."""
        site = self.site
        opened = self._open(Room(room), key, part)
        if isinstance(opened, Response):
            return opened
        visit, access = opened
        kind = next((kind for kind in access.product.parts if kind == part), None)
        if kind is None:
            return site.answers.fault(request, HTTPStatus.NOT_FOUND, "part-unknown")
        because = access.refuses(kind)
        if because is not None:
            return site.answers.refused(request, Refused(because))
        return self._page("part.html", visit, access, Room(room), kind)

    def _open(self, room: Room, key: str, part: str = "") -> tuple[Visit, ProductAccess] | Response:
        """Return who opens a product here, or the answer: it is none of theirs, or it opens in another room."""
        site = self.site
        visit = site.visit()
        if isinstance(visit, Response):
            return visit
        if key not in visit.business.products:
            return site.answers.fault(request, HTTPStatus.NOT_FOUND, "product-unknown")
        access = product_access(visit.person, visit.decision, visit.business, key)
        if access is None:
            return no_licence(site, visit, key)
        if room not in access.rooms:
            below = f"/{part}" if part else ""
            return site.answers.to_self(with_query(f"/{access.rooms[0]}/{key}{below}"))
        return visit, access

    def _page(
        self, template: str, visit: Visit, access: ProductAccess, room: Room, part: PartKind | None = None
    ) -> Response:
        site = self.site
        maker = ShelfMaker(site.settings.config, visit.business, visit.now, site.answers.language(request))
        card = maker.card(access, room)
        return site.answers.page(request, template, card=card, access=access, room=room, part=part)
