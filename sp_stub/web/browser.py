# SPDX-License-Identifier: Apache-2.0
"""What a browser holds for a service: random ids in cookies.

- `browser`: who started a login; it survives the cross-site POST of the answer.
- `session`: a login's outcome; new with every login.
- `staff`: who of customer service is signed in, apart from people's sessions.

No cookie holds anything about a person. Another one, which forms are tied to, is `sp_stub.web.form_token`'s.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from flask import Request, Response

from party.cookies import cookie_attributes, cookie_name
from sp_stub.settings import Settings

Purpose: TypeAlias = Literal["browser", "session", "staff"]

_CROSS_SITE: Final = frozenset({"browser"})
_ID_LENGTH: Final = 43


def new_id() -> str:
    """Return a fresh random id of 256 bits, as 43 letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(32)


class BrowserCookies:
    """One service's cookies."""

    def __init__(self, settings: Settings, make_id: Callable[[], str] = new_id) -> None:
        """Name them after the service and its port."""
        self._origin = settings.config.origin
        self._part = settings.simulated
        self.make_id = make_id

    def read(self, request: Request, purpose: Purpose) -> str | None:
        """Return the id that the browser holds, `None` where it holds none."""
        value = request.cookies.get(self._name(purpose), "")
        return value if len(value) == _ID_LENGTH else None

    def holds_any(self, request: Request) -> bool:
        """Tell whether the browser sent any cookie of this service: one that keeps none can do nothing here."""
        ours = self._name("")
        return any(name.startswith(ours) for name in request.cookies)

    def give(self, response: Response, purpose: Purpose, value: str) -> None:
        """Make the browser hold `value` until it is closed."""
        attributes = cookie_attributes(self._origin, cross_site=purpose in _CROSS_SITE)
        response.set_cookie(self._name(purpose), value, **attributes)

    def take(self, response: Response, purpose: Purpose) -> None:
        """Make the browser forget its id."""
        attributes = cookie_attributes(self._origin, cross_site=purpose in _CROSS_SITE)
        response.set_cookie(self._name(purpose), "", max_age=0, **attributes)

    def _name(self, purpose: Purpose | Literal[""]) -> str:
        return cookie_name(self._part, self._origin, purpose)
