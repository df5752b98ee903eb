# SPDX-License-Identifier: Apache-2.0
"""The terms of use: asked in the place of the page that was wanted, again when they change, and what declining means."""

from __future__ import annotations

from pathlib import Path

import pytest

from federation.publisher import Terms
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_people import OWN, comes_as, own_settings, send, sign_in

TERMS = Terms(version="v1", since="2026-08-01")
PUPIL = comes_as("MPASSOID.7", "30076;9B;1")


def with_terms(url: str = "sqlite://", version: str = "v1") -> FakeService:
    return FakeService(own_settings(terms=TERMS.model_copy(update={"version": version})), url)


def answer(browser: Browser, what: str, *, version: str = "v1", target: str = "/materials") -> str:
    """Answer the terms and return the path that the browser is sent to."""
    form = {"answer": what, "version": version, "target": target}
    return (
        send(browser, "/kayttoehdot", form, at="/materials")
        .headers["location"]
        .removeprefix("https://publisher.localhost")
    )


def come(service: FakeService, way: str) -> Browser:
    browser = service.browser()
    assert (browser.log_in(PUPIL) if way == "mpassid" else sign_in(browser, OWN)).status_code == 303
    return browser


def asks(browser: Browser, path: str = "/materials") -> bool:
    return 'data-page="terms"' in browser.get(path).text


@pytest.mark.parametrize("way", ["mpassid", "account"])
def test_asks_everybody_before_the_materials(way: str):
    """The page stands at the address that was asked for; machines are told of the session as ever."""
    browser = come(with_terms(), way)
    before = [asks(browser, path) for path in ("/materials", "/materials/matikka-9", "/ryhmat")]
    outcome = browser.session().json()["outcome"]
    went_to = answer(browser, "accept", target="/materials/matikka-9?page=7")

    assert (before, outcome) == ([True] * 3, "session")
    assert went_to == "/materials/matikka-9?page=7"
    assert not asks(browser)


def test_asks_once_for_a_version_and_again_for_the_next(tmp_path: Path):
    """What was accepted is kept with the person, over sessions; a changed declaration asks anew and says so."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    first = come(with_terms(url), "account")
    answer(first, "accept")
    same = come(with_terms(url), "account")
    changed = come(with_terms(url, "v2"), "account")

    assert not asks(same)
    assert asks(changed)
    assert "Käyttöehdot ovat muuttuneet" in changed.get("/materials").text


def test_signs_out_who_does_not_accept():
    """The session is over, and a page (118) says what that means."""
    service = with_terms()
    browser = come(service, "mpassid")
    cookies = dict(browser.client.cookies)
    went_to = answer(browser, "decline")
    page = browser.get(went_to)
    browser.client.cookies.update(cookies)

    assert (page.status_code, field(page, "error-number"), field(page, "reason")) == (403, "118", "terms-not-accepted")
    assert browser.get("/materials").status_code == 303


@pytest.mark.parametrize("form", [{"version": "v0"}, {"version": ""}, {"what": "yes"}], ids=str)
def test_takes_no_answer_for_an_acceptance_of_what_was_not_shown(form: dict[str, str]):
    """Another version than today's is not accepted by a page that was open too long."""
    browser = come(with_terms(), "account")
    sent = {"answer": "accept", "version": "v1", "target": "/materials", **form}
    if "what" in form:
        sent["answer"] = form["what"]
    send(browser, "/kayttoehdot", sent, at="/materials")

    assert browser.get("/materials").status_code == 303 or asks(browser)


def test_is_not_accepted_by_a_form_of_another_site():
    """Only the page's own button accepts."""
    browser = come(with_terms(), "account")
    browser.get("/materials")
    browser.post("/kayttoehdot", {"answer": "accept", "version": "v1"})

    assert asks(browser)


def test_lets_everybody_read_the_terms():
    """Signed in or not, without being asked."""
    page = with_terms().browser().get("/kayttoehdot").text

    assert field_text(page) == "Versio v1, voimassa 1. elokuuta 2026 alkaen"
    assert 'name="answer"' not in page


def field_text(page: str) -> str:
    return page.partition('data-field="terms-version">')[2].partition("<")[0]


def test_shows_what_was_accepted_and_when():
    """On the page of one's own data, which needs no acceptance."""
    browser = come(with_terms(), "account")
    before = browser.get("/omat-tiedot").text
    answer(browser, "accept")

    assert "Ei vielä hyväksytty" in before
    assert "Hyväksytty versio v1, 12.8.2026 klo 8.00" in browser.get("/omat-tiedot").text


def test_asks_nothing_where_no_terms_are_declared():
    """The declaration may leave them out."""
    browser = come(FakeService(own_settings()), "account")

    assert browser.get("/materials").status_code == 200
    assert not asks(browser)
