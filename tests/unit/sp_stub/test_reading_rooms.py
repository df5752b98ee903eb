# SPDX-License-Identifier: Apache-2.0
"""Products, parts and courses at their addresses: what opens, and what no address opens to the wrong person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from federation.model import Names
from federation.publisher import Contract, Course, HoursPeriod, Licence, Recording, ServiceHours
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_business import SCHOOLS
from tests.builders.sp_response import FakeResponse
from tests.builders.sp_service import BUSINESS, service_settings

PROVIDER = "1.2.246.562.99.00000000001"
BEFORE_MIDNIGHT = datetime(2026, 8, 12, 20, 50, tzinfo=UTC)
MIDNIGHT = datetime(2026, 8, 12, 21, 0, tzinfo=UTC)
"""The end of 12 August 2026 in Finland."""
PARTS = ("book", "exercises", "guide", "presentation", "tests", "solutions")
TEACHERS_PARTS = PARTS[2:]
COURSES = {
    "fysiikka": Course(
        name=Names(fi="Fysiikan kurssi"),
        schools=("30076",),
        ends="2026-08-12",
        recordings=(Recording(key="tunti-1", name=Names(fi="Liike"), minutes=45),),
    )
}


def service(**publisher: Any) -> FakeService:  # noqa: ANN401  # any field of the model
    """Return the publisher with these fields changed, at eight in the morning of 12 August 2026 in Finland."""
    declared = BUSINESS.model_copy(update={"courses": COURSES, **publisher})
    return FakeService(service_settings(publisher=declared, schools=SCHOOLS))


def signed_in(at: FakeService, role: str = "1", level: str = "9") -> Browser:
    """Return the browser of somebody at 30076: a ninth-grader unless told otherwise."""
    attributes = {"uid": ["MPASSOID.1"], "role": [f"{PROVIDER};30076;;x;{role};1.2.3;"]}
    if level:
        attributes["class_level"] = [level]
    browser = at.browser()
    browser.log_in(FakeResponse(now=at.clock(), attributes=attributes))
    return browser


def seen(page: httpx.Response) -> tuple[int, str | None, str | None]:
    return page.status_code, field(page, "reason"), field(page, "error-number")


def parts_on(page: httpx.Response) -> list[str]:
    return [part for part in PARTS if f'data-part="{part}"' in page.text]


def test_shows_a_pupil_only_the_parts_for_everyone():
    """No link, no name, no hint of a teacher's part."""
    page = signed_in(service()).get("/kampus/matikka-9")

    assert parts_on(page) == ["book", "exercises"]
    assert "Vain opettajille" not in page.text
    assert "solutions" not in page.text


def test_shows_a_teacher_every_part():
    """And says which are not for pupils."""
    page = signed_in(service(), role="2", level="").get("/kampus/matikka-9")

    assert parts_on(page) == list(PARTS)
    assert page.text.count("Vain opettajille") == 1


@pytest.mark.parametrize(
    "address", ["/kampus/matikka-9/{}", "/materials/matikka-9/{}", "/oppimisymparisto/matikka-9/{}"]
)
@pytest.mark.parametrize("part", TEACHERS_PARTS)
def test_never_opens_a_teachers_part_to_a_pupil(part: str, address: str):
    """Whatever address of the part a pupil guesses, the page is 116 and holds nothing of the part."""
    browser = signed_in(service())

    page = browser.client.get(address.format(part), follow_redirects=True)

    assert seen(page) == (403, "wrong-role", "116")
    assert 'data-part="' not in page.text


@pytest.mark.parametrize("part", TEACHERS_PARTS)
def test_never_opens_a_teachers_part_to_staff_who_do_not_teach(part: str):
    """A school secretary is an additional user."""
    assert seen(signed_in(service(), role="4", level="").get(f"/kampus/matikka-9/{part}"))[1] == "wrong-role"


