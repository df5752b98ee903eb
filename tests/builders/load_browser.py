# SPDX-License-Identifier: Apache-2.0
"""A generated login's browser on the in-process stack: no socket, and nothing of Locust."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from loadtests.exchange import Answer


@dataclass
class InProcessBrowser:
    """Carries exchanges by an httpx client; `before` is called with each address, and may raise."""

    client: httpx.Client
    before: Callable[[str], None] = lambda _url: None

    def get(self, url: str, authorization: str | None = None) -> Answer:
        """Return the answer to a GET."""
        return self._sent("GET", url, None, authorization)

    def post(self, url: str, body: bytes, authorization: str | None = None) -> Answer:
        """Return the answer to a form."""
        return self._sent("POST", url, body, authorization)

    def _sent(self, method: str, url: str, body: bytes | None, authorization: str | None) -> Answer:
        self.before(url)
        headers = {} if authorization is None else {"Authorization": authorization}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.client.request(method, url, content=body, headers=headers)
        return Answer(url, answer.status_code, answer.headers.get("location"), answer.content)
