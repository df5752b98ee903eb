# SPDX-License-Identifier: Apache-2.0
"""Sessions: how long they last, how they end, and what becomes of them when the publisher's business changes."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_response import FakeResponse
from tests.builders.sp_service import BUSINESS, service_settings


def logout_token(browser: Browser) -> str:
    return browser.get("/materials").text.partition('name="csrf_token" value="')[2].partition('"')[0]


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 303)])
def test_ends_when_nobody_uses_it_for_half_an_hour(minutes: int, status: int):
    """Idle time."""
    service = FakeService()
    browser = service.browser()
    browser.log_in()
    service.clock.advance(timedelta(minutes=minutes))

    assert browser.get("/materials").status_code == status


@pytest.mark.parametrize(("hours", "status"), [(7, 200), (8, 303)])
def test_ends_with_the_school_day_though_it_is_in_use(hours: int, status: int):
    """Lifetime."""
    service = FakeService()
    browser = service.browser()
    browser.log_in()
    for _ in range(hours * 3):
        service.clock.advance(timedelta(minutes=20))
        browser.get("/materials")

    assert browser.get("/materials").status_code == status


def test_ends_when_the_login_service_says_so():
    """SessionNotOnOrAfter (saml-core-2.0-os 2.7.2)."""
    service = FakeService()
    browser = service.browser()
    browser.log_in(FakeResponse(session_until=timedelta(minutes=2)))

    service.clock.advance(timedelta(minutes=2))

    assert browser.get("/materials").status_code == 303


def test_ends_by_logout_here_and_says_what_stays_open():
    """Only the local session ends."""
    browser = FakeService().browser()
    browser.log_in()
    cookies = dict(browser.client.cookies)

    answer = browser.post("/logout", {"csrf_token": logout_token(browser)})

    assert answer.headers["location"] == "https://publisher.localhost/uloskirjattu"
    browser.client.cookies.update(cookies)
    assert browser.get("/materials").status_code == 303
    assert "MPASSid-palveluun" in browser.get("/uloskirjattu").text


@pytest.mark.parametrize("token", ["", "0" * 64, "ä"])
def test_is_not_ended_by_another_site(token: str):
    """A form without this browser's token is refused, and the session stays."""
    browser = FakeService().browser()
    browser.log_in()

    answer = browser.post("/logout", {"csrf_token": token})

    assert (answer.status_code, field(answer, "reason")) == (403, "form-not-ours")
    assert browser.get("/materials").status_code == 200


def test_is_not_ended_with_the_token_of_another_session():
    """A token belongs to one session."""
    service = FakeService()
    mine, theirs = service.browser(), service.browser()
    mine.log_in(FakeResponse(response_id="id-1", assertion_id="id-2"))
    theirs.log_in(FakeResponse(response_id="id-3", assertion_id="id-4"))

    assert mine.post("/logout", {"csrf_token": logout_token(theirs)}).status_code == 403


def test_keeps_no_id_that_a_reader_of_the_database_could_use(tmp_path: Path):
    """The tables hold hashes of what the browser holds."""
    browser = FakeService(database_url=f"sqlite:///{tmp_path}/p.sqlite").browser()
    browser.log_in()

    with sqlite3.connect(tmp_path / "p.sqlite") as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    assert [value for value in browser.client.cookies.values() if value in dump] == []


def test_loses_what_the_publisher_no_longer_activates(tmp_path: Path):
    """The right is asked again on every page."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    browser = FakeService(database_url=url).browser()
    browser.log_in()
    closed = service_settings(publisher=BUSINESS.model_copy(update={"activated_schools": ("99904",)}))
    later = FakeService(closed, url).browser(browser.client.cookies)

    for path in ("/materials", "/materials/matikka-9", "/kampus/matikka-9", "/kampus/matikka-9/exercises"):
        page = later.get(path)
        assert (page.status_code, field(page, "reason"), field(page, "error-number")) == (
            403,
            "school-not-activated",
            "105",
        )


@pytest.mark.parametrize(
    ("key", "status", "reason"),
    [("matikka-9", 303, None), ("lukukirja-3", 403, "no-licence"), ("x", 404, "product-unknown")],
)
def test_opens_only_what_a_school_of_the_person_gives(key: str, status: int, reason: str | None):
    """A material of another school is refused, an unknown one not found."""
    browser = FakeService().browser()
    browser.log_in()

    page = browser.get(f"/materials/{key}")

    assert (page.status_code, field(page, "reason")) == (status, reason)


def test_answers_503_when_the_database_is_gone(tmp_path: Path):
    """No database, no login: a page of its own, and the part is not ready."""
    browser = FakeService(database_url=f"sqlite:///{tmp_path}/missing/publisher.sqlite").browser()

    page = browser.get("/kirjaudu/mpassid")

    assert (page.status_code, field(page, "reason")) == (503, "database-unavailable")
    ready = browser.get("/readyz")
    assert (ready.status_code, ready.json()["reason"]) == (503, "database-unavailable")
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/kirjaudu").status_code == 200
