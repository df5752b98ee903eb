# SPDX-License-Identifier: Apache-2.0
"""Cookie names and attributes, the same for every part (design 7).

The rules:
- A name carries its component and port, because browsers send localhost cookies to every port.
- On https a name starts with `__Host-`, so that no other host or path can set it.
- A cookie that must survive a cross-site POST is `Secure; SameSite=None` on https and has neither on http, where
  browsers refuse `SameSite=None`. All others are `SameSite=Lax`.
- Every cookie is `HttpOnly` and has `Path=/`.
- But for a cookie that opens one folder of a part: it is sent there only and never on a way from another site
  (`SameSite=Strict`); with a path of its own it cannot begin with `__Host-`, so it begins with `__Secure-`.

What stands in a cookie is the part's own decision; nothing personal may, unless it is encrypted.
"""

from __future__ import annotations

import re
from typing import Final, TypedDict
from urllib.parse import urlsplit

from federation.endpoints import PartName

COMPONENTS: Final[dict[PartName, str]] = {
    "proxy": "mpass",
    "idp": "idp",
    "publisher": "publisher",
    "portal": "portal",
}
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_VALUE: Final = re.compile(r"[!#-+\--:<-\[\]-~]*")
"""cookie-octet of RFC 6265 4.1.1."""
_MAX_COOKIES: Final = 100


class CookieAttributes(TypedDict):
    """The attributes as Flask's `set_cookie` takes them."""

    path: str
    httponly: bool
    secure: bool
    samesite: str | None


def cookie_name(part: PartName, origin: str, purpose: str) -> str:
    """Return the name of a part's cookie for `purpose`, such as `mpass-8000-lang`."""
    parts = urlsplit(origin)
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    prefix = "__Host-" if parts.scheme == "https" else ""
    return _checked(f"{prefix}{COMPONENTS[part]}-{port}-{purpose}")


def cookie_attributes(origin: str, *, cross_site: bool) -> CookieAttributes:
    """Return the attributes of a cookie at `origin`; `cross_site` where it must survive a POST from another site."""
    secure = urlsplit(origin).scheme == "https"
    cross_site_value = "None" if secure else None
    return CookieAttributes(path="/", httponly=True, secure=secure, samesite=cross_site_value if cross_site else "Lax")


def set_cookie(origin: str, name: str, value: str, *, cross_site: bool, max_age: int | None = None) -> str:
    """Return a `Set-Cookie` header's value; without `max_age` the cookie goes with the browser's session.

    Raises `ValueError` for a name or value that a cookie cannot hold as it is.
    """
    if not _VALUE.fullmatch(value):
        message = f"cookie {name}: the value holds characters that need encoding first"
        raise ValueError(message)
    attributes = cookie_attributes(origin, cross_site=cross_site)
    pieces = [f"{_checked(name)}={value}", "Path=/", "HttpOnly"]
    if max_age is not None:
        pieces.append(f"Max-Age={max_age}")
    if attributes["secure"]:
        pieces.append("Secure")
    if attributes["samesite"] is not None:
        pieces.append(f"SameSite={attributes['samesite']}")
    return "; ".join(pieces)


def folder_cookie_name(part: PartName, origin: str, purpose: str) -> str:
    """Return the name of a part's cookie that opens one folder."""
    return cookie_name(part, origin, purpose).replace("__Host-", "__Secure-", 1)


def set_folder_cookie(origin: str, name: str, value: str, *, folder: str, max_age: int) -> str:
    """Return the `Set-Cookie` value of a cookie that opens `folder`; a `max_age` of 0 has the browser forget it."""
    lax = set_cookie(origin, name, value, cross_site=False, max_age=max_age)
    return lax.replace("; Path=/;", f"; Path={folder};", 1).replace("SameSite=Lax", "SameSite=Strict", 1)


def delete_cookie(origin: str, name: str, *, cross_site: bool) -> str:
    """Return the `Set-Cookie` header's value that makes a browser forget the cookie."""
    return set_cookie(origin, name, "", cross_site=cross_site, max_age=0)


def cookies_of(header: str | None) -> dict[str, str]:
    """Return the cookies of a `Cookie` header by name.

    Never raises: what is not a cookie is left out. The first of a repeated name counts, because browsers send the
    most specific one first; at most a hundred are read.
    """
    cookies: dict[str, str] = {}
    for piece in (header or "").split(";")[:_MAX_COOKIES]:
        name, separator, value = piece.strip(" \t").partition("=")
        if separator and _TOKEN.fullmatch(name) and _VALUE.fullmatch(value):
            cookies.setdefault(name, value)
    return cookies


def _checked(name: str) -> str:
    if not _TOKEN.fullmatch(name):
        message = f"{name!r} is no cookie name: letters, digits, '_', '.' and '-'"
        raise ValueError(message)
    return name
