# SPDX-License-Identifier: Apache-2.0
"""One exchange of a generated login, as the way through the login sees it; who carries it is somebody else's.

A `Browser` is one person's: it keeps their cookies and follows nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Protocol
from urllib.parse import urljoin

MOST_BYTES: Final = 2_000_000
"""A larger page is not read."""

_REDIRECTS: Final = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER})


TIMEOUT: Final = "timeout"
"""The person's patience ended."""
CONNECTION: Final = "connection"
"""Nobody answered, or the answer broke off."""
TOO_LARGE: Final = "too-large"
OUTSIDE: Final = "outside"
"""The chain led to an address that is none of the target's: nothing is sent there."""


class ExchangeError(Exception):
    """An exchange that brought no answer; `kind` is one of the ids above."""

    def __init__(self, kind: str) -> None:
        """Keep the id."""
        super().__init__(kind)
        self.kind = kind


def address(base: str, reference: str) -> str:
    """Return the address that a page at `base` refers to; the parts write most of them whole."""
    return reference if reference.startswith(("http://", "https://")) else urljoin(base, reference)


@dataclass(frozen=True)
class Answer:
    """What came back: the address that was asked, the status, where a redirect leads, the page."""

    url: str
    status: int
    location: str | None
    page: bytes

    @property
    def next_url(self) -> str | None:
        """Where a browser goes on by itself, None where it stays."""
        if self.status in _REDIRECTS and self.location is not None:
            return address(self.url, self.location)
        return None


class Browser(Protocol):
    """Asks for one person, with that person's cookies."""

    def get(self, url: str, authorization: str | None = None) -> Answer:
        """Return the answer to a GET; raises `ExchangeError` where there is none."""

    def post(self, url: str, body: bytes, authorization: str | None = None) -> Answer:
        """Return the answer to a form that is posted; raises `ExchangeError` where there is none."""
