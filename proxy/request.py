# SPDX-License-Identifier: Apache-2.0
"""One HTTP request as our endpoints read it: SATOSA's context with what SATOSA's own parsing loses.

SATOSA keeps the last of repeated parameters, drops blank values and forgets the raw query; a SAML signature is over
the raw query, and a repeated parameter is an attack. So query and body stand here as they came, and as their pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

from satosa.context import Context
from satosa.exception import SATOSAError
from satosa.response import Response

from federation.model import Language
from federation.reasons import Refusal
from party.cookies import cookies_of
from party.pages import headers
from proxy.login import Login, LoginRefusedError, LoginState

MAX_FIELDS: Final = 20


class BadRequestError(SATOSAError):  # type: ignore[misc]  # SATOSA ships no types
    """The request is no form or query that can be read."""


class MethodNotAllowedError(SATOSAError):  # type: ignore[misc]  # SATOSA ships no types
    """The address is right, the method is not; `allowed` are the ones that are."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        """Keep the methods that the address answers."""
        self.allowed = allowed
        super().__init__(", ".join(allowed))


class RequestContext(Context):  # type: ignore[misc]  # SATOSA ships no types
    """SATOSA's context for one request, complete."""

    state: LoginState

    def __init__(self, environ: Mapping[str, Any], language: Language, path: str) -> None:
        """Read `environ`; raises `BadRequestError` for a form or query that is not one."""
        super().__init__()
        self.path = path
        self.language = language
        self.request_method = environ["REQUEST_METHOD"]
        self.query_string: str = environ.get("QUERY_STRING", "")
        self.query = fields(self.query_string)
        self.body = _body(environ) if self.request_method == "POST" else b""
        self.form = fields(_ascii(self.body))
        self.cookies = cookies_of(environ.get("HTTP_COOKIE"))
        self.new_cookies: list[str] = []
        self.home_session_end: datetime | None = None
        """When the identity provider ends its session, once it has said so about the person of this request."""
        self.is_resumed = False
        """Whether the person of this request is remembered from an earlier login."""
        self.state = LoginState()

    @property
    def address(self) -> str:
        """The path and query that a language link leads back to."""
        return f"/{self.path}" + (f"?{self.query_string}" if self.query_string else "")

    def form_value(self, name: str) -> str | None:
        """Return the form's one value of `name`, None when there is none or more than one."""
        values = [value for field, value in self.form if field == name]
        return values[0] if len(values) == 1 else None

    def query_value(self, name: str) -> str | None:
        """Return the query's one value of `name`, None when there is none or more than one."""
        values = [value for field, value in self.query if field == name]
        return values[0] if len(values) == 1 else None

    def login(self) -> Login:
        """Return the login in progress that this request belongs to; raises `LoginRefusedError` when there is none."""
        values = self.state.get("login")
        if values is None:
            raise no_login(self.state)
        return Login.from_values(values)

    def keep(self, login: Login) -> None:
        """Let the browser carry `login` on to the next request."""
        self.state["login"] = login.to_values()


def _body(environ: Mapping[str, Any]) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return body


def _ascii(body: bytes) -> str:
    try:
        return body.decode("ascii")
    except UnicodeDecodeError as error:
        raise BadRequestError from error


def fields(encoded: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a form or query, blank values too; raises `BadRequestError`."""
    try:
        return tuple(parse_qsl(encoded, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"))
    except ValueError as error:
        raise BadRequestError from error


def no_login(state: LoginState) -> LoginRefusedError:
    """Return the refusal of a request that needs a login in progress and has none."""
    return LoginRefusedError(Refusal(state.problem or "login-not-found"))


def see_other(url: str) -> Response:
    """Return the redirect that is followed by GET, whatever the method was, and is kept nowhere."""
    return Response(b"", status="303 See Other", headers=[("Location", url), *headers()], content="text/plain")


@dataclass(frozen=True)
class Endpoint:
    """One address of the proxy: the methods it answers and what it does."""

    handle: Callable[[RequestContext], Response]
    methods: tuple[str, ...] = ("GET", "HEAD")

    def __call__(self, context: RequestContext) -> Response:
        """Answer the request; raises `MethodNotAllowedError`."""
        if context.request_method not in self.methods:
            raise MethodNotAllowedError(self.methods)
        return self.handle(context)


Routes: TypeAlias = list[tuple[str, Endpoint]]
"""What SATOSA's router takes: anchored patterns of paths without their first slash, and what answers."""
