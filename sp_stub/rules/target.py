# SPDX-License-Identifier: Apache-2.0
"""Where a login may lead back to: the materials of this service, and nothing else. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from sp_stub.rules.rooms import Room

HOME: Final = "/materials"
COURSES: Final = "/kurssit"
ATTRIBUTE_TEST: Final = "/attribuuttitesti"
MAX_TARGET: Final = 1000
VIA_PORTAL: Final = "via=portal"
"""What the portal's links have in their query: the publisher knows by it whither a person may want to go back."""

OWN: Final = frozenset({HOME, "/omat-tiedot", "/ryhmat", "/opettajat"})
"""A person's own pages, which no login stands before."""
_BELOW: Final = tuple(f"{first}/" for first in (HOME, COURSES, *(f"/{room}" for room in Room)))
_FIRST_PRINTABLE: Final = "!"
_LAST_PRINTABLE: Final = "~"


def came_by_portal(address: str) -> bool:
    """Tell whether a path with its query is the portal's deep link, or what one has become on the way."""
    return VIA_PORTAL in address.partition("#")[0].partition("?")[2].split("&")


def local_target(asked: str | None) -> str:
    r"""Return `asked` when it is a page of materials, of one's own data or the attribute test, with a query, else HOME.

    Browsers read `//host` and, after turning backslashes round, `/\\host` as another host, and drop tabs and line
    breaks before they look: every character must be printable ASCII (RFC 3986 2), and none a backslash. Other pages of
    the service are refused because one of them starts a login, and a login that leads to itself never ends.
    """
    if not asked or len(asked) > MAX_TARGET or "\\" in asked:
        return HOME
    if not all(_FIRST_PRINTABLE <= character <= _LAST_PRINTABLE for character in asked):
        return HOME
    path = asked.partition("?")[0].partition("#")[0]
    segments = unquote(path).split("/")
    if path not in {ATTRIBUTE_TEST, *OWN} and not path.startswith((*_BELOW, "/omat-tiedot/osoite/")):
        return HOME
    return HOME if {".", ".."} & set(segments) else asked
