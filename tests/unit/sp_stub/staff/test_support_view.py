# SPDX-License-Identifier: Apache-2.0
"""Support looks at the service as a user: with exactly their rights, for a quarter of an hour, and changes nothing."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_staff import DESK, StaffBrowser, at_desk, login_as, staffed_service

PUPIL = f"{DESK}/kayttajat/1"
END = f"{DESK}/katselu/lopeta"


def signed_in(service: FakeService, number: int = 1, *schools: str, role: str = "1") -> Browser:
    """Return the browser of a person who is signed in."""
    browser = service.browser()
    assert browser.log_in(login_as(number, *schools, role=role)).status_code == 303
    return browser


def looking(service: FakeService) -> StaffBrowser:
    """Return the browser of somebody of customer service who looks as user 1."""
    desk = at_desk(service)
    assert desk.step(f"{PUPIL}/view", "Ilmoitti virheestä.").headers["location"].endswith("/materials")
    return desk


def main_of(page: str) -> str:
    """Return what stands on a page between header and footer."""
    return page.partition("<main")[2].partition("</main>")[0]


def test_shows_exactly_what_the_user_sees():
    """The same shelf, the same product, the same refusals."""
    service = staffed_service()
    pupil = signed_in(service)
    desk = looking(service)

    for path in ("/materials", "/kampus/matikka-9", "/kampus/matikka-9/solutions", "/materials/lukukirja-3"):
        theirs, seen = pupil.get(path), desk.get(path)
        assert seen.status_code == theirs.status_code
        assert field(seen, "reason") == field(theirs, "reason")
        assert re.sub(r'value="[^"]{20,}"', "", main_of(seen.text)) == re.sub(
            r'value="[^"]{20,}"', "", main_of(theirs.text)
        )
    assert field(desk.get("/kampus/matikka-9/solutions"), "reason") == "wrong-role"


def test_gives_a_teachers_view_to_support_of_a_teacher_alone():
    """What is for teachers opens in a look at a teacher, and does not at a pupil's a moment later."""
    service = staffed_service()
    signed_in(service, 1, role="2")
    signed_in(service, 2)
    desk = looking(service)
    as_teacher = desk.get("/kampus/matikka-9/solutions").status_code
    desk.submit("/materials", END)

    desk.step(f"{DESK}/kayttajat/2/view")

    assert as_teacher == 200
    assert field(desk.get("/kampus/matikka-9/solutions"), "reason") == "wrong-role"


def test_says_so_on_every_page_to_support():
    """Shelf, product, error page, login page: as whom, until when, and the way out."""
    service = staffed_service()
    signed_in(service)
    desk = looking(service)

    for path in ("/materials", "/kampus/matikka-9", "/nothing", "/kirjaudu", "/yhteydenotto", f"{DESK}/tapahtumat"):
        page = desk.get(path).text
        assert "käyttäjän 1 näkymässä" in page, path
        assert "klo 8.15" in page
        assert f'action="{END}"' in page


def test_says_so_to_the_user_while_it_lasts_and_afterwards():
    """On their own pages, with since when and until when; somebody else reads nothing of it."""
    service = staffed_service()
    pupil, other = signed_in(service, 1), signed_in(service, 2)
    before = pupil.get("/materials").text
    desk = looking(service)
    during = pupil.get("/materials").text
    service.clock.advance(timedelta(minutes=3))
    desk.submit("/materials", END)
    after = pupil.get("/materials").text

    assert "view-notice" not in before
    assert "Asiakaspalvelu katselee palvelua sinun näkymässäsi" in during
    assert "Asiakaspalvelu katsoi palvelua sinun näkymässäsi" in after
    assert "8.03" in after
    assert "view-notice" not in other.get("/materials").text
    service.clock.advance(timedelta(days=8))
    later = service.browser()
    later.log_in(login_as(1).but(response_id="later", assertion_id="later-1", now=service.clock()))
    assert "view-notice" not in later.get("/materials").text


def test_stands_among_the_users_own_data():
    """Every look, with since when and until when; in the copy to take along too, and without who it was."""
    service = staffed_service()
    pupil = signed_in(service)
    before = pupil.get("/omat-tiedot").text
    desk = looking(service)
    service.clock.advance(timedelta(minutes=3))
    desk.submit("/materials", END)

    page, copy = pupil.get("/omat-tiedot").text, pupil.get("/omat-tiedot.json")
    assert "Ei kertaakaan." in before
    assert "<li>12.8.2026 klo 8.00–8.03</li>" in page
    assert len(copy.json()["support_views"]) == 1
    assert "saara.tuki" not in page + copy.text


@pytest.mark.parametrize(
    "path", ["/yhteydenotto", "/logout", "/acs", "/session.json", f"{DESK}/kirjaudu", "/omat-tiedot", "/kayttoehdot"]
)
def test_refuses_every_form(path: str):
    """Whatever it is, with its own right token: 122, and nothing is done."""
    service = staffed_service()
    pupil = signed_in(service)
    desk = looking(service)
    token = desk.hidden("/materials", END)["csrf_token"]

    answer = desk.post(path, {"csrf_token": token, "reply_to": "a@b.example", "text": "Hei", "RelayState": "x"})

    assert (answer.status_code, field(answer, "reason"), field(answer, "error-number")) == (
        403,
        "read-only-view",
        "122",
    )
    assert pupil.get("/materials").status_code == 200


