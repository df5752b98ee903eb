# SPDX-License-Identifier: Apache-2.0
"""Itinerant teachers without MPASS: what is asked for must fit, and what is given holds at the next click."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from federation.publisher import Account
from sp_stub.data.database import Database
from sp_stub.data.login_store import LoginStore
from sp_stub.data.sent_mail import mail_to
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_people import PASSWORD, link_of, send, sign_in
from tests.builders.sp_response import NOW
from tests.builders.sp_staff import DESK, StaffBrowser, at_desk, staffed_service

GRANTS = f"{DESK}/kiertavat"
FORM = {
    "municipality": "Mansikkala",
    "school": "Peruskoulu",
    "code": "30076",
    "product": "matikka-9",
    "account": "kaisa.kiertava@opet.example",
    "given_name": "Kaisa",
    "surname": "Kiertävä",
    "reason": "Opettaa kahdessa oppilaitoksessa.",
}
PATH = "/kampus/matikka-9"
ACCOUNTS = {
    "olli.opettaja": Account(given_name="Olli", surname="Opettaja", role="teacher"),
    "paavo.pupil": Account(given_name="Paavo", surname="Pupil", role="pupil"),
}


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of a database in a file."""
    return f"sqlite:///{tmp_path}/publisher.sqlite"


def give(desk: StaffBrowser, **changes: str) -> Any:  # noqa: ANN401  # httpx.Response
    """Fill in the form and send it."""
    return desk.submit(GRANTS, GRANTS, {**FORM, **changes})


def given(desk: StaffBrowser) -> list[str]:
    """Return the numbers of what is given."""
    return re.findall(r'data-grant="(\d+)"', desk.get(GRANTS).text)


def signed_in(service: FakeService, url: str, user: int = 1) -> Browser:
    """Return the browser of an account's holder who has signed in."""
    browser = service.browser()
    session = f"{user}" + "s" * 42
    LoginStore(Database(url), bytes(32)).open_session(session, user, None, NOW)
    browser.client.cookies.set("__Host-publisher-443-session", session, domain="publisher.localhost", path="/")
    return browser


def test_makes_an_account_and_opens_the_product_for_it(url: str):
    """Nothing but that product of that school, as a teacher."""
    service = staffed_service(url)

    answer = give(at_desk(service))

    teacher = signed_in(service, url)
    assert answer.status_code == 303
    assert teacher.get(PATH).status_code == 200
    assert teacher.get(f"{PATH}/solutions").status_code == 200
    assert field(teacher.get("/materials/lukukirja-3"), "reason") == "no-licence"


def test_tells_the_teacher_to_choose_a_password(url: str):
    """By mail, with a link; customer service never knows one."""
    give(at_desk(staffed_service(url)))

    with Database(url).begin(writes=False) as connection:
        mails = mail_to(connection, "kaisa.kiertava@opet.example")
    assert [mail.kind for mail in mails] == ["choose-password"]
    assert str(mails[0].link).startswith("https://publisher.localhost/oma-tunnus/salasana/uusi/")


def test_lets_the_teacher_in_from_the_mail_to_the_product(url: str):
    """The link, a password of their own, the sign-in beside MPASSid, and the product opens."""
    service = staffed_service(url)
    give(at_desk(service))
    teacher, link = service.browser(), link_of(service, "kaisa.kiertava@opet.example")
    send(teacher, link, {"password": PASSWORD, "repeated": PASSWORD})

    answer = sign_in(teacher, "kaisa.kiertava@opet.example", PASSWORD)

    assert answer.status_code == 303
    assert teacher.get(PATH).status_code == 200


def test_uses_an_account_that_is_there(url: str):
    """By its user name; a second product of the same account is one more grant, and no second account."""
    service = staffed_service(url, accounts=ACCOUNTS)
    desk = at_desk(service)

    give(desk, account="OLLI.opettaja", given_name="", surname="")

    assert given(desk) == ["1"]
    assert "Olli Opettaja" in desk.get(GRANTS).text
    assert signed_in(service, url).get(PATH).status_code == 200


def test_is_taken_back_at_the_next_click(url: str):
    """In the teacher's open session too, and the form cannot be sent again."""
    service = staffed_service(url)
    desk = at_desk(service)
    give(desk)
    teacher = signed_in(service, url)
    before = teacher.get(PATH).status_code
    form = {**desk.hidden(f"{GRANTS}/1/revoke-grant", f"{GRANTS}/1/revoke-grant"), "reason": "Lopetti."}

    first, again = (desk.post(f"{GRANTS}/1/revoke-grant", form) for _ in range(2))

    assert before == 200
    assert (first.status_code, again.status_code) == (303, 404)
    assert field(teacher.get(PATH), "reason") in ("no-school-data", "no-licence")
    assert given(desk) == []


