# SPDX-License-Identifier: Apache-2.0
"""A browser without a screen: cookies as a browser sends them, redirects followed by hand, every hop recorded.

It adds to httpx what a browser does and a client library does not: a cookie that is not `SameSite=None` stays at home
on a POST from another site, and the number of hops and the size of a page are bounded. What to do on a page is
`testbed.flow.login`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import Cookie
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx

from testbed.flow.page import MAX_PAGE, Form, Page, PageKind

MAX_HOPS: Final = 40
NAVIGATION: Final = {"Accept": "text/html", "User-Agent": "testbed-login"}
_MESSAGES: Final = (
    ({"SAMLRequest"}, "AuthnRequest"),
    ({"SAMLResponse"}, "Response"),
    ({"returnUrl", "h"}, "request to Wilma"),
    ({"nonce", "h"}, "answer of Wilma"),
    ({"return_to", "nonce"}, "request to Opinsys"),
    ({"jwt"}, "token of Opinsys"),
)
"""What a request carries, by the parameters that it has, and the word for it (home-protocols 2 and 3)."""

NO_HEADERS: Final[Mapping[str, str]] = {}

PartOf = Callable[[str], str]
"""Tells which part answers at a URL."""


class FlowError(Exception):
    """The chain went somewhere a browser cannot follow; the text says where."""


@dataclass(frozen=True)
class Hop:
    """One request and its answer, by part names and words; never a person's data."""

    sender: str
    receiver: str
    method: str
    status: int
    what: str

    def as_json(self) -> dict[str, str | int]:
        """Return the hop as `login --json` prints it."""
        return {
            "from": self.sender,
            "to": self.receiver,
            "method": self.method,
            "status": self.status,
            "what": self.what,
        }


@dataclass(frozen=True)
class SeenMessage:
    """A SAML message on its way through the browser, still encoded."""

    hop: int
    sender: str
    receiver: str
    parameter: str
    binding: str
    encoded: str
    relay_state: str | None


@dataclass
class Browser:
    """One person's browser: `client` holds the cookies; `hops` and `messages` grow as it goes."""

    client: httpx.Client
    part_of: PartOf
    hops: list[Hop] = field(default_factory=list)
    messages: list[SeenMessage] = field(default_factory=list)
    _at: str = ""

    def open(self, url: str, what: str) -> Page:
        """Type an address: return the page at its end, redirects followed."""
        self._at = ""
        return self._navigate("GET", url, {}, what)

    def submit(self, form: Form, values: Mapping[str, str], what: str, headers: Mapping[str, str] = NO_HEADERS) -> Page:
        """Send a form with `values` over its own; return the page at its end, redirects followed.

        `headers` go with the form and to nobody it redirects to.
        """
        return self._navigate(form.method, form.action, {**form.fields, **values}, what, headers)

    def return_to(self, page: Page) -> None:
        """Press "back" until `page` is shown again."""
        self._at = page.url

    def _navigate(
        self, method: str, url: str, fields: Mapping[str, str], what: str, headers: Mapping[str, str] = NO_HEADERS
    ) -> Page:
        while True:
            response, page = self._send(method, url, fields, what, headers)
            if not response.is_redirect:
                self._at = url
                return page
            if response.status_code in {307, 308} and method == "POST":
                message = f"{self.part_of(url)} repeats a POST by status {response.status_code}"
                raise FlowError(message)
            self._at, url = url, str(response.url.join(response.headers["location"]))
            method, fields, what, headers = "GET", {}, "", NO_HEADERS

    def _send(
        self, method: str, url: str, fields: Mapping[str, str], what: str, headers: Mapping[str, str]
    ) -> tuple[httpx.Response, Page]:
        if len(self.hops) >= MAX_HOPS:
            message = f"more than {MAX_HOPS} hops; the last were {', '.join(hop.receiver for hop in self.hops[-4:])}"
            raise FlowError(message)
        request = self.client.build_request(
            method,
            url,
            params=fields if method == "GET" and fields else None,
            data=fields if method == "POST" else None,
            headers={**NAVIGATION, **self._origin_headers(method), **headers},
        )
        self._leave_cookies_at_home(request)
        self._record_messages(request, fields)
        try:
            response = self.client.send(request)
        except httpx.HTTPError as error:
            message = f"{self.part_of(url)} does not answer: {error or type(error).__name__}"
            raise FlowError(message) from error
        page = _page(url, response)
        carried = {*fields, *parse_qs(request.url.query.decode("ascii"))}
        self.hops.append(
            Hop(self._sender(), self.part_of(url), method, response.status_code, _words(carried, page, what))
        )
        return response, page

    def _origin_headers(self, method: str) -> dict[str, str]:
        if method == "GET" or not self._at:
            return {}
        parts = urlsplit(self._at)
        return {"Origin": f"{parts.scheme}://{parts.netloc}"}

    def _leave_cookies_at_home(self, request: httpx.Request) -> None:
        """Drop what a browser would not send from another site (RFC 6265bis 5.2; no SameSite counts as Lax)."""
        url = str(request.url)
        if not self._at or site(self._at) == site(url):
            return
        sent = httpx.Cookies()
        for cookie in self.client.cookies.jar:
            if _crosses_sites(cookie, request.method):
                sent.jar.set_cookie(cookie)
        request.headers.pop("cookie", None)
        sent.set_cookie_header(request)

    def _record_messages(self, request: httpx.Request, fields: Mapping[str, str]) -> None:
        query = {name: values[0] for name, values in parse_qs(request.url.query.decode("ascii")).items()}
        values, binding = (fields, "HTTP-POST") if request.method == "POST" else (query, "HTTP-Redirect")
        for parameter in ("SAMLRequest", "SAMLResponse"):
            if parameter in values:
                self.messages.append(
                    SeenMessage(
                        hop=len(self.hops) + 1,
                        sender=self._sender(),
                        receiver=self.part_of(str(request.url)),
                        parameter=parameter,
                        binding=binding,
                        encoded=values[parameter],
                        relay_state=values.get("RelayState"),
                    )
                )

    def _sender(self) -> str:
        return self.part_of(self._at) if self._at else "browser"


def site(url: str) -> tuple[str, str]:
    """Return the schemeful site of a URL: below `localhost` every name is a site of its own, ports don't count."""
    parts = urlsplit(url)
    return parts.scheme, ".".join((parts.hostname or "").split(".")[-2:])


def _words(carried: set[str], page: Page, what: str) -> str:
    """Return what a request carried and what came of it, in words without any value."""
    what = next((word for names, word in _MESSAGES if names <= carried), what)
    answer = "" if page.kind is PageKind.OTHER else page.kind.value
    return " → ".join(word for word in (what, answer) if word)


def _crosses_sites(cookie: Cookie, method: str) -> bool:
    same_site = (_same_site(cookie) or "lax").lower()
    return (same_site == "none" and cookie.secure) or (same_site == "lax" and method == "GET")


def _same_site(cookie: Cookie) -> str | None:
    for name in ("SameSite", "samesite", "Samesite"):
        if cookie.has_nonstandard_attr(name):
            return cookie.get_nonstandard_attr(name)
    return None


def _page(url: str, response: httpx.Response) -> Page:
    if len(response.content) > MAX_PAGE:
        message = f"a page of {len(response.content)} bytes, larger than {MAX_PAGE}"
        raise FlowError(message)
    return Page(url, response.status_code, response.headers.get("content-type", ""), response.content)
