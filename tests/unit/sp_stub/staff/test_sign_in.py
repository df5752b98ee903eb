# SPDX-License-Identifier: Apache-2.0
"""Customer service's door: who gets in, for how long, and who does not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sp_stub.data.audit_trail import AuditFilter, AuditTrail
from sp_stub.data.database import Database
from tests.builders.sp_browser import FakeService, field
from tests.builders.sp_service import service_settings
from tests.builders.sp_staff import DESK, StaffBrowser, at_desk, login_as, staffed_service, staffed_settings

PAGES = (
    "oppilaitokset",
    "oppilaitokset/30076",
    "oppilaitokset/30076/deactivate",
    "asiakkaat",
    "asiakkaat/mansikkala",
    "asiakkaat/mansikkala/end-contract",
    "kayttajat",
    "kayttajat/1",
    "viestit",
    "tapahtumat",
    "tapahtumat.json",
    "tapahtumat.csv",
    "tilastot",
)


def test_shows_who_can_sign_in():
    """A test environment tells its people and the rule of their passwords."""
    page = staffed_service().browser().get(DESK).text

    assert 'data-page="staff-sign-in"' in page
    assert "saara.tuki" in page
    assert "Veikko Tuki" in page
    assert "käyttäjätunnus ja sen perässä pwd" in page


def test_says_when_nobody_is_declared():
    """A declaration without staff has a door that explains itself."""
    assert "publisher.staff" in staffed_service(staff={}).browser().get(DESK).text


def test_lets_the_declared_people_in():
    """With the documented password; the name may be written in capitals."""
    browser = StaffBrowser(staffed_service())

    assert browser.sign_in("Saara.Tuki", "saara.tukipwd").headers["location"] == f"https://publisher.localhost{DESK}"
    page = browser.get(DESK).text
    assert 'data-page="staff-front"' in page
    assert "Kirjautunut: Saara Tuki" in page


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("saara.tuki", "wrong"),
        ("saara.tuki", ""),
        ("saara.tuki", "veikko.tukipwd"),
        ("nobody", "nobodypwd"),
        ("", "pwd"),
        ("demo_u0001", "demo_u0001pwd"),
        ("saara.tuki\x00", "saara.tukipwd"),
        ("' OR '1'='1", "' OR '1'='1pwd"),
    ],
)
def test_keeps_everybody_else_out(name: str, password: str):
    """Wrong passwords, people who are no staff, and names that nobody has get the same words."""
    browser = StaffBrowser(staffed_service())

    answer = browser.sign_in(name, password)

    assert answer.status_code == 422
    assert answer.text.count("Käyttäjätunnus tai salasana on väärin.") == 2
    assert 'data-page="staff-sign-in"' in browser.get(DESK).text


@pytest.mark.parametrize("name", ["saara.tuki", "nobody"])
def test_locks_a_name_after_five_wrong_passwords(name: str):
    """For five minutes nobody signs in with it, not with the right password either, and other names go on."""
    service = staffed_service()
    browser = StaffBrowser(service)
    tries = [browser.sign_in(name, "wrong").status_code for _ in range(5)]

    assert tries == [422] * 5
    assert browser.sign_in(name).status_code == 429
    assert browser.sign_in("veikko.tuki").status_code == 303
    service.clock.advance(timedelta(minutes=5))
    assert StaffBrowser(service).sign_in("saara.tuki").status_code == 303


@pytest.mark.parametrize("path", PAGES)
def test_shows_nothing_of_the_desk_to_who_is_not_signed_in(path: str):
    """Neither to a stranger nor to a pupil or a teacher with a session of their own."""
    service = staffed_service()
    stranger, teacher = service.browser(), service.browser()
    teacher.log_in(login_as(1, role="2"))

    for browser in (stranger, teacher):
        answer = browser.get(f"{DESK}/{path}")
        assert (answer.status_code, answer.headers.get("location")) == (303, f"https://publisher.localhost{DESK}")


@pytest.mark.parametrize("path", ["oppilaitokset/30076/deactivate", "asiakkaat/mansikkala/end-contract"])
def test_does_nothing_for_a_teacher_who_sends_the_desks_forms(path: str):
    """A session of people is no session of customer service, whatever role the form claims."""
    service = staffed_service()
    teacher = StaffBrowser(service)
    teacher.log_in(login_as(1, role="2"))
    token = teacher.hidden(DESK, f"{DESK}/kirjaudu")["csrf_token"]
    form = {
        "csrf_token": token,
        "found": "as-declared-0",
        "reason": "Teen itse.",
        "role": "staff",
        "staff": "saara.tuki",
    }

    answer = teacher.post(f"{DESK}/{path}", form)

    assert (answer.status_code, answer.headers.get("location")) == (303, f"https://publisher.localhost{DESK}")
    assert teacher.get("/materials").status_code == 200


def test_opens_no_page_of_people():
    """Who is signed in to the desk is nobody on people's pages."""
    browser = at_desk(staffed_service())

    assert browser.get("/materials").headers["location"] == "https://publisher.localhost/kirjaudu"
    assert "/kirjaudu/mpassid" in browser.get("/materials/matikka-9").headers["location"]


