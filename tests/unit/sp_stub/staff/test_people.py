# SPDX-License-Identifier: Apache-2.0
"""What customer service does to one person: blocking, closing, ending sessions, joining an earlier account."""

from __future__ import annotations

import re

import pytest

from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_staff import DESK, StaffBrowser, at_desk, login_as, staffed_service

PEOPLE = f"{DESK}/kayttajat"
FIRST = f"{PEOPLE}/1"


def signed_in(service: FakeService, number: int = 1, **changes: str) -> Browser:
    """Return the browser of a person who is signed in."""
    browser = service.browser()
    browser.log_in(login_as(number, **changes))
    return browser


def found(desk: StaffBrowser, typed: str) -> list[str]:
    """Return the numbers of the people that a search lists."""
    return re.findall(r'data-user="(\d+)"', desk.submit(PEOPLE, PEOPLE, {"q": typed}).text)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("MPASSOID.1", ["1"]),
        (" 2 ", ["2"]),
        ("MPASSOID.", []),
        ("%", []),
        ("' OR '1'='1", []),
        ("9" * 30, []),
        ("Testi1", []),
        ("", []),
    ],
)
def test_is_found_by_the_whole_of_what_was_told(typed: str, numbers: list[str]):
    """By uid or number; nobody leafs through people by the beginning of a name."""
    service = staffed_service()
    signed_in(service, 1)
    signed_in(service, 2)

    assert found(at_desk(service), typed) == numbers


def test_is_looked_for_by_post_alone():
    """What is typed there may be a mail address, and an address of a page stands in histories and logs."""
    service = staffed_service()
    signed_in(service)
    desk = at_desk(service)

    assert re.findall(r'data-user="(\d+)"', desk.get(f"{PEOPLE}?q=MPASSOID.1").text) == []
    assert "MPASSOID" not in str(desk.submit(PEOPLE, PEOPLE, {"q": "MPASSOID.1"}).url)


def test_is_kept_out_by_a_block_in_an_open_session():
    """At the next click, in a new login too, until the block is taken back."""
    service = staffed_service()
    pupil, desk = signed_in(service), at_desk(service)

    desk.step(f"{FIRST}/block")
    blocked = pupil.get("/materials"), signed_in(service).get("/materials")
    state = field(desk.get(FIRST), "state")
    desk.step(f"{FIRST}/unblock")

    assert field(blocked[0], "reason") == "user-blocked"
    assert field(blocked[0], "error-number") == "109"
    assert state == "Estetty"
    assert pupil.get("/materials").status_code == 200


def test_keeps_nobody_else_out():
    """A block is one person's."""
    service = staffed_service()
    signed_in(service, 1)
    other = signed_in(service, 2)

    at_desk(service).step(f"{FIRST}/block")

    assert other.get("/materials").status_code == 200


def test_is_closed_when_reported_lost_and_opened_again():
    """117 at the next click; customer service alone opens it again."""
    service = staffed_service()
    pupil, desk = signed_in(service), at_desk(service)

    desk.step(f"{FIRST}/close-account")
    closed = pupil.get("/materials")
    desk.step(f"{FIRST}/reopen-account")

    assert (field(closed, "reason"), field(closed, "error-number")) == ("account-closed", "117")
    assert pupil.get("/materials").status_code == 200


def test_is_signed_out_everywhere():
    """Two browsers, both over; a new login is a new session."""
    service = staffed_service()
    one, another = signed_in(service), service.browser()
    another.log_in(login_as(1).but(response_id="r2", assertion_id="a2"))
    desk = at_desk(service)
    before = field(desk.get(FIRST), "sessions")

    desk.step(f"{FIRST}/end-sessions")

    assert before == "2"
    assert field(desk.get(FIRST), "sessions") == "0"
    for browser in (one, another):
        assert browser.get("/materials").headers["location"].endswith("/kirjaudu")


def joined(service: FakeService) -> StaffBrowser:
    """Return the desk with two accounts of one learner id, the earlier one with an opening; both say so."""
    signed_in(service, 1).get("/kampus/matikka-9")
    signed_in(service, 2, learner_id="1.2.246.562.98.10000000001").get("/kampus/matikka-9")
    return at_desk(service)


def test_joins_an_earlier_account_of_the_same_learner_id(database_url: str):
    """The statistics count one person; the earlier account is closed, and its uid opens nothing any more."""
    service = staffed_service(database_url)
    desk = joined(service)
    offered = re.findall(r'<li><a href="/asiakaspalvelu/kayttajat/(\d+)"', desk.get(f"{PEOPLE}/2").text)

    desk.step(f"{PEOPLE}/2/join")

    assert offered == ["1"]
    assert field(desk.get(FIRST), "state") == "Yhdistetty uudempaan tunnukseen"
    again = service.browser().log_in(login_as(1).but(response_id="again", assertion_id="again-1"))
    assert field(again, "reason") == "account-closed"
    assert re.findall(r"<td>(\d+)</td>", desk.get(f"{DESK}/tilastot").text)[:2] == ["2", "1"]
    assert desk.get(f"{PEOPLE}/2/join").status_code == 404


def test_takes_a_block_along_when_joining():
    """A new uid is no way around a block."""
    service = staffed_service()
    desk = joined(service)
    desk.step(f"{FIRST}/block")

    desk.step(f"{PEOPLE}/2/join")

    assert field(desk.get(f"{PEOPLE}/2"), "state") == "Estetty"


def test_joins_nobody_with_another_learner_id():
    """Two people are two people, whoever asks."""
    service = staffed_service()
    signed_in(service, 1)
    signed_in(service, 2)

    assert at_desk(service).get(f"{PEOPLE}/2/join").status_code == 404


@pytest.mark.parametrize(
    "path", ["0", "3", "-1", "1e3", "9" * 40, "x", "1/unblock", "1/reopen-account", "1/join", "1/x"]
)
def test_knows_no_other_person_and_no_other_step(path: str):
    """What is nobody, and what may not be done to them now, is not there."""
    service = staffed_service()
    signed_in(service)

    assert at_desk(service).get(f"{PEOPLE}/{path}").status_code == 404


def test_shows_markup_in_a_name_as_text():
    """A name comes from somebody's registry."""
    service = staffed_service()
    signed_in(service, 1, given_name="<script>alert(1)</script>")

    page = at_desk(service).get(FIRST).text

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
