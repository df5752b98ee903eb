# SPDX-License-Identifier: Apache-2.0
"""The headers every page goes out with.

Nothing on a page comes from elsewhere or stands inline; it is not framed, not stored, and tells no other origin where
the person came from. Whoever answers adds the Content-Type.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

Header: TypeAlias = tuple[str, str]

NO_SNIFF: Final[Header] = ("X-Content-Type-Options", "nosniff")
NO_STORE: Final[Header] = ("Cache-Control", "no-store")

_ORIGIN: Final = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)
_POLICY: Final = (
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)


def headers(form_action: Sequence[str] = (), *, may_fetch: bool = False) -> list[Header]:
    """Return a page's headers; a form on it may lead to its own origin and those in `form_action`.

    With `may_fetch` its scripts may ask their own origin.

    Every origin a form may end up at belongs there, redirects included: Chromium checks those too (design 7). Raises
    `ValueError` for what is not an origin, so that nobody's metadata can write policy.
    """
    for origin in form_action:
        if not _ORIGIN.fullmatch(origin):
            message = f"expected an origin such as https://mpass.localhost:8443, found {origin!r}"
            raise ValueError(message)
    targets = " ".join(["'self'", *dict.fromkeys(form_action)])
    fetched = ["connect-src 'self'"] if may_fetch else []
    return [
        ("Content-Security-Policy", "; ".join([*_POLICY, *fetched, f"form-action {targets}"])),
        NO_SNIFF,
        NO_STORE,
        # not no-referrer: it would make the browser send `Origin: null` with a form to the page's own origin
        ("Referrer-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ]
