# SPDX-License-Identifier: Apache-2.0
"""The picker's page: a search form, and one button per school that was found. It works without JavaScript."""

from __future__ import annotations

from satosa.response import Response

from proxy.pages import ProxyPages
from proxy.picker.search import LONGEST_QUERY, PickerIndex
from proxy.request import RequestContext


def picker_page(context: RequestContext, pages: ProxyPages, index: PickerIndex, flows: frozenset[str]) -> Response:
    """Return the page for the search in the query's `q`, over the schools of `flows`."""
    query = (context.query_value("q") or "").strip()[:LONGEST_QUERY]
    return pages.page(
        context.language,
        "picker.html",
        context.address,
        query=query,
        found=index.search(query, context.language, flows),
        login_path=f"/login/{context.state.login_id}",
    )
