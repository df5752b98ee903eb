# SPDX-License-Identifier: Apache-2.0
"""Activation of MPASSid by customer service: asked once more, in force at the next click, kept as a difference."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from federation.model import Names, SchoolType
from sp_stub.config import KnownSchool
from tests.builders.sp_browser import FakeService, field
from tests.builders.sp_business import SCHOOLS
from tests.builders.sp_staff import DESK, StaffBrowser, at_desk, login_as, staffed_service, staffed_settings

SCHOOL = f"{DESK}/oppilaitokset/30076"
LUKIO = f"{DESK}/oppilaitokset/30079"


def found_schools(browser: StaffBrowser, query: str) -> list[str]:
    """Return the codes that the search page lists."""
    return re.findall(r'data-school="(\d+)"', browser.get(f"{DESK}/oppilaitokset?q={query}").text)


def test_finds_a_school_to_decide_about():
    """By municipality, with whether MPASSid is activated there."""
    browser = at_desk(staffed_service())

    assert found_schools(browser, "mansikkala") == ["30079", "30076"]
    assert found_schools(browser, "99905") == ["99905"]
    assert found_schools(browser, "%27+OR+1%3D1--") == []


def test_closes_a_school_in_an_open_session_at_the_next_click():
    """The pupil who is reading meets error 105, and gets in again when the school is opened again."""
    service = staffed_service()
    pupil, browser = service.browser(), at_desk(service)
    pupil.log_in(login_as())
    before = pupil.get("/materials").status_code

    browser.step(f"{SCHOOL}/deactivate")
    closed = pupil.get("/materials")
    browser.step(f"{SCHOOL}/activate")

    assert before == 200
    assert (closed.status_code, field(closed, "reason"), field(closed, "error-number")) == (
        403,
        "school-not-activated",
        "105",
    )
    assert pupil.get("/materials").status_code == 200


def test_opens_a_school_that_is_not_declared():
    """Somebody of that school signs in a moment after error 105."""
    service = staffed_service()
    pupil = service.browser()
    refused = pupil.log_in(login_as(1, "30079"))

    at_desk(service).step(f"{LUKIO}/activate")

    assert field(refused, "reason") == "school-not-activated"
    assert service.browser().log_in(login_as(2, "30079")).headers["location"].endswith("/materials")


def test_holds_in_every_worker(tmp_path: Path):
    """Two processes on one database: what one was told, the other does at its next page."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    one, another = staffed_service(url), staffed_service(url)
    pupil = one.browser()
    pupil.log_in(login_as())
    at_another = another.browser(pupil.client.cookies)
    before = at_another.get("/materials").status_code

    at_desk(one).step(f"{SCHOOL}/deactivate")

    assert before == 200
    assert field(at_another.get("/materials"), "reason") == "school-not-activated"


