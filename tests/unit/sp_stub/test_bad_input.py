# SPDX-License-Identifier: Apache-2.0
"""Whatever is sent to a service's addresses: a clear page and 4xx, never a traceback, never 500."""

from __future__ import annotations

import httpx
import pytest

from sp_stub.saml.provider import MAX_RESPONSE
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_response import FakeResponse

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"SAMLResponse=",
        b"SAMLResponse=%00&RelayState=%00",
        b"SAMLResponse=%FF%FE&RelayState=%ED%A0%80",
        b"SAMLResponse=a&RelayState=" + b"x" * 100_000,
        b"RelayState=x",
        b"=&=&=",
        b"&" * 5000,
    ],
)
def test_answers_garbage_at_the_acs_with_a_page(body: bytes):
    """Before a login, and in a browser that started one."""
    browser = FakeService().browser()
    browser.start_login()

    page = browser.client.post("/acs", content=body, headers={"content-type": FORM})

    assert page.status_code == 400
    assert field(page, "error-number") == "113"


@pytest.mark.parametrize(
    ("value", "check"),
    [
        ("", "response-not-xml"),
        ("\x00", "response-not-decodable"),
        ("AAAA", "response-not-xml"),
        ("A" * (MAX_RESPONSE + 4), "response-too-large"),
    ],
)
def test_answers_garbage_in_a_real_login_with_page_112(value: str, check: str):
    """A right RelayState with no response behind it."""
    browser = FakeService().browser()
    login = browser.start_login()

    page = browser.post("/acs", {"SAMLResponse": value, "RelayState": login.relay_state})

    assert (page.status_code, field(page, "error-number")) == (400, "112")
    assert str(field(page, "detail")).partition(";")[0] == check


def twice(browser: Browser, name: str) -> httpx.Response:
    login = browser.start_login()
    form = login.answer()
    pairs = {**form, name: [form[name], form[name]]}
    return browser.client.post("/acs", data=pairs)


@pytest.mark.parametrize(
    ("name", "reason"), [("SAMLResponse", "response-not-accepted"), ("RelayState", "request-unknown")]
)
def test_refuses_a_field_that_stands_twice(name: str, reason: str):
    """Two values are two messages to two readers."""
    assert field(twice(FakeService().browser(), name), "reason") == reason


def test_refuses_a_body_that_is_too_large():
    """Nothing of it is read."""
    page = FakeService().browser().post("/acs", {"SAMLResponse": "A" * 300_000})

    assert page.status_code == 413


@pytest.mark.parametrize("path", ["/acs", "/logout"])
def test_takes_no_get_where_only_forms_are_taken(path: str):
    """405 with a page and with what is allowed."""
    page = FakeService().browser().get(path)

    assert (page.status_code, page.headers["allow"]) == (405, "POST")
    assert "<h1>" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/materials/%00", "/materials/..%2f..%2fetc", "/materials/" + "a" * 3000, "//evil.example", "/%ff", "/kirjaudu/",
        "/kirjaudu?lang=%F0%9F%98%80&target=%FF", "/yhteydenotto?number=999999999999999999999", "/static/../app.py",
    ],
)  # fmt: skip
def test_never_fails_on_an_address(path: str):
    """Any address gets an answer below 500."""
    assert FakeService().browser().get(path).status_code < 500


@pytest.mark.parametrize("value", ["", "x", "x" * 43, '"' * 43, "a" * 4000])
def test_takes_a_made_up_cookie_for_none(value: str):
    """A cookie nobody was given opens nothing and breaks nothing."""
    browser = FakeService().browser()
    names = ("browser", "session", "form")
    cookies = "; ".join(f"__Host-publisher-443-{name}={value}" for name in names).encode()

    for path in ("/materials", "/kirjaudu", "/yhteydenotto", "/"):
        assert browser.client.get(path, headers={b"cookie": cookies}).status_code in {200, 303}
    assert browser.client.post("/acs", data={}, headers={b"cookie": cookies}).status_code == 400


def test_stays_bounded_when_attributes_are_large():
    """A large but good response is a login."""
    browser = FakeService().browser()
    answer = browser.log_in(FakeResponse(attributes={"uid": ["x"], "role": ["y" * 60] * 900}))

    assert (answer.status_code, field(answer, "reason")) == (403, "no-school-data")


@pytest.mark.parametrize("path", ["/", "/kirjaudu", "/kirjaudu/mpassid", "/materials", "/materials//x", "/kirjaudu//"])
def test_builds_no_address_from_the_host_it_is_asked_by(path: str):
    """A foreign Host header comes back in no redirect and on no page."""
    answer = FakeService().browser().client.get(path, headers={"Host": "evil.example"})

    assert "evil.example" not in answer.headers.get("location", "")
    assert "evil.example" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
