# SPDX-License-Identifier: Apache-2.0
"""A lost account is closed at once: by who is signed in, and by who has its mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders.sp_browser import FakeService, field
from tests.builders.sp_people import (
    OWN,
    OWN_MAIL,
    PASSWORD,
    TEACHER,
    comes_as,
    link_of,
    mail_links,
    own_service,
    send,
    sign_in,
)

PATH = "/oma-tunnus/kadonnut"


def test_closes_the_access_of_who_is_signed_in_everywhere():
    """Every session of theirs ends, and the right password gets the page that says so (117)."""
    service = own_service()
    here, thief = service.browser(), service.browser()
    sign_in(here)
    sign_in(thief)
    closed = send(here, "/omat-tiedot/kadonnut", {})
    again = sign_in(service.browser())

    assert "Käyttöoikeutesi on suljettu" in closed.text
    assert [browser.get("/materials").status_code for browser in (here, thief)] == [303, 303]
    assert (again.status_code, field(again, "error-number")) == (403, "117")
    assert [kind for kind, _ in mail_links(service, OWN_MAIL)] == ["closed"]


def test_tells_only_the_right_password_that_an_account_is_closed():
    """A wrong one is answered as ever."""
    service = own_service()
    browser = service.browser()
    sign_in(browser)
    send(browser, "/omat-tiedot/kadonnut", {})

    assert sign_in(service.browser(), OWN, "wrong").status_code == 422


def test_closes_the_access_of_who_came_by_mpassid():
    """Their login is refused from then on, and their other session is over."""
    service = own_service()
    here, thief = service.browser(), service.browser()
    here.log_in(comes_as("MPASSOID.7", "30076;7B;1"))
    thief.log_in(comes_as("MPASSOID.7", "30076;7B;1", message="2"))
    send(here, "/omat-tiedot/kadonnut", {})
    again = service.browser().log_in(comes_as("MPASSOID.7", "30076;7B;1", message="3"))

    assert thief.get("/materials").status_code == 303
    assert (again.status_code, field(again, "error-number")) == (403, "117")


def test_closes_by_a_link_that_works_once_and_for_an_hour():
    """For who cannot sign in any more; looking at the page closes nothing."""
    service = own_service()
    thief = service.browser()
    sign_in(thief)
    send(service.browser(), PATH, {"username": OWN})
    link = link_of(service, OWN_MAIL)
    looked = service.browser().get(link)
    open_still = thief.get("/materials")
    closed = send(service.browser(), link, {})

    assert (looked.status_code, open_still.status_code, closed.status_code) == (200, 200, 200)
    assert thief.get("/materials").status_code == 303
    assert service.browser().get(link).status_code == 404


def test_refuses_a_link_that_is_an_hour_old():
    """By the service's clock."""
    service = own_service()
    send(service.browser(), PATH, {"username": OWN})
    link = link_of(service, OWN_MAIL)
    service.clock.advance(timedelta(hours=1))

    assert service.browser().get(link).status_code == 404


@pytest.mark.parametrize("name", [OWN, "nobody.here", "nobody@koti.example", TEACHER])
def test_says_the_same_whoever_is_reported(name: str):
    """Nobody learns who has an account."""
    answer = send(own_service().browser(), PATH, {"username": name})

    assert (answer.status_code, answer.headers["location"]) == (303, f"https://publisher.localhost{PATH}/lahetetty")


def test_gives_a_closed_account_no_new_password():
    """Only customer service opens it again: a link that was sent before is over, and a new one is not sent."""
    service = own_service()
    send(service.browser(), "/oma-tunnus/salasana", {"username": OWN})
    before = link_of(service, OWN_MAIL)
    browser = service.browser()
    sign_in(browser)
    send(browser, "/omat-tiedot/kadonnut", {})
    send(service.browser(), "/oma-tunnus/salasana", {"username": OWN})

    assert service.browser().get(before).status_code == 404
    assert mail_links(service, OWN_MAIL)[0] == ("closed", "")


def test_closes_nothing_for_a_form_of_another_site():
    """A page elsewhere cannot close somebody's account."""
    service: FakeService = own_service()
    browser = service.browser()
    sign_in(browser)

    assert browser.post("/omat-tiedot/kadonnut", {"password": PASSWORD}).status_code == 403
    assert browser.get("/materials").status_code == 200
