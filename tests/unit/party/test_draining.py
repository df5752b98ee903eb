# SPDX-License-Identifier: Apache-2.0
"""What a part in a container says and does between SIGTERM and its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import httpx
import pytest

from party.draining import Notice
from party.health import Health
from tests.builders.loopback_process import free_port
from tests.builders.wsgi import ask, request

SECONDS = 30.0

SERVER = """
import sys
from party.server import Listening, Server

def create():
    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "7")])
        return [b"the app"]
    from party.health import Health
    return Health(app, "proxy", "0.1.0", lambda: None)

Server("proxy", Listening([f"127.0.0.1:{sys.argv[1]}"], notice_seconds=5, is_behind_balancer=True), create).run()
"""


def app(_environ, start_response):  # noqa: ANN001 -- WSGI's own shape
    """Answer as the part's app."""
    start_response("200 OK", [])
    return [b"the app"]


def test_is_as_ready_as_the_part_until_notice_is_given() -> None:
    """The part's own readiness counts while nobody has told it to stop."""
    noticed = Notice(0).in_front_of(Health(app, "proxy", "0.1.0", lambda: None), "proxy")

    assert ask(noticed, request("GET", "/readyz")).status == "200 OK"


def test_is_not_ready_once_notice_is_given_and_answers_all_the_same() -> None:
    """The balancer reads that the part is stopping; who is on the way still gets an answer."""
    notice = Notice(0)
    noticed = notice.in_front_of(Health(app, "proxy", "0.1.0", lambda: None), "proxy")

    notice.give()
    ready, page = ask(noticed, request("GET", "/readyz")), ask(noticed, request("GET", "/login"))

    assert (ready.status, json.loads(ready.body).get("reason")) == ("503 Service Unavailable", "stopping")
    assert (page.status, page.body) == ("200 OK", b"the app")


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


@pytest.mark.thorough
def test_shuts_the_door_after_the_notice() -> None:
    """Told to stop, a server with two workers is not ready, goes on answering, and ends by itself with 0."""
    url = f"http://127.0.0.1:{free_port()}"

    def status(path: str) -> int:
        try:
            return httpx.get(f"{url}{path}", trust_env=False).status_code
        except httpx.TransportError:
            return 0

    with subprocess.Popen(  # noqa: S603 -- our own program
        [sys.executable, "-c", SERVER, url.rpartition(":")[2]], env={**os.environ, "PYTHONPATH": "."}
    ) as server:
        until(lambda: status("/readyz") == 200)
        server.send_signal(signal.SIGTERM)
        until(lambda: status("/readyz") == 503)
        while_stopping = status("/login")
        code = server.wait(SECONDS)

    assert (while_stopping, code) == (200, 0)
