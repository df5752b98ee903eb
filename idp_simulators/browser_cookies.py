# SPDX-License-Identifier: Apache-2.0
"""The cookies of the simulators in the request at hand, and how they are set."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Response, request

from party.cookies import cookie_name, cookies_of, folder_cookie_name, set_cookie, set_folder_cookie


@dataclass(frozen=True)
class BrowserCookies:
    """Reads and sets cookies at the simulators' origin."""

    origin: str

    def read(self, purpose: str) -> str | None:
        """Return the cookie's value, `None` where there is none."""
        return cookies_of(request.environ.get("HTTP_COOKIE")).get(cookie_name("idp", self.origin, purpose))

    def set(self, response: Response, purpose: str, value: str) -> None:
        """Set a cookie that also comes with an AuthnRequest that the proxy posts, from another site."""
        name = cookie_name("idp", self.origin, purpose)
        response.headers.add("Set-Cookie", set_cookie(self.origin, name, value, cross_site=True))

    def read_folder(self, purpose: str) -> str | None:
        """Return the value of a cookie that opens one folder, `None` where there is none."""
        return cookies_of(request.environ.get("HTTP_COOKIE")).get(folder_cookie_name("idp", self.origin, purpose))

    def set_folder(self, response: Response, purpose: str, value: str, folder: str, max_age: int) -> None:
        """Set a cookie that opens `folder` for so many seconds and comes with no request from another site."""
        name = folder_cookie_name("idp", self.origin, purpose)
        header = set_folder_cookie(self.origin, name, value, folder=folder, max_age=max_age)
        response.headers.add("Set-Cookie", header)

    def browser(self) -> str:
        """Return the browser's own random id, a fresh one where it has none yet."""
        return self.read("browser") or secrets.token_urlsafe(16)

    def is_own_form(self) -> bool:
        """Tell whether a form was sent from a page of ours, by its Origin; a client that sends none is no browser."""
        return request.headers.get("Origin", self.origin) == self.origin
