# SPDX-License-Identifier: Apache-2.0
"""Where a login may lead back to: the materials of this service, and nothing else. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

HOME: Final = "/materials"
MAX_TARGET: Final = 1000

_FIRST_PRINTABLE: Final = "!"
_LAST_PRINTABLE: Final = "~"


def local_target(asked: str | None) -> str:
    r"""Return `asked` when it is `/materials` or a path below it with an optional query, else `/materials`.

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
    if path != HOME and not path.startswith(f"{HOME}/"):
        return HOME
    return HOME if {".", ".."} & set(segments) else asked
