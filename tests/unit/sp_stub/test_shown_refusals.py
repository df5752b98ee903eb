# SPDX-License-Identifier: Apache-2.0
"""A refusal that answered a POST is read in another language, and by whom."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_people import comes_as
from tests.builders.sp_response import FakeResponse

NOT_ACTIVATED = comes_as("MPASSOID.5", "99905;9A;1")
REFUSED_THERE = FakeResponse(
    status=("Responder", "AuthnFailed"), status_message="No learner id", attributes={}, sign_assertion=False
)
SHOWN = ("error-number", "reason", "request-id", "time")


def language_links(page: httpx.Response) -> dict[str, str]:
    """Return where the header's links lead, by language."""
    header = page.text.partition("</header>")[0]
    links = [re.search(r'href="([^"]+)"', each) for each in re.findall(r"<a [^>]*hreflang[^>]*>", header)]
    return dict(zip(("fi", "sv", "en"), (link[1] for link in links if link), strict=True))


def facts(page: httpx.Response) -> dict[str, Any]:
    """Return what is the same in every language."""
    return {name: field(page, name) for name in SHOWN} | {"status": page.status_code}


def is_in(language: str, page: httpx.Response) -> bool:
    return f'<html lang="{language}"' in page.text


def test_shows_the_refusal_of_a_login_in_each_language():
    """Reason, request and time stay, also a minute later; the log tells of one refusal."""
    service = FakeService()
    browser = service.browser()
    page = browser.log_in(NOT_ACTIVATED)
    service.clock.advance(timedelta(minutes=1))

    again = {language: browser.get(link) for language, link in language_links(page).items()}

    assert [is_in(language, each) for language, each in again.items()] == [True] * 3
    assert [facts(each) for each in again.values()] == [facts(page)] * 3
    assert facts(page)["reason"] == "school-not-activated"
    assert [event.name for event in service.events].count("refused") == 1
    assert ["99905" in each.text for each in again.values()] == [True] * 3


def test_keeps_what_the_login_service_said():
    """For who solves it, in the browser in which it was said."""
    browser = FakeService().browser()
    page = browser.log_in(REFUSED_THERE)

    again = browser.get(language_links(page)["sv"])

    assert [field(each, "detail") for each in (page, again)] == ["Responder / AuthnFailed: No learner id"] * 2


def test_tells_another_browser_nothing_of_the_person():
    """Who gets the address from somebody reads what the reason is, and neither schools nor what was said."""
    service = FakeService()
    refused, told = (
        service.browser().log_in(NOT_ACTIVATED),
        service.browser().log_in(REFUSED_THERE.but(response_id="another")),
    )
    other = service.browser()

    pages = [other.get(language_links(page)["en"]) for page in (refused, told)]

    assert [field(page, "reason") for page in pages] == ["school-not-activated", "login-refused"]
    assert "99905" not in pages[0].text
    assert field(pages[1], "detail") is None


def test_names_nobody_in_the_address():
    """It holds reason, request and times, to be read by anybody, and a signature."""
    browser = FakeService().browser()
    link = language_links(browser.log_in(NOT_ACTIVATED))["sv"]

    assert re.fullmatch(r"/pulma/[A-Za-z0-9_-]{100,300}\.[0-9a-f]{64}\?lang=sv", link)


def unknown_request(browser: Browser) -> httpx.Response:
    return browser.post("/acs", {"SAMLResponse": "x", "RelayState": "y"})


def without_cookies(browser: Browser) -> httpx.Response:
    browser.client.cookies.clear()
    return unknown_request(browser)


@pytest.mark.parametrize(
    ("refuse", "because"),
    [
        pytest.param(unknown_request, "request-unknown", id="a login that is not known"),
        pytest.param(without_cookies, "cookies-needed", id="a browser that keeps no cookies"),
    ],
)
def test_shows_what_nobody_is_known_of(refuse: Any, because: str):  # noqa: ANN401  # one of two functions
    """A page without a session has the links too."""
    browser = FakeService().browser()
    browser.start_login()
    page = refuse(browser)
    again = browser.get(language_links(page)["en"])

    assert (facts(again), facts(again)["reason"]) == (facts(page), because)
    assert is_in("en", again)


@pytest.mark.parametrize(
    ("minutes", "change", "status"),
    [
        pytest.param(14, lambda path: path, 403, id="in time"),
        pytest.param(15, lambda path: path, 404, id="after fifteen minutes"),
        pytest.param(0, lambda path: path[:-1], 404, id="with a shorter signature"),
        pytest.param(0, lambda path: path.replace("/pulma/", "/pulma/A"), 404, id="with other content"),
        pytest.param(0, lambda _: "/pulma/WzFd.", 404, id="without a signature"),
        pytest.param(0, lambda _: "/pulma/x.y", 404, id="of no form at all"),
    ],
)
def test_shows_nothing_that_it_was_not_told_to(minutes: int, change: Any, status: int):  # noqa: ANN401  # a function
    """An address cannot be made or altered, and does not last."""
    service = FakeService()
    browser = service.browser()
    path = language_links(browser.log_in(NOT_ACTIVATED))["sv"].partition("?")[0]
    service.clock.advance(timedelta(minutes=minutes))

    assert browser.get(change(path)).status_code == status
