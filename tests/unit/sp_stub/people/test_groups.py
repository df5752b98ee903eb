# SPDX-License-Identifier: Apache-2.0
"""Who sees and edits whom: a teacher the pupils of their own groups, an administrator the teachers of their customer."""

from __future__ import annotations

import re

import pytest

from sp_stub.data.audit_trail import AuditFilter, AuditTrail
from sp_stub.data.database import Database
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_people import comes_as, own_settings, person_links, send

SCHOOLS = ("30076", "30079", "99904", "99905")
ADMINISTRATORS = {"MPASSOID.admin": "mansikkala", "MPASSOID.other-admin": "demola"}
PEOPLE = {
    "teacher": ("30076;9B;2",),
    "admin": ("30076;9A;2",),
    "other-admin": ("99904;9B;2",),
    "two-schools": ("30076;;2", "99904;9B;2"),
    "pupil": ("30076;9B;1",),
    "pupil-9a": ("30076;9A;1",),
    "pupil-elsewhere": ("99904;9B;1",),
    "secretary": ("30076;9B;4",),
}


def running(url: str = "sqlite://") -> FakeService:
    return FakeService(own_settings(ADMINISTRATORS, activated_schools=SCHOOLS), url)


def come(service: FakeService, who: str, message: str = "") -> Browser:
    browser = service.browser()
    answer = browser.log_in(comes_as(f"MPASSOID.{who}", *PEOPLE[who], name=f"Nimi {who}", message=f"{who}{message}"))
    assert answer.status_code == 303
    return browser


def everybody(service: FakeService) -> dict[str, int]:
    """Make everybody known, and return their ids, which are given in order."""
    for who in PEOPLE:
        come(service, who)
    return {who: number for number, who in enumerate(PEOPLE, start=1)}


def test_lists_the_pupils_of_a_teachers_own_groups():
    """Same school and same group: neither the next class nor the same class of another school."""
    service = running()
    everybody(service)
    page = come(service, "teacher", "again").get("/ryhmat")

    assert re.findall(r'data-group="([^"]*)"', page.text) == ["30076 9B"]
    assert list(person_links(page)) == ["Nimi pupil"]


def test_lists_the_teachers_of_an_administrators_own_customer():
    """With the school they teach at, and how many seats are in use."""
    service = running()
    everybody(service)
    page = come(service, "admin", "again").get("/opettajat")

    assert sorted(person_links(page)) == ["Nimi admin", "Nimi teacher", "Nimi two-schools"]
    assert field(page, "seats") is not None
    assert "6 henkilöä on kirjautunut" in page.text


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("pupil", "/ryhmat", 403),
        ("pupil", "/opettajat", 403),
        ("secretary", "/ryhmat", 403),
        ("teacher", "/opettajat", 403),
        ("teacher", "/ryhmat", 200),
        ("other-admin", "/opettajat", 200),
        ("two-schools", "/opettajat", 403),
    ],
)
def test_shows_its_lists_to_nobody_else(who: str, path: str, status: int):
    """Whoever has no such right gets the page that says so (116)."""
    page = come(running(), who).get(path)

    assert page.status_code == status
    if status == 403:
        assert (field(page, "error-number"), field(page, "reason")) == ("116", "wrong-role")


REACHED = {
    ("teacher", "/ryhmat"): {"pupil"},
    ("admin", "/ryhmat"): {"pupil-9a"},
    ("two-schools", "/ryhmat"): {"pupil-elsewhere"},
    ("admin", "/opettajat"): {"teacher", "admin", "two-schools"},
    ("other-admin", "/opettajat"): {"other-admin", "two-schools"},
    ("pupil", "/ryhmat"): set(),
    ("pupil", "/opettajat"): set(),
    ("secretary", "/ryhmat"): set(),
    ("teacher", "/opettajat"): set(),
}


@pytest.mark.parametrize(("who", "path"), REACHED, ids=" ".join)
def test_opens_no_other_person_by_guessing_addresses(who: str, path: str):
    """Every id there is, and one that there is not, to look at and to write to."""
    service = running()
    ids = {**everybody(service), "nobody": 999}
    browser = come(service, who, "again")
    token = re.search(r'name="csrf_token" value="([^"]*)"', browser.get("/yhteydenotto").text)
    assert token is not None
    form = {"csrf_token": token[1], "display_name": "Muutettu"}
    seen = {name for name, number in ids.items() if browser.get(f"{path}/{number}").status_code == 200}
    written = {name for name, number in ids.items() if browser.post(f"{path}/{number}", form).status_code == 303}
    refused = {browser.get(f"{path}/{number}").status_code for name, number in ids.items() if name not in seen}

    assert (seen, written) == (REACHED[who, path], REACHED[who, path])
    assert refused <= {403, 404}


