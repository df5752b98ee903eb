# SPDX-License-Identifier: Apache-2.0
"""The lists that services build their own pickers from: sources, tags and services as JSON (facts-mpassid 8).

The answers have the shape of MPASSid's own: `{"lang": "FI", "response": [...]}`, and an error
`{"code", "message", "fields"}`: 405 for another method than GET, 400 for a language that is not offered, 501 where
there is nothing to tell. A source's icon is made of its initial.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final, TypeAlias, get_args

from satosa.exception import SATOSANoBoundEndpointError
from satosa.response import Response

from federation.model import LANGUAGES, Language
from party.pages import headers
from proxy.configuration import SourceConfiguration
from proxy.request import Endpoint, RequestContext, Routes
from proxy.settings import Settings, TrustedService

DEFAULT_LANGUAGE: Final[Language] = "fi"

_EVERY_METHOD: Final = ("GET", "HEAD", "POST")
_PREFIX: Final = r"^idp/profile/api/"

Rows: TypeAlias = list[dict[str, Any]]


def source_list_routes(settings: Settings) -> Routes:
    """Return the addresses of the lists and of the icons that they name."""
    lists: Mapping[str, Callable[[Settings, Language], Rows]] = {
        "authnsources": authn_sources,
        "authntags": authn_tags,
        "services": services,
    }
    return [
        *((rf"{_PREFIX}{name}\Z", Endpoint(_list(settings, rows), _EVERY_METHOD)) for name, rows in lists.items()),
        (r"^images/buttons/[A-Za-z0-9]+\.svg\Z", Endpoint(_icon(settings))),
    ]


def authn_sources(settings: Settings, language: Language) -> Rows:
    """Return the sources that have joined, in the order of the declaration."""
    return [
        {
            "id": source.source.flow,
            "title": source.name.in_language(language),
            "tags": list(source.tags),
            "iconUrl": f"{settings.endpoints.origin}/images/buttons/{source.source.flow}.svg",
            "directRegistryConnection": False,
            "supportsForced": True,
            "supportsPassive": False,
        }
        for source in _members(settings)
    ]


def authn_tags(settings: Settings, language: Language) -> Rows:  # noqa: ARG001  # a tag has one name in every language
    """Return the tags that a service may ask for, each once."""
    tags = dict.fromkeys(tag for source in _members(settings) for tag in source.tags)
    return [{"id": tag, "title": tag} for tag in tags]


def services(settings: Settings, language: Language) -> Rows:
    """Return the services, by the names that their metadata gives them."""
    return [
        {
            "id": trusted.configuration.service,
            "title": _display_name(trusted, language),
            "serviceUrl": entity_id,
        }
        for entity_id, trusted in settings.services.items()
    ]


def _members(settings: Settings) -> list[SourceConfiguration]:
    return [source.configuration for source in settings.sources.values() if source.configuration.gate.mpass]


def _display_name(trusted: TrustedService, language: Language) -> str:
    names = trusted.service_provider.display_names
    return names.get(language) or next(iter(names.values()), trusted.configuration.service)


def _list(settings: Settings, rows_of: Callable[[Settings, Language], Rows]) -> Callable[[RequestContext], Response]:
    def answer(context: RequestContext) -> Response:
        if context.request_method not in {"GET", "HEAD"}:
            return _error(405, "Method Not Allowed", f"{context.request_method} not allowed", "Only GET is allowed")
        wanted = (context.query_value("lang") or DEFAULT_LANGUAGE).lower()
        if wanted not in LANGUAGES:
            return _error(400, "Bad Request", "Unsupported language", "lang")
        language: Language = next(name for name in get_args(Language) if name == wanted)
        rows = rows_of(settings, language)
        if not rows:
            return _error(501, "Not Implemented", "Nothing to tell here", "")
        return _json("200 OK", {"lang": language.upper(), "response": rows})

    return answer


def _error(code: int, phrase: str, message: str, fields: str) -> Response:
    response = _json(f"{code} {phrase}", {"code": code, "message": message, "fields": fields})
    if code == 405:  # noqa: PLR2004  # the one status that must name the methods (RFC 9110 15.5.6)
        response.headers.append(("Allow", "GET, HEAD"))
    return response


def _json(status: str, content: Mapping[str, Any]) -> Response:
    body = json.dumps(content, ensure_ascii=False).encode()
    # Any origin may read it: it is public, and a service's own picker fetches it from the browser.
    public = ("Access-Control-Allow-Origin", "*")
    return Response(body, status=status, headers=[public, *headers()], content="application/json; charset=utf-8")


def _icon(settings: Settings) -> Callable[[RequestContext], Response]:
    def answer(context: RequestContext) -> Response:
        flow = context.path.rpartition("/")[2].removesuffix(".svg")
        if flow not in settings.sources:
            raise SATOSANoBoundEndpointError(context.path)
        initial = escape(settings.sources[flow].configuration.name.fi[0])
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img">'
            '<rect width="48" height="48" rx="8" fill="#1b4f9c"/>'
            '<text x="24" y="33" font-family="sans-serif" font-size="26" text-anchor="middle" fill="#fff">'
            f"{initial}</text></svg>"
        )
        return Response(svg.encode(), headers=headers(), content="image/svg+xml")

    return answer
