# SPDX-License-Identifier: Apache-2.0
"""Registering an account of one's own, where the municipality has no agreement, and a guardian's consent."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from federation.publisher import Contract
from tests.builders.sp_browser import FakeService, field
from tests.builders.sp_people import OWN_MAIL, PASSWORD, link_of, mail_links, own_service, send, sign_in

PATH = "/oma-tunnus/rekisteroidy"
MAIL = "reino@koti.example"
GUARDIAN = "huoltaja@koti.example"
FORM = {
    "municipality": "other",
    "given_name": "Reino",
    "surname": "Rekisteröityjä",
    "mail": MAIL,
    "password": PASSWORD,
    "repeated": PASSWORD,
    "age": "15",
}
CHILD = {**FORM, "age": "under", "birthday": "2014-03-31", "guardian_mail": GUARDIAN}


def register(service: FakeService, form: dict[str, str] | None = None) -> httpx.Response:
    form = form or FORM
    return send(service.browser(), PATH, form, at=f"{PATH}?municipality={form['municipality']}")


def confirm(service: FakeService, password: str = PASSWORD, mail: str = MAIL) -> httpx.Response:
    return send(service.browser(), link_of(service, mail), {"password": password})


def test_makes_an_account_of_who_confirms_the_address():
    """The address is the user name, and the account opens nothing that is for teachers or schools."""
    service = own_service()
    assert register(service).status_code == 303
    early = sign_in(service.browser(), MAIL, PASSWORD)
    assert "Tunnus on valmis" in confirm(service).text
    browser = service.browser()

    assert early.status_code == 422
    assert sign_in(browser, MAIL, PASSWORD).status_code == 303
    shelf = browser.get("/materials").text
    assert "Reino Rekisteröityjä" in shelf
    assert "tunnuksellasi ei ole vielä oppimateriaaleja" in shelf


def test_makes_nobody_a_teacher_by_a_field_of_the_form():
    """Fields that neither form has change nothing: nobody has verified what a person who registers is at a school."""
    service = own_service()
    more = {"role": "teacher", "schools": "30076", "products": "matikka-9", "customer": "mansikkala"}
    register(service, {**FORM, **more})
    send(service.browser(), link_of(service, MAIL), {"password": PASSWORD, **more})
    browser = service.browser()
    sign_in(browser, MAIL, PASSWORD)

    held = browser.get("/omat-tiedot.json").json()["person"]["held"]
    assert (held["role"], held["schools"], held["products"]) == ("additional-user", [], [])
    assert field(browser.get("/ryhmat"), "reason") == "wrong-role"


@pytest.mark.parametrize(
    ("customer", "publisher", "offered"),
    [
        ("mansikkala", {}, False),
        ("demola", {}, False),
        ("mansikkala", {"contracts": {"mansikkala": Contract(ends="2026-01-31")}}, True),
        ("demola", {"activated_schools": ("30076",), "licences": ()}, True),
        ("other", {}, True),
    ],
    ids=["a customer", "another customer", "a contract that ended", "no school here", "none of them"],
)
def test_is_for_people_whose_municipality_has_no_agreement(customer: str, publisher: dict[str, object], offered: bool):  # noqa: FBT001  # a row of the table
    """Whoever has one is pointed to MPASSid and their school, also when they send the form by themselves."""
    service = own_service(**publisher)
    page = service.browser().get(f"{PATH}?municipality={customer}")
    sent = send(service.browser(), PATH, {**FORM, "municipality": customer}, at=f"{PATH}?municipality=other")

    assert ('name="given_name"' in page.text) is offered
    assert ("/kirjaudu/mpassid" in page.text) is not offered
    assert (sent.status_code, bool(mail_links(service, MAIL))) == ((303, True) if offered else (200, False))


def test_says_the_same_to_who_has_an_account_already():
    """What there is stands in the mail."""
    service = own_service()
    new, known = register(service), register(service, {**FORM, "mail": OWN_MAIL})

    assert (new.status_code, new.headers["location"]) == (known.status_code, known.headers["location"])
    assert mail_links(service, OWN_MAIL) == [("already-registered", "/kirjaudu")]


def test_makes_no_account_with_the_address_of_somebody_else():
    """Its owner gets the link, and does not know the password: nothing is made, and the address stays free."""
    service = own_service()
    register(service, {**FORM, "password": "hyökkääjän oma salasana", "repeated": "hyökkääjän oma salasana"})
    attacker = sign_in(service.browser(), MAIL, "hyökkääjän oma salasana")
    refused = confirm(service, PASSWORD)
    register(service)
    made = confirm(service)

    assert (attacker.status_code, refused.status_code, made.status_code) == (422, 422, 200)
    assert sign_in(service.browser(), MAIL, PASSWORD).status_code == 303
    assert sign_in(service.browser(), MAIL, "hyökkääjän oma salasana").status_code == 422


def test_lets_nobody_guess_the_password_of_a_link():
    """Five tries, then the link waits."""
    service = own_service()
    register(service)
    link = link_of(service, MAIL)
    found = [send(service.browser(), link, {"password": f"arvaus-{number}"}).status_code for number in range(5)]

    assert [*found, send(service.browser(), link, {"password": PASSWORD}).status_code] == [*[422] * 5, 429]


def test_confirms_once_and_within_a_day():
    """A second registration of the same address, confirmed later, makes no second account and takes nothing over."""
    service = own_service()
    register(service)
    first = link_of(service, MAIL)
    register(service, {**FORM, "password": "toinen pitkä salasana", "repeated": "toinen pitkä salasana"})
    second = link_of(service, MAIL)
    found = [
        send(service.browser(), first, {"password": PASSWORD}).status_code,
        service.browser().get(first).status_code,
        send(service.browser(), second, {"password": "toinen pitkä salasana"}).status_code,
    ]
    service.clock.advance(timedelta(hours=24))

    assert found == [200, 404, 404]
    assert service.browser().get(second).status_code == 404
    assert sign_in(service.browser(), MAIL, PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"given_name": " "}, "Kirjoita etunimesi"),
        ({"surname": "x" * 61}, "Kirjoita sukunimesi"),
        ({"mail": "reino"}, "Kirjoita sähköpostiosoite"),
        ({"mail": "reinö@koti.example"}, "Kirjoita sähköpostiosoite"),
        ({"mail": "a@b.example\r\nBcc: c@d.example"}, "Kirjoita sähköpostiosoite"),
        ({"password": "lyhyt", "repeated": "lyhyt"}, "vähintään 12"),
        ({"repeated": "muu"}, "eivät ole samat"),
        ({"age": ""}, "Valitse ikäsi"),
        ({"age": "under"}, "Anna syntymäpäiväsi"),
        ({**CHILD, "birthday": "31.3.2014"}, "Anna syntymäpäiväsi"),
        ({**CHILD, "birthday": "2030-01-01"}, "Anna syntymäpäiväsi"),
        ({**CHILD, "birthday": "2011-08-12"}, "olet jo täyttänyt 15"),
        ({**CHILD, "guardian_mail": ""}, "Kirjoita huoltajan"),
        ({**CHILD, "guardian_mail": MAIL.upper()}, "Kirjoita huoltajan"),
    ],
)
def test_asks_again_and_loses_nothing(change: dict[str, str], problem: str):
    """A problem stands beside its field and in the summary; passwords alone are typed again."""
    answer = register(own_service(), {**FORM, **change})

    assert answer.status_code == 422
    assert answer.text.count(problem) == 2
    assert PASSWORD not in answer.text
    kept = "Rekisteröityjä" if "surname" not in change else "Reino"
    assert kept in answer.text


def test_opens_nothing_to_a_child_before_the_guardian_consents():
    """Error 119 stands in the place of every page, and goes when the guardian has pressed the button."""
    service = own_service()
    register(service, CHILD)
    confirm(service)
    browser = service.browser()
    sign_in(browser, MAIL, PASSWORD)
    before = [browser.get(path) for path in ("/materials", "/materials/lukukirja-3")]
    link = link_of(service, GUARDIAN)
    looked = service.browser().get(link)
    consented = send(service.browser(), link, {})
    again = service.browser().get(link)

    assert [(page.status_code, field(page, "error-number")) for page in before] == [(403, "119")] * 2
    assert "Reino Rekisteröityjä" in looked.text
    assert (consented.status_code, again.status_code) == (200, 404)
    assert browser.get("/materials").status_code == 200


def test_needs_no_consent_from_the_fifteenth_birthday_on():
    """The day is all that is kept of the birthday."""
    service = own_service()
    register(service, {**CHILD, "birthday": "2011-08-13"})
    confirm(service)
    browser = service.browser()
    sign_in(browser, MAIL, PASSWORD)
    before = field(browser.get("/materials"), "error-number")
    service.clock.advance(timedelta(days=1))
    sign_in(browser, MAIL, PASSWORD)

    assert before == "119"
    assert browser.get("/materials").status_code == 200


def test_lets_the_child_ask_the_guardian_again_but_not_consent():
    """Another guardian's address may be given, the child's own not; a newer link ends the older one."""
    service = own_service()
    register(service, CHILD)
    confirm(service)
    browser = service.browser()
    sign_in(browser, MAIL, PASSWORD)
    older = link_of(service, GUARDIAN)
    path = "/oma-tunnus/suostumus"
    own = send(browser, path, {"guardian_mail": MAIL}, at="/materials")
    sent = send(browser, path, {"guardian_mail": "toinen@koti.example"}, at="/materials")

    assert (own.status_code, sent.status_code) == (422, 303)
    assert mail_links(service, "toinen@koti.example")[0][0] == "consent"
    assert service.browser().get(older).status_code == 404
    assert [kind for kind, _ in mail_links(service, MAIL)] == ["confirm-registration"]
