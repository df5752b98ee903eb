# SPDX-License-Identifier: Apache-2.0
"""WSGI requests that are valid until a test changes one thing, and what an app answered to them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.util import setup_testing_defaults


@dataclass(frozen=True)
class Answer:
    """What a WSGI app answered: the status line, the headers as sent, the whole body."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode("utf-8")

    def header(self, name: str) -> str | None:
        """Return the first header of that name."""
        return next((value for one, value in self.headers if one.lower() == name.lower()), None)


def request(method: str = "GET", path: str = "/", body: bytes | None = None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- an environ holds anything
    """Return the environ of a request; `changes` replace or, with `None`, remove keys of it."""
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    if body is not None:
        environ |= {
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
    environ |= changes
    return {name: value for name, value in environ.items() if value is not None}


def ask(app: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Answer:
    """Return what `app` answers."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _exc_info: object = None
    ) -> Callable[[bytes], object]:
        started.append((status, headers))
        return lambda _: None

    body = b"".join(app(environ, start_response))
    status, headers = started[-1]
    return Answer(status, headers, body)