@pytest.mark.parametrize("part", PARTS)
def test_opens_each_part_to_a_teacher(part: str):
    """All six."""
    page = signed_in(service(), role="2", level="").get(f"/kampus/matikka-9/{part}")

    assert page.status_code == 200
    assert f'data-part="{part}"' in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/materials/lukukirja-3",
        "/materials/lukukirja-3/book",
        "/oppimisymparisto/lukukirja-3",
        "/oppimisymparisto/lukukirja-3/exercises",
        "/kampus/lukukirja-3",
        "/toinen-aste/lukukirja-3/solutions",
    ],
)
@pytest.mark.parametrize("role", ["1", "2"])
def test_never_opens_another_schools_product(role: str, path: str):
    """A teacher has no more of it than a pupil."""
    assert seen(signed_in(service(), role).get(path)) == (403, "no-licence", "115")


@pytest.mark.parametrize("level", ["9", ""])
def test_never_opens_a_product_for_other_grades(level: str):
    """The class level comes from the login, not from the address."""
    browser = signed_in(
        service(licences=(Licence(school="30076", products=("matikka-9",), grades=(7, 8)),)), level=level
    )

    for path in ("/kampus/matikka-9", "/kampus/matikka-9?class_level=8", "/materials/matikka-9?grade=7"):
        assert seen(browser.get(path)) == (403, "no-licence", "115")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/kampus/nothing", "product-unknown"),
        ("/kampus/nothing/book", "product-unknown"),
        ("/kampus/matikka-9/nothing", "part-unknown"),
        ("/kampus/matikka-9/Solutions", "part-unknown"),
        ("/kampus/matikka-9/solutions%20", "part-unknown"),
        ("/kampus", "page-unknown"),
        ("/yliopisto/matikka-9", "page-unknown"),
        ("/kurssit", "page-unknown"),
        ("/kurssit/nothing", "course-unknown"),
        ("/kurssit/fysiikka/nothing", "recording-unknown"),
    ],
)
def test_does_not_find(path: str, reason: str):
    """What there is not has a page of its own, with its status."""
    assert seen(signed_in(service()).get(path)) == (404, reason, None)


def test_leads_to_the_room_where_a_product_opens_with_its_query():
    """Another room's address is a detour, not a dead end."""
    browser = signed_in(service())

    for path in ("/oppimisymparisto/matikka-9/book?sivu=12", "/materials/matikka-9/book?sivu=12"):
        assert browser.get(path).headers["location"] == "https://publisher.localhost/kampus/matikka-9/book?sivu=12"


@pytest.mark.parametrize(
    "path",
    ["/kampus/matikka-9", "/kampus/matikka-9/book?sivu=12", "/kurssit/fysiikka/tunti-1", "/materials/matikka-9/book"],
)
def test_leads_who_is_not_signed_in_through_a_login_and_back(path: str):
    """A bookmark of a page survives the login, with its query."""
    browser = service().browser()

    away = browser.get(path).headers["location"]
    back = browser.log_in(query=away.removeprefix("https://publisher.localhost/kirjaudu/mpassid"))

    assert back.headers["location"] == f"https://publisher.localhost{path}"


def test_shows_recordings_until_the_course_ends():
    """The clock moves past midnight in Finland, and the open session loses course and recording."""
    at = service()
    at.clock.set(BEFORE_MIDNIGHT)
    browser = signed_in(at)
    assert browser.get("/kurssit/fysiikka").status_code == 200
    assert "45 minuuttia" in browser.get("/kurssit/fysiikka/tunti-1").text

    at.clock.set(MIDNIGHT)

    for path in ("/kurssit/fysiikka", "/kurssit/fysiikka/tunti-1"):
        assert seen(browser.get(path)) == (403, "course-ended", "123")
    assert "Kurssi päättyi 12. elokuuta 2026" in browser.get("/materials").text


def test_never_shows_a_course_to_another_school():
    """The agreement is one institution's."""
    elsewhere = {"muut": COURSES["fysiikka"].model_copy(update={"schools": ("99905",)})}
    browser = signed_in(service(courses=elsewhere))

    for path in ("/kurssit/muut", "/kurssit/muut/tunti-1"):
        assert seen(browser.get(path)) == (403, "no-licence", "115")


