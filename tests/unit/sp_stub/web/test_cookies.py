# SPDX-License-Identifier: Apache-2.0
"""Cookies: what a browser without them is told, and that none of ours says anything of a person."""

from __future__ import annotations

import base64
import json
import re

import pytest

from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_people import OWN, OWN_MAIL, comes_as, own_service, send, sign_in
from tests.builders.sp_response import PUPIL, FakeResponse

RANDOM = re.compile(r"[A-Za-z0-9_-]{43}")
PERSONAL = [*(value for values in PUPIL.values() for value in values), "Testi", "Oppilas", OWN, OWN_MAIL, "Oili"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_tells_a_browser_without_cookies_at_the_end_of_a_login(language: str):
    """The answer comes, and nothing that says who started the login: error 120, and what to do."""
    service = own_service()
    answer = service.browser().start_login(f"?lang={language}").answer()
    page = service.browser().post("/acs", answer)

    assert (page.status_code, field(page, "error-number"), field(page, "reason")) == (400, "120", "cookies-needed")
    assert page.headers.get_list("set-cookie") == []


@pytest.mark.parametrize("path", ["/kirjaudu", "/yhteydenotto", "/oma-tunnus/salasana", "/omat-tiedot", "/logout"])
def test_tells_a_browser_without_cookies_at_each_form(path: str):
    """A form that no cookie came with."""
    service = own_service()
    page = service.browser().get("/kirjaudu").text
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert token is not None
    answer = service.browser().post(path, {"csrf_token": token[1], "username": OWN, "password": f"{OWN}pwd"})

    assert (answer.status_code, field(answer, "reason")) == (400, "cookies-needed")


def test_does_not_blame_cookies_where_there_are_some():
    """A browser with a cookie of ours and another's form is told of the form."""
    browser = own_service().browser()
    browser.get("/kirjaudu?lang=fi")

    assert field(browser.post("/kirjaudu", {"csrf_token": "x"}), "reason") == "form-not-ours"


def walked_through() -> tuple[FakeService, dict[str, str]]:
    """Return the cookies of somebody who used everything: every name with its last value."""
    service = own_service()
    browser = service.browser()
    held: dict[str, str] = {}

    def keep(_: object) -> None:
        held.update(browser.client.cookies)

    browser.client.event_hooks["response"].append(lambda response: response.read())
    for step in (
        lambda: browser.get("/kirjaudu?lang=sv"),
        lambda: browser.log_in(FakeResponse(attributes=PUPIL)),
        lambda: browser.get("/materials"),
        lambda: send(browser, "/omat-tiedot", {"display_name": "Testi", "mail": "t@koti.example"}),
        lambda: sign_in(browser),
        lambda: send(browser, "/oma-tunnus/salasana", {"username": OWN_MAIL}),
        lambda: browser.log_in(comes_as("MPASSOID.9", "30076;9B;2")),
        lambda: browser.get("/ryhmat"),
    ):
        keep(step())
    return service, held


def test_puts_nothing_of_a_person_into_any_cookie():
    """Every cookie the service sets: a language, or a random value; what is signed is read as well."""
    _, held = walked_through()
    kinds = {name.rpartition("-")[2]: value for name, value in held.items()}
    opened = {name: unsigned(value) for name, value in kinds.items()}

    assert sorted(kinds) == ["browser", "form", "lang", "session"]
    assert kinds["lang"] == "sv"
    assert RANDOM.fullmatch(kinds["browser"])
    assert RANDOM.fullmatch(kinds["session"])
    assert list(json.loads(opened["form"])) == ["csrf_token"]
    text = " ".join([*kinds.values(), *opened.values()])
    assert [one for one in PERSONAL if one in text or base64.b64encode(one.encode()).decode().rstrip("=") in text] == []


def unsigned(value: str) -> str:
    """Return what a signed cookie says, empty for any other."""
    content = value.partition(".")[0]
    try:
        return base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)).decode()
    except (ValueError, UnicodeDecodeError):
        return ""


def another(character: str) -> str:
    """Return a character of a session id that is not this one."""
    return "B" if character == "A" else "A"


@pytest.mark.parametrize(
    "change",
    [lambda value: value[::-1], lambda value: value[:-1] + another(value[-1]), lambda _: "A" * 43],
    ids=["reversed", "last-character", "made-up"],
)
def test_takes_a_session_that_was_tampered_with_for_none(change):  # noqa: ANN001  # a row of the table
    """A changed or made up id opens nothing and breaks nothing."""
    browser: Browser = own_service().browser()
    sign_in(browser)
    name = "__Host-publisher-443-session"
    value = browser.client.cookies[name]
    browser.client.cookies.clear()
    browser.client.cookies.set(name, change(value), domain="publisher.localhost")

    assert browser.get("/materials").status_code == 303
    assert browser.get("/omat-tiedot.json").status_code == 303
