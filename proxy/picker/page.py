# SPDX-License-Identifier: Apache-2.0
"""The picker's page, and the suggestions that its script asks for while a person types.

The page is a plain form with one button per school that was found, and works so without JavaScript. With it, the
field becomes a combobox (WAI-ARIA Authoring Practices) that asks `suggestions` after each pause in typing.

"Last selected" lives in the browser's localStorage, not in a cookie. A cookie would go to the server with every
request, on localhost to every port as well, and would take the room that logins in progress need; so the proxy never
learns which schools a browser chose before. On a shared device the list tells which schools were chosen there and
nothing of who chose them; it holds five at most, and each can be removed. The price: without JavaScript there is no such list, and the
page does not promise one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from satosa.response import Response

from federation.model import Language
from party.pages import headers
from proxy.pages import ProxyPages
from proxy.picker.lines import Line, ShownName, lines
from proxy.picker.search import LONGEST_QUERY, Found, PickerIndex
from proxy.request import RequestContext

MOST_SUGGESTIONS: Final = 20

_JSON: Final = ("Content-Type", "application/json; charset=utf-8")


@dataclass(frozen=True)
class Offer:
    """What one login may choose from: the flows of its sources, and whether the service left out any."""

    flows: AbstractSet[str]
    is_narrowed: bool


def picker_page(
    context: RequestContext, pages: ProxyPages, index: PickerIndex, offer: Offer, put_back_because: str | None = None
) -> Response:
    """Return the page for the search in the query's `q`, over the schools of the offer.

    `put_back_because` is the reason id of the answer that put the person back here, if one did.
    """
    query = _query(context)
    found = index.search(query, context.language, offer.flows)
    return pages.picker(
        context.language,
        context.address,
        query=query,
        longest_query=LONGEST_QUERY,
        found=found,
        lines=lines(found, context.language),
        login_path=f"/login/{context.state.login_id}",
        # Only then may a remembered school be one that this login cannot use.
        put_back_because=put_back_because,
        only_sources=" ".join(sorted(offer.flows)) if offer.is_narrowed else None,
    )


def suggestions(context: RequestContext, pages: ProxyPages, index: PickerIndex, offer: Offer) -> Response:
    """Return the first schools found for `q` as JSON, with the words that the page shows and announces."""
    query = _query(context)
    found = index.search(query, context.language, offer.flows, MOST_SUGGESTIONS)
    answer = {
        "status": _status(found, query, context.language, pages),
        "choices": [_choice(line, context.language, pages) for line in lines(found, context.language)],
    }
    return Response(json.dumps(answer, ensure_ascii=False).encode(), headers=[_JSON, *headers()])


def _query(context: RequestContext) -> str:
    return " ".join((context.query_value("q") or "").split())[:LONGEST_QUERY]


def _status(found: Found, query: str, language: Language, pages: ProxyPages) -> list[str]:
    """Return what to say about a result: how many, or that there is none and what to try."""

    def say(message_id: str, **values: object) -> str:
        return pages.pages.message(language, message_id, **values)

    if not found.is_long_enough:
        return [say("proxy.picker.too-short")]
    if not found.total:
        return [say("proxy.picker.nothing-found", query=query), say("proxy.picker.nothing-found-advice")]
    count = say("proxy.picker.results", count=found.total)
    shown = len(found.choices)
    return [count, say("proxy.picker.narrow", shown=shown)] if found.total > shown else [count]


def _choice(line: Line, language: Language, pages: ProxyPages) -> Mapping[str, Any]:
    return {
        "source": line.flow,
        "name": [_name(name) for name in line.name],
        "place": [_name(name) for name in line.place],
        "level": pages.pages.message(language, f"proxy.picker.level.{line.level}") if line.level else None,
        "remembered": line.remembered,
    }


def _name(name: ShownName) -> Mapping[str, Any]:
    return {"lang": name.language, "pieces": [[piece.text, piece.is_match] for piece in name.pieces]}