@pytest.mark.parametrize(
    "path", ["oppilaitokset/30076/deactivate", "kayttajat/1/block", "asiakkaat/mansikkala/end-contract"]
)
def test_keeps_the_desk_closed_while_it_lasts(path: str):
    """The desk's pages say to end it first, and its forms are refused like any other."""
    service = staffed_service()
    pupil = signed_in(service)
    desk = at_desk(service)
    form = {**desk.hidden(f"{DESK}/{path}", f"{DESK}/{path}"), "reason": "Kesken katselun."}
    desk.step(f"{PUPIL}/view")

    page, answer = desk.get(f"{DESK}/{path}"), desk.post(f"{DESK}/{path}", form)

    assert (page.status_code, "Lopeta katselu ensin" in page.text) == (403, True)
    assert field(answer, "reason") == "read-only-view"
    assert pupil.get("/materials").status_code == 200


@pytest.mark.parametrize("path", ["/kirjaudu/mpassid", "/omat-tiedot.json"])
def test_begins_no_login_and_takes_no_copy(path: str):
    """A login would put support in somebody's session; the copy of one's data is the person's alone to take."""
    service = staffed_service()
    signed_in(service)
    desk = looking(service)

    answer = desk.get(path)

    assert (answer.status_code, field(answer, "reason")) == (403, "read-only-view")


def test_leaves_no_trace_of_the_user_having_been_there(tmp_path: Path):
    """Neither a session, nor when they were seen, nor an opening changes; the trail says that support looked."""
    service = staffed_service(f"sqlite:///{tmp_path}/publisher.sqlite")
    signed_in(service)
    desk = at_desk(service)
    rows = ("SELECT * FROM users", "SELECT * FROM sessions", "SELECT * FROM openings", "SELECT * FROM memberships")
    desk.step(f"{PUPIL}/view", "Ilmoitti virheestä.")
    service.clock.advance(timedelta(minutes=5))
    with closing(sqlite3.connect(tmp_path / "publisher.sqlite")) as connection:
        before = [connection.execute(row).fetchall() for row in rows]
        for path in ("/materials", "/kampus/matikka-9", "/materials?lang=sv"):
            desk.get(path)
        after = [connection.execute(row).fetchall() for row in rows]
        trail = connection.execute("SELECT action, staff, subject, reason FROM audit_trail ORDER BY id").fetchall()

    assert after == before
    assert trail[-1] == ("view-started", "saara.tuki", "1", "Ilmoitti virheestä.")


def test_leaves_the_users_browser_as_it_is():
    """Their language and their session are their own; support's look changes neither."""
    service = staffed_service()
    pupil = signed_in(service)
    pupil.get("/materials")
    cookies = dict(pupil.client.cookies)
    desk = looking(service)
    desk.get("/materials?lang=sv")

    assert '<html lang="fi">' in pupil.get("/materials").text
    assert dict(pupil.client.cookies) == cookies


@pytest.mark.parametrize("end", ["button", "time", "signing out"])
def test_ends(end: str):
    """By its button, by the clock, and with the session of customer service: afterwards nobody is signed in here."""
    service = staffed_service()
    signed_in(service)
    desk = looking(service)
    if end == "button":
        desk.submit("/materials", END)
    elif end == "time":
        service.clock.advance(timedelta(minutes=14))
        assert desk.get("/materials").status_code == 200
        service.clock.advance(timedelta(minutes=1))
    else:
        desk.post(f"{DESK}/kirjaudu-ulos", desk.hidden("/materials", END))

    answer = desk.get("/materials")
    assert (answer.status_code, answer.headers.get("location")) == (303, "https://publisher.localhost/kirjaudu")
    assert "view-strip" not in desk.get("/kirjaudu").text


def test_is_worth_nothing_without_the_session_of_customer_service():
    """Another browser, or a copied page, looks at nothing."""
    service = staffed_service()
    signed_in(service)
    looking(service)

    for browser in (service.browser(), at_desk(service, "veikko.tuki")):
        answer = browser.get("/materials")
        assert (answer.status_code, answer.headers.get("location")) == (303, "https://publisher.localhost/kirjaudu")


def test_follows_a_block_and_a_contract_that_ends():
    """What the user meets now is what support sees now."""
    service = staffed_service()
    signed_in(service)
    desk = looking(service)

    at_desk(service, "veikko.tuki").step(f"{PUPIL}/block")

    assert field(desk.get("/materials"), "reason") == "user-blocked"


def test_begins_at_the_message_of_who_reported_a_problem():
    """The message says who was signed in; the trail and the look keep which message it was."""
    service = staffed_service()
    pupil = signed_in(service)
    sender = StaffBrowser(service, pupil.client.cookies)
    sender.submit("/yhteydenotto", "/yhteydenotto", {"reply_to": "a@b.example", "text": "Kirja ei aukea."})
    desk = at_desk(service)

    desk.step(f"{DESK}/viestit/1/view")

    assert "Testi1 Sukunimi1" in desk.get("/materials").text
    desk.submit("/materials", END)
    assert "message: – → 1" in desk.get(f"{DESK}/tapahtumat?action=view-started").text


def test_is_of_nobody_who_is_blocked_or_gone():
    """Only who may be there can be looked at."""
    service = staffed_service()
    signed_in(service)
    desk = at_desk(service)
    desk.step(f"{PUPIL}/block")

    assert desk.get(f"{PUPIL}/view").status_code == 404
    assert desk.get(f"{DESK}/kayttajat/2/view").status_code == 404
