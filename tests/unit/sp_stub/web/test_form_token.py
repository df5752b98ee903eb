# SPDX-License-Identifier: Apache-2.0
"""Forms count only from our own pages, and the cookie they hang on says nothing and is given where it is needed."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sp_stub
from sp_stub.web.routes import all_routes
from sp_stub.web.routes.site import Route
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_service import service_settings

NAME = "__Host-publisher-443-form"
TEMPLATES = Path(sp_stub.__file__).parent / "pages" / "templates"
CONTACT = {"reply_to": "ope@koulu.example", "text": "Mitä teen?"}


def posts() -> Iterator[Route]:
    """Return what takes a POST; the routes are only listed, so that no site is needed."""
    site: Any = None
    return (route for route in all_routes(site, "publisher") if route.method == "POST")


def token_of(browser: Browser, path: str = "/yhteydenotto") -> str:
    """Return the token of a form on one of our pages."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def test_takes_a_form_from_elsewhere_only_at_the_acs():
    """The login service's answer is verified by its signature; every other form is ours."""
    assert [route.path for route in posts() if route.is_from_elsewhere] == ["/acs"]


@pytest.mark.parametrize("path", [route.path for route in posts() if not route.is_from_elsewhere])
@pytest.mark.parametrize("token", [None, "", "0" * 64, "ä", "WyJ4Il0.Zm9v.c2ln"])
def test_refuses_a_form_without_its_token(path: str, token: str | None):
    """None, an empty one, made up ones: our own page says that the form is not ours."""
    browser = FakeService().browser()
    browser.log_in()
    token_of(browser)

    answer = browser.post(re.sub(r"<[^>]+>", "1", path), {} if token is None else {"csrf_token": token})

    assert (answer.status_code, field(answer, "reason")) == (403, "form-not-ours")


def test_refuses_the_token_of_another_browser():
    """A token that somebody else was given, posted by a browser with a cookie of its own."""
    service = FakeService()
    mine, theirs = service.browser(), service.browser()
    token_of(mine)

    answer = mine.post("/yhteydenotto", {**CONTACT, "csrf_token": token_of(theirs)})

    assert field(answer, "reason") == "form-not-ours"


def test_refuses_a_cookie_and_a_token_of_another_key():
    """Both are signed by a secret of this testbed: what another one signed is worth nothing here."""
    other = dataclasses.replace(service_settings(), session_secret=bytes(range(32)))
    stranger = FakeService(other).browser()
    token = token_of(stranger)

    answer = FakeService().browser(stranger.client.cookies).post("/yhteydenotto", {**CONTACT, "csrf_token": token})

    assert field(answer, "reason") == "form-not-ours"


@pytest.mark.parametrize("cut", [1, 30])
def test_refuses_a_cookie_that_was_changed(cut: int):
    """One letter less, or a part of it: the browser counts as one without a form."""
    browser = FakeService().browser()
    token = token_of(browser)
    value = browser.client.cookies[NAME]
    browser.client.cookies.clear()
    browser.client.cookies.set(NAME, value[:-cut])

    assert field(browser.post("/yhteydenotto", {**CONTACT, "csrf_token": token}), "reason") == "form-not-ours"


def test_takes_an_open_form_after_hours():
    """Somebody was called away in the middle of it."""
    browser = FakeService().browser()
    token = token_of(browser)
    browser.get("/kirjaudu")

    assert browser.post("/yhteydenotto", {**CONTACT, "csrf_token": token}).status_code == 303


def test_makes_the_tokens_worthless_when_somebody_signs_out():
    """On a shared device the form that the one before left open is not the next one's."""
    browser = FakeService().browser()
    browser.log_in()
    token = token_of(browser, "/materials")

    browser.post("/logout", {"csrf_token": token})

    assert field(browser.post("/yhteydenotto", {**CONTACT, "csrf_token": token}), "reason") == "form-not-ours"


@pytest.mark.parametrize("path", ["/kirjaudu/mpassid", "/kayttoehdot", "/metadata", "/session.json"])
def test_gives_no_cookie_without_a_form(path: str):
    """A login neither gets nor reads the cookie: no Set-Cookie for it, no Vary."""
    browser = FakeService().browser()

    answer = browser.get(path)

    assert NAME not in browser.client.cookies
    assert "vary" not in answer.headers


def test_gives_no_cookie_in_the_answer_to_a_login():
    """The login service's POST is answered without it, for a browser that holds one too."""
    browser = FakeService().browser()
    token_of(browser)

    answer = browser.log_in()

    assert NAME not in str(answer.headers.get_list("set-cookie"))
    assert "vary" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "name", "attributes"),
    [
        ("https://publisher.localhost", NAME, {"secure", "httponly", "path=/", "samesite=lax"}),
        ("http://localhost:8002", "publisher-8002-form", {"httponly", "path=/", "samesite=lax"}),
    ],
)
def test_names_the_cookie_as_all_others(origin: str, name: str, attributes: set[str]):
    """Part and port in the name, and what it holds is one random number."""
    page = FakeService(service_settings(origin=origin)).browser().get("/yhteydenotto")

    cookie, *given = page.headers["set-cookie"].split("; ")
    held = json.loads(base64.urlsafe_b64decode(cookie.partition("=")[2].partition(".")[0] + "=="))
    assert cookie.partition("=")[0] == name
    assert {attribute.lower() for attribute in given} == attributes
    assert list(held) == ["csrf_token"]
    assert re.fullmatch(r"[0-9a-f]{40}", held["csrf_token"])


def test_posts_every_form_by_the_macro():
    """A template that writes a form of its own could forget the token."""
    writers = [path.name for path in sorted(TEMPLATES.rglob("*.html")) if 'method="post"' in path.read_text("utf-8")]

    assert writers == ["forms.html"]
