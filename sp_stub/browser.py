# SPDX-License-Identifier: Apache-2.0
"""What a browser holds for a service: random ids in cookies, and the tokens its forms carry.

- `browser`: who started a login; it survives the cross-site POST of the answer.
- `session`: a login's outcome; new with every login.
- `form`: what the contact form is tied to, for people who are not signed in.

No cookie holds anything about a person. A form's token is made from the cookie, so that another site, which cannot
read the cookie, cannot make it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from flask import Request, Response

from party.cookies import cookie_attributes, cookie_name
from sp_stub.settings import Settings

Purpose: TypeAlias = Literal["browser", "session", "form"]

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
        self._secret = settings.session_secret
        self.make_id = make_id

    def read(self, request: Request, purpose: Purpose) -> str | None:
        """Return the id that the browser holds, `None` where it holds none."""
        value = request.cookies.get(self._name(purpose), "")
        return value if len(value) == _ID_LENGTH else None

    def give(self, response: Response, purpose: Purpose, value: str) -> None:
        """Make the browser hold `value` until it is closed."""
        attributes = cookie_attributes(self._origin, cross_site=purpose in _CROSS_SITE)
        response.set_cookie(self._name(purpose), value, **attributes)

    def take(self, response: Response, purpose: Purpose) -> None:
        """Make the browser forget its id."""
        attributes = cookie_attributes(self._origin, cross_site=purpose in _CROSS_SITE)
        response.set_cookie(self._name(purpose), "", max_age=0, **attributes)

    def form_token(self, form: str, cookie: str) -> str:
        """Return the token of the form named `form` for the browser that holds `cookie`."""
        return hmac.new(self._secret, f"{form}\n{cookie}".encode(), hashlib.sha256).hexdigest()

    def holds_form_token(self, form: str, cookie: str | None, token: str) -> bool:
        """Tell whether `token` is this browser's own."""
        if cookie is None:
            return False
        return hmac.compare_digest(self.form_token(form, cookie).encode(), token.encode("utf-8", "surrogateescape"))

    def _name(self, purpose: Purpose) -> str:
        return cookie_name(self._part, self._origin, purpose)