PLACES = ("/materials", "/materials/matikka-9", "/kampus/matikka-9", "/kampus/matikka-9/book", "/kurssit/fysiikka")


@pytest.mark.parametrize("path", PLACES)
def test_closes_an_open_session_when_the_contract_ends(path: str):
    """At the next click after the last day, everywhere."""
    at = service(contracts={"mansikkala": Contract(ends="2026-08-12")})
    at.clock.set(BEFORE_MIDNIGHT)
    browser = signed_in(at)
    assert browser.get("/materials").status_code == 200

    at.clock.set(MIDNIGHT)

    assert seen(browser.get(path)) == (403, "contract-ended", "108")


@pytest.mark.parametrize("path", [*PLACES, "/kirjaudu", "/kirjaudu/mpassid"])
def test_closes_for_the_night(path: str):
    """Outside the hours: 503 with the moment it opens, in an open session and before any login."""
    at = service(service_hours=ServiceHours(opens="07:00", closes="08:10"))
    browser = signed_in(at)
    assert browser.get("/materials").status_code == 200

    at.clock.advance(timedelta(minutes=10))

    for each in (browser, at.browser()):
        page = each.get(path)
        assert seen(page) == (503, "service-break", "110")
        assert page.headers["retry-after"] == str(22 * 60 * 60 + 50 * 60)
        assert "torstai 13. elokuuta 2026 klo 7.00" in page.text


def test_refuses_a_login_that_ends_outside_the_hours():
    """Begun before closing time and finished after it."""
    at = service(service_hours=ServiceHours(opens="07:00", closes="08:01"))
    browser = at.browser()
    started = browser.start_login()
    at.clock.advance(timedelta(minutes=1))

    page = browser.post("/acs", started.answer())

    assert seen(page) == (503, "service-break", "110")
    assert browser.get("/materials").status_code == 503


def test_keeps_other_hours_in_the_summer_pause():
    """8 to 20 from 1 June to 31 July."""
    summer = HoursPeriod(begins="06-01", ends="08-31", opens="09:00", closes="20:00")
    browser = service(service_hours=ServiceHours(periods=(summer,))).browser()

    assert browser.get("/kirjaudu").status_code == 503


@pytest.mark.parametrize("path", ["/yhteydenotto", "/oma-tunnus", "/uloskirjattu", "/metadata"])
def test_keeps_open_what_needs_no_service(path: str):
    """Customer service can be written to at any hour."""
    at = service(service_hours=ServiceHours(opens="09:00"))

    assert at.browser().get(path).status_code == 200


def test_explains_what_a_school_keeps_back():
    """An ended school year with its day, and what a missing class level costs."""
    licences = (
        Licence(school="30076", products=("matikka-9",), school_year="2025-2026"),
        Licence(school="30076", products=("lukukirja-3",), grades=(3,)),
    )
    page = signed_in(service(licences=licences), level="").get("/materials").text

    assert 'data-field="empty-shelf"' in page
    assert "Matikka 9: käyttöoikeus päättyi 31. heinäkuuta 2026" in page
    assert "Lukukirja 3: hankittu vain joillekin vuosiluokille" in page


def test_does_not_tell_a_pupil_of_what_is_for_other_grades():
    """It is no news to a ninth-grader that the third grade has a reader."""
    licences = (Licence(school="30076", products=("lukukirja-3",), grades=(3,)),)

    assert "Lukukirja" not in signed_in(service(licences=licences)).get("/materials").text


def test_has_no_reading_rooms_at_the_portal():
    """The portal leads to the publisher's."""
    portal = FakeService(service_settings(simulated="portal", publisher_origin="https://kivi.example"))
    browser = portal.browser()
    browser.log_in()

    assert browser.get("/kampus/matikka-9").status_code == 404
    assert browser.get("/kurssit/fysiikka").status_code == 404
    assert (
        browser.get("/materials/matikka-9").headers["location"] == "https://kivi.example/materials/matikka-9?via=portal"
    )
