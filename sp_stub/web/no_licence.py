# SPDX-License-Identifier: Apache-2.0
"""Where a school code seems to be missing: on a shelf, and in the answer to who opens a product that no school of theirs gives."""

from __future__ import annotations

from flask import Response, request

from sp_stub.data.users import LEFT_SCHOOLS
from sp_stub.rules.missing_code import MissingCode, missing_for_product, missing_role, missing_since
from sp_stub.web.refusals import Refused
from sp_stub.web.routes.site import Site, Visit


def no_licence(site: Site, visit: Visit, key: str) -> Response:
    """Refuse the product, and say so where a school code seems to be missing."""
    missing = missing_for_product(visit.person, visit.decision, visit.business, key, visit.now)
    return site.answers.refused(request, Refused("no-licence", missing=missing))


def missing_on_the_shelf(visit: Visit) -> MissingCode | None:
    """Return which school codes seem to be missing from the login of a visit, `None` where nothing says so."""
    told = missing_role(visit.person, visit.answer.answer["attributes"])
    user = visit.answer.user
    if told is not None or user is None:
        return told
    return missing_since(visit.person, visit.business, user.held.get(LEFT_SCHOOLS, ()))
