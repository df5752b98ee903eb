# SPDX-License-Identifier: Apache-2.0
"""Liveness and readiness of a part, answered in front of its app so that no state cookie or page is involved.

`/healthz` says that the part serves; `/readyz` that it can do its work, else why not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from party.pages.security_headers import NO_SNIFF, NO_STORE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEALTH_PATH: Final = "/healthz"
READY_PATH: Final = "/readyz"
VERSION_VARIABLE: Final = "TESTBED_VERSION"
_DISTRIBUTION: Final = "mpass-testbed"


def part_version() -> str:
    """Return the testbed's version: as installed, else as an image says, else `unknown`."""
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return os.environ.get(VERSION_VARIABLE, "unknown")


class Health:
    """WSGI middleware that answers the two addresses and hands everything else on."""

    def __init__(self, app: WSGIApplication, part: str, part_version: str, ready: Callable[[], str | None]) -> None:
        """Answer for `part`; `ready` returns `None`, or the reason id of why the part cannot do its work: anybody reads it."""
        self._app = app
        self._part = part
        self._version = part_version
        self._ready = ready

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer GET and HEAD of the two addresses."""
        path = environ.get("PATH_INFO", "")
        if path not in {HEALTH_PATH, READY_PATH}:
            return self._app(environ, start_response)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            start_response("405 Method Not Allowed", [("Allow", "GET, HEAD"), ("Content-Length", "0")])
            return [b""]
        reason = self._ready() if path == READY_PATH else None
        document = {"part": self._part, "version": self._version, "status": "ok" if reason is None else "unavailable"}
        if reason is not None:
            document["reason"] = reason
        body = (json.dumps(document, ensure_ascii=False) + "\n").encode("utf-8")
        content = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("200 OK" if reason is None else "503 Service Unavailable", [*content, NO_STORE, NO_SNIFF])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