@pytest.mark.parametrize(
    "value", ["x" * 43, "", "saara.tuki", "../../../etc/passwd", "a" * 5000, "0" * 64, "MPASSOID.1"]
)
def test_takes_no_cookie_that_it_did_not_give(value: str):
    """A made-up or altered id is nobody's."""
    browser = at_desk(staffed_service())
    name = next(name for name in browser.client.cookies if name.endswith("-staff"))
    browser.client.cookies.clear()
    browser.client.cookies.set(name, value, domain="publisher.localhost", path="/")

    assert 'data-page="staff-sign-in"' in browser.get(DESK).text


def test_takes_no_persons_session_as_its_own():
    """A person's session id in the desk's cookie opens nothing."""
    service = staffed_service()
    person, browser = service.browser(), at_desk(service)
    person.log_in()
    name = next(name for name in browser.client.cookies if name.endswith("-staff"))
    session = next(value for key, value in person.client.cookies.items() if key.endswith("-session"))
    browser.client.cookies.clear()
    browser.client.cookies.set(name, session, domain="publisher.localhost", path="/")

    assert 'data-page="staff-sign-in"' in browser.get(DESK).text


def test_ends_by_its_button():
    """The session is over in the database too, and the forms of before count no more: a copied cookie opens nothing."""
    service = staffed_service()
    browser = at_desk(service)
    copied = StaffBrowser(service, browser.client.cookies)

    form = browser.hidden(DESK, f"{DESK}/kirjaudu-ulos")
    assert browser.post(f"{DESK}/kirjaudu-ulos", form).status_code == 303

    assert field(browser.post(f"{DESK}/kirjaudu", form), "reason") in ("form-not-ours", "cookies-needed")
    assert 'data-page="staff-sign-in"' in browser.get(DESK).text
    assert 'data-page="staff-sign-in"' in copied.get(DESK).text


def test_ends_for_who_is_no_longer_declared(tmp_path: Path):
    """An open session of somebody whom the declaration no longer names is nobody's."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    browser = at_desk(staffed_service(url))
    later = staffed_service(url, staff={})

    assert 'data-page="staff-sign-in"' in later.browser(browser.client.cookies).get(DESK).text


def test_is_not_asked_for_by_another_site():
    """Signing in and out need a form of ours."""
    browser = at_desk(staffed_service())

    for path in ("kirjaudu", "kirjaudu-ulos"):
        assert field(browser.post(f"{DESK}/{path}", {"csrf_token": "0" * 64}), "reason") == "form-not-ours"
    assert 'data-page="staff-front"' in browser.get(DESK).text


def test_is_not_there_at_the_portal():
    """Customer service is the publisher's."""
    portal = FakeService(service_settings(simulated="portal")).browser()

    assert portal.get(DESK).status_code == 404
    assert portal.get(f"{DESK}/tapahtumat").status_code == 404


def test_stands_in_the_audit_trail(tmp_path: Path):
    """Who came and went, and when; a wrong password is nobody's act."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    service = FakeService(staffed_settings(), url)
    StaffBrowser(service).sign_in("saara.tuki", "wrong")
    at_desk(service).submit(DESK, f"{DESK}/kirjaudu-ulos")

    entries = AuditTrail(Database(url)).page(AuditFilter(), 1).entries
    assert [(entry.act.action, entry.act.staff) for entry in entries] == [
        ("signed-out", "saara.tuki"),
        ("signed-in", "saara.tuki"),
    ]