def test_holds_in_every_worker(url: str):
    """Given in one process, opened in another."""
    one, another = staffed_service(url), staffed_service(url)
    desk = at_desk(one)
    give(desk)
    teacher = signed_in(another, url)
    before = teacher.get(PATH).status_code

    desk.step(f"{GRANTS}/1/revoke-grant")

    assert before == 200
    assert teacher.get(PATH).status_code == 403


def test_ends_with_the_contract_of_the_school(url: str):
    """The account goes with its customer; nothing of the teacher is left."""
    service = staffed_service(url)
    desk = at_desk(service)
    give(desk)
    teacher = signed_in(service, url)

    desk.step(f"{DESK}/asiakkaat/mansikkala/end-contract")

    assert field(teacher.get(PATH), "reason") == "contract-ended"
    assert given(desk) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"municipality": ""}, "Kirjoita kunnan"),
        ({"municipality": "Demola"}, "ei ole tämän koulutuksen järjestäjän"),
        ({"school": ""}, "Kirjoita oppilaitoksen nimi"),
        ({"school": "Lukio"}, "Numero ei ole tämän oppilaitoksen"),
        ({"code": "30079"}, "Numero ei ole tämän oppilaitoksen"),
        ({"code": "3007"}, "viisi numeroa"),
        ({"code": "30076'--"}, "viisi numeroa"),
        ({"code": "٣٠٠٧٦"}, "viisi numeroa"),
        ({"code": "00000"}, "Tällä numerolla ei ole oppilaitosta"),
        ({"product": "lukukirja-3"}, "ei ole tähän tuotteeseen käyttöoikeutta"),
        ({"product": "nope"}, "Valitse tuote"),
        ({"account": ""}, "Kirjoita opettajan käyttäjätunnus"),
        ({"account": "nobody"}, "Tunnusta ei löydy"),
        ({"account": "a@b.example\r\nBcc: x@y.example"}, "Tunnusta ei löydy"),
        ({"account": "paavo.pupil"}, "ei ole opettajan"),
        ({"given_name": ""}, "Kirjoita etunimi"),
        ({"surname": " "}, "Kirjoita sukunimi"),
        ({"reason": ""}, "Kirjoita perustelu"),
    ],
)
def test_asks_again_and_loses_nothing(url: str, change: dict[str, str], problem: str):
    """A problem stands beside its field and in the summary, what was typed stays, and nothing is made."""
    desk = at_desk(staffed_service(url, accounts=ACCOUNTS))

    answer = give(desk, **change)

    assert answer.status_code == 422
    assert answer.text.count(problem) == 2
    kept = "Peruskoulu" if "school" not in change else "Mansikkala"
    assert f'value="{kept}"' in answer.text
    assert given(desk) == []
    with Database(url).begin(writes=False) as connection:
        assert mail_to(connection, "kaisa.kiertava@opet.example") == ()


def test_gives_nothing_for_a_customer_whose_contract_is_over(url: str):
    """The form says so."""
    desk = at_desk(staffed_service(url))
    desk.step(f"{DESK}/asiakkaat/mansikkala/end-contract")

    assert "sopimus on päättynyt" in give(desk).text


def test_gives_a_product_once(url: str):
    """The same form again says that the teacher has it."""
    desk = at_desk(staffed_service(url))
    give(desk)

    assert "Opettajalla on jo tämä käyttöoikeus." in give(desk).text
    assert given(desk) == ["1"]


def test_takes_no_role_from_the_form(url: str):
    """A field that the form does not have changes nothing: the account is a teacher's of that product alone."""
    service = staffed_service(url)
    desk = at_desk(service)

    give(desk, role="administrator", schools="99904", products="lukukirja-3", customer="demola")

    assert field(signed_in(service, url).get("/materials/lukukirja-3"), "reason") == "no-licence"
    assert "Mansikkala" in desk.get(f"{DESK}/kayttajat/1").text


def test_stands_in_the_audit_trail_without_a_name(url: str):
    """The product, the school and the person's number."""
    desk = at_desk(staffed_service(url))
    give(desk)

    trail = desk.get(f"{DESK}/tapahtumat.json").json()
    assert [(entry["action"], entry["subject"], entry["after"]) for entry in trail[:2]] == [
        ("grant", "1", {"product": "matikka-9", "school": "30076"}),
        ("create-account", "1", {}),
    ]
    assert "Kaisa" not in str(trail)
    assert "opet.example" not in str(trail)
