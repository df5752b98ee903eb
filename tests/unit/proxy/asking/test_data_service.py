# SPDX-License-Identifier: Apache-2.0
"""What is taken of a data service, and what a failing one costs (home-protocols 4)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpcore
import httpx
import pytest

from federation.data_faults import NoData
from party.server import THREADS
from proxy.asking.data_service import MAX_BYTES, SHARE, TOGETHER, DataServices

URL = "https://idp.localhost/koivuranta/external/mpass?username=virtavee"
JSON = {"Content-Type": "application/json; charset=utf-8"}
SECONDS = 5


def asked(handler: Callable[[httpx.Request], httpx.Response]) -> object:
    """Return what is made of an answer."""
    return DataServices(httpx.MockTransport(handler), ["WilmaKoivuranta"]).ask("WilmaKoivuranta", URL)


def response(content: bytes, status: int = 200, **headers: str) -> httpx.Response:
    """Return an answer whose body is still to be read, as a transport gives it."""
    return httpx.Response(status, headers={**JSON, **headers}, stream=httpx.ByteStream(content))


def answer(status: int = 200, content: bytes = b"[]", **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    """Return a data service that always answers so."""
    return lambda _: response(content, status, **headers)


def failing(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    """Return a data service at which the exchange fails so."""

    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    return fail


class Breaking(httpx.SyncByteStream):
    """An answer that breaks off in its body."""

    def __init__(self, error: Exception) -> None:
        """Break off with `error`."""
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        """Give a beginning."""
        yield b'[{"firstName": "Veera"'
        raise self._error


def breaking(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    """Return a data service whose answers break off so."""
    return lambda _: httpx.Response(200, headers=JSON, stream=Breaking(error))


def test_takes_a_json_document():
    """What was asked for is there, as it was written."""
    assert asked(answer(content='[{"firstName": "Äly"}]'.encode())) == [{"firstName": "Äly"}]


def test_takes_as_much_as_fits():
    """64 kB are read to the last byte."""
    document = json.dumps("a" * (MAX_BYTES - 2)).encode()

    assert asked(answer(content=document)) == "a" * (MAX_BYTES - 2)


@pytest.mark.parametrize(
    ("service", "because"),
    [
        pytest.param(answer(500), NoData("home-data-status", "500"), id="an error of the service"),
        pytest.param(answer(403), NoData("home-data-status", "403"), id="a refusal"),
        pytest.param(answer(404), NoData("home-data-status", "404"), id="an unknown person"),
        pytest.param(answer(204, b""), NoData("home-data-status", "204"), id="no content"),
        pytest.param(answer(302, Location="https://evil.example/"), NoData("home-data-redirect", "302"), id="a redirect"),
        pytest.param(answer(307, Location=URL), NoData("home-data-redirect", "307"), id="a redirect to itself"),
        pytest.param(answer(**{"Content-Type": "text/html"}), NoData("home-data-content-type"), id="a page"),
        pytest.param(answer(**{"Content-Type": "application/jsonp"}), NoData("home-data-content-type"), id="almost JSON"),
        pytest.param(answer(**{"Content-Type": ""}), NoData("home-data-content-type"), id="nothing declared"),
        pytest.param(answer(content=b" " * (MAX_BYTES + 1)), NoData("home-data-too-large", "over 65536 bytes"), id="a byte too much"),
        pytest.param(answer(content=b"[{"), NoData("home-data-not-json"), id="half a document"),
        pytest.param(answer(content=b""), NoData("home-data-not-json"), id="nothing"),
        pytest.param(answer(content=b'"\xff"'), NoData("home-data-not-json"), id="no UTF-8"),
        pytest.param(answer(content=b"[" * 60_000), NoData("home-data-not-json"), id="brackets without end"),
        pytest.param(failing(httpx.ConnectError("x")), NoData("home-data-unreachable", "ConnectError"), id="nobody there"),
        pytest.param(failing(httpcore.ConnectError("x")), NoData("home-data-unreachable", "ConnectError"), id="nobody there, below httpx"),
        pytest.param(failing(httpcore.RemoteProtocolError("x")), NoData("home-data-unreachable", "RemoteProtocolError"), id="no HTTP"),
        pytest.param(failing(httpcore.ReadTimeout("x")), NoData("home-data-timeout"), id="no answer in time"),
        pytest.param(breaking(httpcore.ReadTimeout("x")), NoData("home-data-timeout"), id="half an answer in time"),
        pytest.param(breaking(httpcore.ReadError("x")), NoData("home-data-unreachable", "ReadError"), id="a connection cut off"),
    ],
)  # fmt: skip
def test_tells_why_there_is_no_data(service: Callable[[httpx.Request], httpx.Response], because: NoData):
    """Each with its own id, and without a word of the address or of the answer."""
    assert asked(service) == because


def test_follows_no_redirect():
    """Nobody is asked a second time, wherever an answer leads."""
    asked_for: list[str] = []

    def lead(request: httpx.Request) -> httpx.Response:
        asked_for.append(str(request.url))
        is_first = len(asked_for) == 1
        return httpx.Response(302, headers={"Location": "https://evil.example/"}) if is_first else response(b"[]")

    asked(lead)

    assert asked_for == [URL]


def test_asks_with_a_name_and_a_password_where_there_are_some():
    """Basic authentication, and JSON is all that is wanted."""
    seen: list[httpx.Headers] = []

    def look(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return response(b"[]")

    DataServices(httpx.MockTransport(look), ["O"]).ask("O", URL, ("uid=mpass,dc=fi", "secret"))

    assert seen[0]["Authorization"] == "Basic dWlkPW1wYXNzLGRjPWZpOnNlY3JldA=="
    assert (seen[0]["Accept"], seen[0]["Accept-Encoding"]) == ("application/json", "identity")


def test_a_source_that_hangs_holds_its_share_of_threads_and_no_more():
    """Who comes beyond the share is answered at once, other sources go on, and the share comes back."""
    held, end = threading.Semaphore(0), threading.Event()

    def hang(request: httpx.Request) -> httpx.Response:
        if "koivuranta" in str(request.url):
            held.release()
            assert end.wait(SECONDS)
        return response(b'["whole"]')

    services = DataServices(httpx.MockTransport(hang), ["Hanging", "Other"])
    with ThreadPoolExecutor(SHARE) as threads:
        waiting = [threads.submit(services.ask, "Hanging", URL) for _ in range(SHARE)]
        assert all(held.acquire(timeout=SECONDS) for _ in range(SHARE))

        beyond = services.ask("Hanging", URL)
        other = services.ask("Other", "https://idp.localhost/other")
        end.set()

    assert beyond == NoData("home-data-busy", f"{SHARE} of this source under way")
    assert other == ["whole"]
    assert [each.result() for each in waiting] == [["whole"]] * SHARE
    assert services.ask("Hanging", URL) == ["whole"]


def test_sources_that_hang_together_leave_threads_to_everybody_else():
    """However many sources there are, some of a worker's threads wait for none."""
    held, end = threading.Semaphore(0), threading.Event()

    def hang(_request: httpx.Request) -> httpx.Response:
        held.release()
        assert end.wait(SECONDS)
        return response(b"[]")

    services = DataServices(httpx.MockTransport(hang), [f"Hanging{number}" for number in range(TOGETHER + 1)])
    with ThreadPoolExecutor(TOGETHER) as threads:
        for number in range(TOGETHER):
            threads.submit(services.ask, f"Hanging{number}", URL)
        assert all(held.acquire(timeout=SECONDS) for _ in range(TOGETHER))

        beyond = services.ask(f"Hanging{TOGETHER}", URL)
        end.set()

    assert beyond == NoData("home-data-busy", f"{TOGETHER} under way")
    assert (SHARE * 2, TOGETHER + 2) == (THREADS, THREADS)


@pytest.mark.parametrize("service", [answer(500), failing(httpx.ConnectError("x")), answer(content=b"[{")])
def test_gives_its_share_back_when_it_fails(service: Callable[[httpx.Request], httpx.Response]):
    """A source that failed often is asked again all the same."""
    services = DataServices(httpx.MockTransport(service), ["W"])

    because = {services.ask("W", URL).because for _ in range(SHARE + 1)}

    assert "home-data-busy" not in because