def test_saves_what_a_teacher_changes_of_a_pupil(tmp_path_factory: pytest.TempPathFactory):
    """The name alone, whatever else the form holds; the trail says who, whom, which field, and not what."""
    url = f"sqlite:///{tmp_path_factory.mktemp('p')}/publisher.sqlite"
    service = running(url)
    ids = everybody(service)
    browser = come(service, "teacher", "again")
    path = f"/ryhmat/{ids['pupil']}"
    forged = {"mail": "x@evil.example", "role": "2", "groups-30076": "9A", "blocked_at": "2026-01-01"}
    answer = send(browser, path, {"display_name": "Pupu", **forged})
    own = come(service, "pupil", "again").get("/omat-tiedot.json").json()

    assert answer.headers["location"].endswith(f"{path}?saved=data")
    assert (own["person"]["display_name"], own["person"]["mail"]) == ("Pupu", None)
    assert [one["action"] for one in own["changes_by_others"]] == ["pupil-edited"]
    [entry] = AuditTrail(Database(url)).page(AuditFilter(), 1).entries
    assert (entry.act.staff, entry.act.subject.id) == (f"user {ids['teacher']}", str(ids["pupil"]))
    assert entry.act.after == {"changed": ["display_name"]}
    assert "Pupu" not in str(entry)


def test_gives_a_teacher_more_groups_in_their_own_school():
    """What an administrator gives works at the teacher's next click, and never in a school they do not teach at."""
    service = running()
    ids = everybody(service)
    teacher = come(service, "teacher", "again")
    admin = come(service, "admin", "again")
    path = f"/opettajat/{ids['teacher']}"
    form = {"display_name": "Tarja", "mail": "tarja@koulu.example", "groups-30076": "9A, 9A,", "groups-99904": "9B"}
    assert send(admin, path, form).status_code == 303
    given = list(person_links(teacher.get("/ryhmat")))
    assert send(admin, path, {**form, "groups-30076": ""}).status_code == 303

    assert sorted(given) == ["Nimi pupil", "Nimi pupil-9a"]
    assert list(person_links(teacher.get("/ryhmat"))) == ["Nimi pupil"]
    assert teacher.get("/omat-tiedot.json").json()["person"]["mail"] == "tarja@koulu.example"


def test_leaves_groups_alone_that_another_customers_administrator_gave():
    """A teacher at two customers' schools: each administrator gives groups in their own schools only."""
    service = running()
    ids = everybody(service)
    path = f"/opettajat/{ids['two-schools']}"
    send(come(service, "other-admin", "2"), path, {"groups-99904": "8A"})
    send(come(service, "admin", "2"), path, {"groups-30076": "9A", "groups-99904": "9X"})
    page = come(service, "two-schools", "2").get("/ryhmat").text

    assert re.findall(r'data-group="([^"]*)"', page) == ["30076 9A", "99904 8A", "99904 9B"]


def test_takes_a_right_back_when_the_role_is_gone():
    """The next login brings another role, and the same address is refused."""
    service = running()
    everybody(service)
    browser = service.browser()
    browser.log_in(comes_as("MPASSOID.teacher", "30076;9B;1", message="now-a-pupil"))

    assert browser.get("/ryhmat").status_code == 403


def test_asks_again_for_groups_that_cannot_be():
    """A problem stands beside its field, and nothing is saved."""
    service = running()
    ids = everybody(service)
    admin = come(service, "admin", "again")
    form = {"display_name": "", "groups-30076": ", ".join(str(number) for number in range(21))}
    answer = send(admin, f"/opettajat/{ids['teacher']}", form)

    assert answer.status_code == 422
    assert answer.text.count("enintään 20 ryhmää") == 2


@pytest.mark.parametrize(
    ("who", "links"),
    [
        ("pupil", ["/omat-tiedot"]),
        ("teacher", ["/omat-tiedot", "/ryhmat"]),
        ("admin", ["/omat-tiedot", "/ryhmat", "/opettajat"]),
    ],
)
def test_shows_the_lists_on_the_shelf_to_who_has_them(who: str, links: list[str]):
    """A pupil finds no link that would refuse them."""
    shelf = come(running(), who).get("/materials").text

    assert [path for path in ("/omat-tiedot", "/ryhmat", "/opettajat") if f'href="{path}"' in shelf] == links
