# SPDX-License-Identifier: Apache-2.0
"""Liveness and readiness."""

import json

import pytest

from party.health import Health, part_version
from tests.builders.wsgi import Answer, ask, request


def app(_environ, start_response):  # noqa: ANN001 -- WSGI's own shape
    """Answer as the part's app."""
    start_response("200 OK", [])
    return [b"the app"]


def asked(path: str, reason: str | None = None, method: str = "GET") -> Answer:
    """Return what a part answers whose readiness fails for `reason`."""
    return ask(Health(app, "proxy", "0.1.0", lambda: reason), request(method, path))


def test_healthz_says_that_the_part_serves() -> None:
    """It answers 200 also while the part cannot do its work."""
    answer = asked("/healthz", reason="the store is locked")

    assert answer.status == "200 OK"
    assert json.loads(answer.body) == {"part": "proxy", "version": "0.1.0", "status": "ok"}


def test_readyz_says_that_the_part_can_work() -> None:
    """A part is ready when nothing keeps it from its work."""
    answer = asked("/readyz")

    assert answer.status == "200 OK"
    assert json.loads(answer.body) == {"part": "proxy", "version": "0.1.0", "status": "ok"}
    assert answer.header("Cache-Control") == "no-store"
    assert answer.header("Content-Type") == "application/json"


def test_readyz_says_why_not() -> None:
    """503 with the reason, for `up` and for a balancer."""
    answer = asked("/readyz", reason="the store is locked")

    assert answer.status == "503 Service Unavailable"
    assert json.loads(answer.body) == {
        "part": "proxy",
        "version": "0.1.0",
        "status": "unavailable",
        "reason": "the store is locked",
    }


def test_head_gets_headers_only() -> None:
    """Some probes ask with HEAD."""
    answer = asked("/healthz", method="HEAD")

    assert (answer.status, answer.body) == ("200 OK", b"")


def test_other_methods_are_refused() -> None:
    """There is nothing to post."""
    answer = asked("/readyz", method="POST")

    assert (answer.status, answer.header("Allow")) == ("405 Method Not Allowed", "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/healthz/", "/readyz/x", "/HEALTHZ"])
def test_everything_else_is_the_app_s(path: str) -> None:
    """Only the two exact paths are taken."""
    assert asked(path).body == b"the app"


def test_takes_its_version_from_the_image_where_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An image holds packages that no installer has seen; what was built says what it is."""
    monkeypatch.setattr("party.health._DISTRIBUTION", "no-such-distribution")
    monkeypatch.setenv("TESTBED_VERSION", "0.1.0")

    assert part_version() == "0.1.0"
