# SPDX-License-Identifier: Apache-2.0
"""Asking a data service what it holds of a person: one GET, one JSON document or the reason why there is none.

The rules (home-protocols 4):

- a source holds at most its share of a worker's threads, and all sources together leave some; beyond that nobody is
  asked, and the answer is there at once;
- the whole exchange takes three seconds at most, however it trickles;
- no redirect is followed, and nothing of the environment (proxies, .netrc) is used;
- only 200 with `application/json` is read, and at most 64 kB of it;
- nothing of the address, of the answer or of an exception's text is told on: they hold who was asked for, and what.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpcore
import httpx

from federation.data_faults import NoData

SHARE: Final = 4
"""How many threads of a worker one source may hold: half of its eight, so that a source that hangs leaves the other
half to everybody else, and a class that signs in within one second at a source that answers is not turned away."""

TOGETHER: Final = 6
"""How many all sources may hold together: two are left for everybody else when a whole network of them hangs."""

MAX_BYTES: Final = 64 * 1024

_HEADERS: Final = {
    "Accept": "application/json",
    # so that the bound is on what arrives, not on what it unpacks to
    "Accept-Encoding": "identity",
    "User-Agent": "mpass-testbed",
}


class DataServices:
    """The data services of one proxy process; `close` closes the connections to them."""

    def __init__(self, transport: httpx.BaseTransport, flows: Iterable[str]) -> None:
        """Ask over `transport`; `flows` are the sources that have a data service."""
        self._client = httpx.Client(transport=transport, headers=_HEADERS, trust_env=False, follow_redirects=False)
        self._shares = {flow: threading.BoundedSemaphore(SHARE) for flow in flows}
        self._all = threading.BoundedSemaphore(TOGETHER)

    def ask(self, flow: str, url: str, auth: tuple[str, str] | None = None) -> Any | NoData:  # noqa: ANN401 -- JSON
        """Return the JSON document at `url`, or why there is none."""
        with _held(self._shares[flow]) as is_within_share, _held(self._all) as is_within_all:
            if not is_within_share:
                return NoData("home-data-busy", f"{SHARE} of this source under way")
            if not is_within_all:
                return NoData("home-data-busy", f"{TOGETHER} under way")
            return self._ask(url, auth)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _ask(self, url: str, auth: tuple[str, str] | None) -> Any | NoData:  # noqa: ANN401 -- JSON
        try:
            with self._client.stream("GET", url, auth=auth) as response:
                body = _read(response)
        except (httpx.TimeoutException, httpcore.TimeoutException):
            return NoData("home-data-timeout")
        except (httpx.TransportError, httpcore.NetworkError, httpcore.ProtocolError) as error:
            return NoData("home-data-unreachable", type(error).__name__)
        return body if isinstance(body, NoData) else _parsed(body)


@contextmanager
def _held(places: threading.BoundedSemaphore) -> Iterator[bool]:
    """Hold a place if there is one, without waiting for it, and tell whether there was."""
    is_held = places.acquire(blocking=False)
    try:
        yield is_held
    finally:
        if is_held:
            places.release()


def _read(response: httpx.Response) -> bytes | NoData:
    if response.has_redirect_location:
        return NoData("home-data-redirect", str(response.status_code))
    if response.status_code != httpx.codes.OK:
        return NoData("home-data-status", str(response.status_code))
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        return NoData("home-data-content-type")
    content = b""
    for chunk in response.iter_raw():
        content += chunk
        if len(content) > MAX_BYTES:
            return NoData("home-data-too-large", f"over {MAX_BYTES} bytes")
    return content


def _parsed(body: bytes) -> Any | NoData:  # noqa: ANN401 -- JSON
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return NoData("home-data-not-json")