def test_outlives_a_new_declaration_until_it_is_taken_back(tmp_path: Path):
    """What was decided stays over whatever is declared; taken back, the school follows the declaration again."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    at_desk(staffed_service(url)).step(f"{SCHOOL}/deactivate")
    later = staffed_service(url, activated_schools=("30076", "30079"))
    browser = at_desk(later)

    still = field(browser.get(SCHOOL), "activation")
    browser.step(f"{SCHOOL}/school-as-declared")

    assert still == "MPASSid ei ole käytössä"
    assert field(browser.get(SCHOOL), "activation") == "MPASSid on käytössä"
    assert "Kaikki oppilaitokset ja sopimukset ovat niin kuin määrittelyssä." in browser.get(DESK).text


def test_shows_what_differs_from_the_declaration():
    """The desk lists it; a school that is as declared again is not in it."""
    browser = at_desk(staffed_service())
    browser.step(f"{SCHOOL}/deactivate")
    browser.step(f"{LUKIO}/activate")
    differing = re.findall(r'data-change="([a-z]+)"', browser.get(DESK).text)
    browser.step(f"{SCHOOL}/activate")

    assert differing == ["deactivated", "activated"]
    assert re.findall(r'data-change="([a-z]+)"', browser.get(DESK).text) == ["activated"]


def test_asks_once_more_and_why():
    """Nothing is done without a reason; what was typed stays, and the page says what would happen."""
    browser = at_desk(staffed_service())

    page = browser.get(f"{SCHOOL}/deactivate").text
    empty = browser.step(f"{SCHOOL}/deactivate", "  ")
    long = browser.step(f"{SCHOOL}/deactivate", "ä" * 501)

    assert "Peruskoulu (30076)" in page
    assert "virheen 105" in page
    assert (empty.status_code, empty.text.count("Kirjoita perustelu.")) == (422, 2)
    assert (long.status_code, "ä" * 501 in long.text) == (422, True)
    assert field(browser.get(SCHOOL), "activation") == "MPASSid on käytössä"


def test_stands_in_the_schools_history_with_its_reason():
    """Who, what and why, as text and never as markup."""
    browser = at_desk(staffed_service(), "veikko.tuki")
    browser.step(f"{SCHOOL}/deactivate", '<script>alert("x")</script>')

    page = browser.get(SCHOOL).text
    assert "MPASSid poistettu käytöstä" in page
    assert "veikko.tuki" in page
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_is_not_done_twice_by_the_same_form():
    """A form that is sent again, even when all is as it was then, or was overtaken by somebody else, changes nothing."""
    service = staffed_service()
    browser, another = at_desk(service), at_desk(service, "veikko.tuki")
    form = {**browser.hidden(f"{SCHOOL}/deactivate", f"{SCHOOL}/deactivate"), "reason": "Koulu pyysi."}
    theirs = {**another.hidden(f"{SCHOOL}/deactivate", f"{SCHOOL}/deactivate"), "reason": "Sama."}

    first, again = browser.post(f"{SCHOOL}/deactivate", form), browser.post(f"{SCHOOL}/deactivate", form)
    overtaken = another.post(f"{SCHOOL}/deactivate", theirs)
    browser.step(f"{SCHOOL}/activate")
    replayed = browser.post(f"{SCHOOL}/deactivate", form)

    assert first.status_code == 303
    for answer in (again, overtaken, replayed):
        assert (answer.status_code, field(answer, "reason")) == (409, "changed-meanwhile")
    assert field(browser.get(SCHOOL), "activation") == "MPASSid on käytössä"


def test_is_not_done_by_another_site():
    """A step needs a form of ours."""
    browser = at_desk(staffed_service())

    answer = browser.post(f"{SCHOOL}/deactivate", {"found": "as-declared", "reason": "x", "csrf_token": "0"})

    assert (answer.status_code, field(answer, "reason")) == (403, "form-not-ours")
    assert field(browser.get(SCHOOL), "activation") == "MPASSid on käytössä"


@pytest.mark.parametrize(
    "path",
    [
        "00000",
        "3007",
        "300760",
        "30076'--",
        "%3Cscript%3E",
        "..%2F..%2Fetc",
        "30076/nuke",
        "30076/end-contract",
        "30076/activate",
        "30076/school-as-declared",
    ],
)
def test_knows_no_other_school_and_no_other_step(path: str):
    """What is no school, and what may not be done to it now, is not there."""
    browser = at_desk(staffed_service())

    assert browser.get(f"{DESK}/oppilaitokset/{path}").status_code == 404


def test_shows_markup_in_a_schools_name_as_text():
    """A name comes from a declaration that somebody wrote."""
    attack = "<img src=x onerror=alert(1)>"
    schools = {**SCHOOLS, "30076": KnownSchool(name=Names(fi=attack), type=SchoolType.BASIC, customer="mansikkala")}
    service = FakeService(
        staffed_settings(schools=schools, customers={"mansikkala": Names(fi=attack), "demola": Names(fi="D")})
    )
    browser = at_desk(service)

    for path in ("oppilaitokset?q=30076", "oppilaitokset/30076", "oppilaitokset/30076/deactivate", "asiakkaat"):
        page = browser.get(f"{DESK}/{path}").text
        assert attack not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
