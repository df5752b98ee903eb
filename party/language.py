# SPDX-License-Identifier: Apache-2.0
"""Which language a person reads: asked for in the address, remembered in the browser, preferred by it, else Finnish.

The language cookie is not personal and stands in clear. Texts are `party.pages`'.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from federation.endpoints import PartName
from federation.model import LANGUAGES, Language
from party.cookies import cookie_name, cookies_of, set_cookie

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LANGUAGE_PARAMETER: Final = "lang"
LANGUAGE_COOKIE: Final = "lang"
"""The purpose in the cookie's name."""
LANGUAGE_NAMES: Final[dict[Language, str]] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
"""Each language in its own language."""

_DEFAULT: Final[Language] = "fi"
_YEAR: Final = 365 * 24 * 3600
_MAX_ACCEPT: Final = 1000
_MAX_PARAMETERS: Final = 100


@dataclass(frozen=True)
class LanguageLink:
    """One choice of the header's language links."""

    language: Language
    name: str
    url: str
    is_current: bool


def choose_language(query: str | None, cookie: str | None, accept: str | None) -> Language:
    """Return the language of the `lang` parameter, else of the cookie, else of Accept-Language, else Finnish.

    A value that is none of ours counts as absent.
    """
    return _known(query) or _known(cookie) or _preferred(accept) or _DEFAULT


def language_of(part: PartName, origin: str, environ: WSGIEnvironment) -> Language:
    """Return the language of a WSGI request to `part`."""
    cookies = cookies_of(environ.get("HTTP_COOKIE"))
    return choose_language(
        _parameter(environ.get("QUERY_STRING", "")),
        cookies.get(cookie_name(part, origin, LANGUAGE_COOKIE)),
        environ.get("HTTP_ACCEPT_LANGUAGE"),
    )


def language_cookie(part: PartName, origin: str, language: Language) -> str:
    """Return the `Set-Cookie` value that remembers `language` for a year."""
    name = cookie_name(part, origin, LANGUAGE_COOKIE)
    return set_cookie(origin, name, language, cross_site=False, max_age=_YEAR)


def language_links(address: str, keep: Collection[str], current: Language) -> tuple[LanguageLink, ...]:
    """Return the links that show the page at `address` (path and query) in each language.

    Of the query only the parameters in `keep` go along, so that no personal data enters an address. Raises
    `ValueError` where `address` is not a path of the same origin.
    """
    if not address.startswith("/") or address.startswith(("//", "/\\")):
        message = f"language links need a path of the same origin, found {address!r}"
        raise ValueError(message)
    parts = urlsplit(address)
    kept = [pair for pair in _pairs(parts.query) if pair[0] in keep and pair[0] != LANGUAGE_PARAMETER]
    return tuple(
        LanguageLink(
            language=language,
            name=LANGUAGE_NAMES[language],
            url=f"{parts.path}?{urlencode([*kept, (LANGUAGE_PARAMETER, language)])}",
            is_current=language == current,
        )
        for language in LANGUAGES
    )


def _known(value: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == value), None)


def _preferred(accept: str | None) -> Language | None:
    """Return the first of our languages by weight (RFC 9110 12.5.4), `sv-FI` counting as `sv`."""
    best: Language | None = None
    best_weight = 0.0
    for choice in (accept or "")[:_MAX_ACCEPT].split(","):
        tag, _, parameter = choice.partition(";")
        language = _known(tag.strip().lower().partition("-")[0])
        weight = _weight(parameter.strip())
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    if not parameter:
        return 1.0
    name, _, value = parameter.partition("=")
    try:
        weight = float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError:  # more fields than any page of ours has
        return []


def _parameter(query: str) -> str | None:
    return next((value for name, value in _pairs(query) if name == LANGUAGE_PARAMETER), None)
