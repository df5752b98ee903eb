# SPDX-License-Identifier: Apache-2.0
"""A simulated Wilma: who may ask it, whom it sends where, and what its data service says (home-protocols 2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from lxml import html
from werkzeug.test import TestResponse

from federation.model import IdpKind, Person
from tests.builders.homes import PUPIL, Home
from tests.builders.rest_homes import (
    LOGIN_ID,
    NONCE,
    WILMA,
    WILMA_RETURN,
    begin,
    log_in,
    rest_home,
    signed,
    wilma_data,
    wilma_request,
)

ANOTHER = b"x" * 32


def wilma(**people: Person) -> Home:
    return rest_home(IdpKind.WILMA, **people)


def page_of(answer: TestResponse) -> str:
    return str(html.fromstring(answer.text).xpath("string(//main/@data-page)"))


def reasons(at: Home) -> list[object]:
    return [event.fields["because"] for event in at.events if event.name == "refused"]


def document(at: Home, user_name: str = "demo_u0001") -> dict[str, Any]:
    (person,) = at.client.get(wilma_data(user_name)).get_json()
    found: dict[str, Any] = person
    return found


def test_sends_who_signed_in_back_with_a_checksum():
    """The address is the proxy's own, nonce and all, with the user name and a checksum over everything before it."""
    answer = log_in(wilma(), wilma_request())

    assert (answer.status_code, answer.location) == (303, signed(f"{WILMA_RETURN}&username=demo_u0001"))
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_sends_who_turned_back_back_too():
    """The proxy learns that nobody signed in."""
    at = wilma()
    answer = at.submit(begin(at, wilma_request()), action="cancel")

    assert answer.location == signed(f"{WILMA_RETURN}&cancelled=true")


def test_answers_at_once_for_who_is_signed_in():
    """A second login in the same browser shows no page."""
    at = wilma()
    log_in(at, wilma_request())

    assert at.client.get(wilma_request()).location == signed(f"{WILMA_RETURN}&username=demo_u0001")


def test_asks_anew_where_the_proxy_forces_it():
    """A session does not answer then."""
    at = wilma()
    log_in(at, wilma_request())

    assert page_of(begin(at, wilma_request(more="&forcedLogin=true"))) == "home-login"


def form_action(page: TestResponse) -> str:
    return page.headers["Content-Security-Policy"].rpartition("form-action ")[2]


def test_lets_its_forms_end_up_at_the_proxy():
    """The answer is a redirect, and Chromium follows one from a form only to an origin that the page names."""
    at = wilma(uuno=PUPIL.model_copy(update={"mpass_data": False}))
    page = begin(at, wilma_request())
    not_connected = at.submit(page, person="uuno")
    wrong = {"username": "demo_u0001", "password": "wrong"}
    locked = [at.submit(page, **wrong) for _ in range(5)][-1]

    assert [form_action(each) for each in (page, not_connected, locked)] == ["'self' https://mpass.localhost"] * 3


def test_locks_and_refuses_as_every_municipality_does():
    """The journey is the same: wrong passwords lock the account, and nobody is sent anywhere."""
    at = wilma()
    page = begin(at, wilma_request())
    wrong = {"username": "demo_u0001", "password": "wrong"}
    answers = [at.submit(page, **wrong) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]


def test_says_so_where_an_account_has_no_mpass_data():
    """It signs in nowhere, and the data service does not know it."""
    at = wilma(uuno=PUPIL.model_copy(update={"mpass_data": False}))
    answer = log_in(at, wilma_request(), "uuno")

    assert (answer.status_code, reasons(at)) == (403, ["account-not-connected"])
    assert at.client.get(wilma_data("uuno")).status_code == 404


def test_lets_a_password_be_renewed():
    """The page for a forgotten password is there, and leads back to this login."""
    at = wilma()
    page = begin(at, wilma_request())

    assert (
        at.client.get(html.fromstring(page.text).xpath("//a[@data-purpose='forgotten-password']/@href")[0]).status_code
        == 200
    )


PARAMETERS = (
    f"{WILMA}/mpass/login?returnUrl=https%3A%2F%2Fmpass.localhost%2Flogin%2F{LOGIN_ID}%2Fwilma%3Fnonce%3D{NONCE}"
)
REFUSED = {
    "no checksum": (PARAMETERS, "home-request-checksum-missing"),
    "nothing": (f"{WILMA}/mpass/login", "home-request-checksum-missing"),
    "another secret": (signed(PARAMETERS, ANOTHER), "home-request-checksum-wrong"),
    "a checksum in capitals": (
        signed(PARAMETERS)[:-64] + signed(PARAMETERS)[-64:].upper(),
        "home-request-checksum-wrong",
    ),
    "a parameter after the checksum": (f"{signed(PARAMETERS)}&forcedLogin=true", "home-request-checksum-wrong"),
    "a parameter changed after the checksum": (
        signed(PARAMETERS).replace("mpass.localhost", "mpess.localhost"),
        "home-request-checksum-wrong",
    ),
    "letters spelled otherwise after the checksum": (
        signed(PARAMETERS).replace("mpass", "%6Dpass"),
        "home-request-checksum-wrong",
    ),
    "a parameter too many": (signed(f"{PARAMETERS}&user=demo_u0001"), "home-request-parameters"),
    "two return addresses": (signed(f"{PARAMETERS}&returnUrl=x"), "home-request-parameters"),
    "no return address": (signed(f"{WILMA}/mpass/login?forcedLogin=true"), "home-request-parameters"),
    "a flag that is no flag": (signed(f"{PARAMETERS}&forcedLogin=yes"), "home-request-parameters"),
    "letters that are none": (signed(f"{WILMA}/mpass/login?returnUrl=%ff"), "home-request-parameters"),
    "a return address of another site": (
        wilma_request(WILMA_RETURN.replace("mpass.localhost", "evil.example")),
        "home-return-address-unknown",
    ),
    "a return address that only begins like the proxy's": (
        wilma_request(WILMA_RETURN.replace("mpass.localhost", "mpass.localhost.evil.example")),
        "home-return-address-unknown",
    ),
    "a return address with a user in it": (
        wilma_request(WILMA_RETURN.replace("mpass.localhost", "mpass.localhost@evil.example")),
        "home-return-address-unknown",
    ),
    "another path of the proxy": (
        wilma_request(WILMA_RETURN.replace("/wilma?", "/opinsys?")),
        "home-return-address-unknown",
    ),
    "a return address without a nonce": (wilma_request(WILMA_RETURN.partition("?")[0]), "home-request-nonce-malformed"),
    "a short nonce": (wilma_request(WILMA_RETURN[:-1]), "home-request-nonce-malformed"),
    "something after the nonce": (wilma_request(f"{WILMA_RETURN}&username=x"), "home-request-nonce-malformed"),
    "a line break after the nonce": (wilma_request(f"{WILMA_RETURN}\n"), "home-request-nonce-malformed"),
}


@pytest.mark.parametrize(("url", "reason_id"), REFUSED.values(), ids=REFUSED)
def test_sends_nobody_anywhere_for(url: str, reason_id: str):
    """The person reads a page at Wilma, and the reason is recorded."""
    at = wilma()
    answer = at.client.get(url)

    assert (answer.status_code, "Location" in answer.headers, reasons(at)) == (400, False, [reason_id])


def test_computes_no_checksum_from_the_host_it_is_asked_by():
    """A foreign Host header makes a right address neither wrong nor a wrong one right."""
    at = wilma()
    host = {"Host": "evil.example"}
    wrong = signed(PARAMETERS.replace("idp.localhost", "evil.example")).replace("evil.example", "idp.localhost")

    assert at.client.get(wilma_request(), headers=host).status_code == 303
    assert at.client.get(wrong, headers=host).status_code == 400


def test_keeps_a_login_for_fifteen_minutes():
    """A login page that was left open ends in no answer."""
    at = wilma()
    page = begin(at, wilma_request())
    at.clock.advance(timedelta(minutes=16))

    assert at.submit(page, person="demo_u0001").status_code == 400


@pytest.mark.parametrize("path", ["sso", "metadata", "v3/sso", "v3/users/x"])
def test_has_nothing_at_the_addresses_of_another_kind(path: str):
    """A Wilma speaks its own protocol only."""
    assert wilma().client.get(f"/mansikkala/{path}").status_code == 404


@pytest.mark.parametrize("path", ["mpass/login", "external/mpass"])
def test_is_not_where_another_kind_is(path: str):
    """Kuusikoski speaks SAML."""
    assert wilma().client.get(f"/kuusikoski/{path}?username=demo_u0100").status_code == 404


def test_tells_what_it_holds_of_a_person():
    """One person in a list, the role by Wilma's own word."""
    answer = wilma().client.get(wilma_data())

    assert (answer.status_code, answer.content_type, answer.headers["Cache-Control"]) == (
        200,
        "application/json",
        "no-store",
    )
    assert answer.get_json() == [
        {
            "firstName": "Testi1",
            "lastName": "Oppilas1",
            "nickName": "Kutsumanimi1",
            "cryptid": "demo_u0001",
            "learnerId": "1.2.246.562.98.10000000017",
            "classLevel": "9",
            "learningMaterialsCharge": "1",
            "roles": [{"school": "30076", "group": "9F", "role": "student"}],
        }
    ]


def test_has_null_where_it_holds_nothing():
    """A teacher with little data; the one role is at both schools."""
    assert document(wilma(), "demo_u0041") == {
        "firstName": "Testi41",
        "lastName": "Opettaja41",
        "nickName": None,
        "cryptid": "demo_u0041",
        "learnerId": None,
        "classLevel": None,
        "learningMaterialsCharge": None,
        "roles": [
            {"school": "30076", "group": None, "role": "teacher"},
            {"school": "30078", "group": None, "role": "teacher"},
        ],
    }


@pytest.mark.parametrize(("user_id", "cryptid"), [("virtavee", "virtavee"), ("", None)])
def test_makes_cryptid_of_the_user_id(user_id: str, cryptid: str | None):
    """Where the registry holds none there is none."""
    person = PUPIL.model_copy(update={"user_id": user_id})

    assert document(wilma(veera=person), "veera")["cryptid"] == cryptid


ROLES: dict[str, tuple[dict[str, tuple[str, ...]], list[tuple[str, str | None, str]]]] = {
    "a pupil in Swedish": ({"roles": ("Inlärare",)}, [("30076", "9F", "student")]),
    "a teacher in Swedish": ({"roles": ("lärare",)}, [("30076", "9F", "teacher")]),
    "a role that is neither": ({"roles": ("Rehtori",)}, [("30076", "9F", "Rehtori")]),
    "a role that nobody knows": ({"roles": ("Keittäjä",)}, [("30076", "9F", "Keittäjä")]),
    "a guardian": ({"roles": ("Huoltaja",)}, []),
    "a guardian in Swedish": ({"roles": ("Vårdnadshavare ",)}, []),
    "a teacher who is a guardian elsewhere": (
        {"school_codes": ("30076", "30077"), "groups": (), "roles": ("Opettaja", "guardian")},
        [("30076", None, "teacher")],
    ),
    "no school": ({"school_codes": ()}, []),
    "no role": ({"roles": ()}, []),
    "more schools than roles": (
        {"school_codes": ("30076", "30077", "30078"), "roles": ("Oppilas", "Opettaja")},
        [("30076", "9F", "student"), ("30077", None, "teacher")],
    ),
    "an empty class before a class": (
        {"school_codes": ("30076", "30077"), "groups": ("", "4B"), "roles": ("Oppilas", "Oppilas")},
        [("30076", None, "student"), ("30077", "4B", "student")],
    ),
}


@pytest.mark.parametrize(("held", "rows"), ROLES.values(), ids=ROLES)
def test_makes_rows_of(held: dict[str, tuple[str, ...]], rows: list[tuple[str, str | None, str]]):
    """The registry's lists become one row per school code, as far as they match."""
    roles = document(wilma(joku=PUPIL.model_copy(update=held)), "joku")["roles"]

    assert [(row["school"], row["group"], row["role"]) for row in roles] == rows


def test_lets_a_guardian_sign_in():
    """What they may do is nobody's business but the proxy's."""
    at = wilma(huoltaja=PUPIL.model_copy(update={"roles": ("Huoltaja",)}))

    assert "&username=huoltaja&h=" in str(log_in(at, wilma_request(), "huoltaja").location)


DATA_REFUSED = {
    "no checksum": (f"{WILMA}/external/mpass?username=demo_u0001&nonce={NONCE}", 403),
    "another secret": (wilma_data(secret=ANOTHER), 403),
    "another person than the checksum is over": (wilma_data().replace("demo_u0001", "demo_u0041"), 403),
    "a checksum of the login address": (
        signed(f"{WILMA}/mpass/login?username=demo_u0001&nonce={NONCE}").replace("mpass/login", "external/mpass"),
        403,
    ),
    "no nonce": (signed(f"{WILMA}/external/mpass?username=demo_u0001"), 403),
    "nobody": (wilma_data("nobody"), 404),
}


@pytest.mark.parametrize(("url", "status"), DATA_REFUSED.values(), ids=DATA_REFUSED)
def test_tells_nothing_of_a_person_for(url: str, status: int):
    """403 for a wrong checksum, 404 for a name that is not there; nothing of anybody stands in either."""
    answer = wilma().client.get(url)

    assert (answer.status_code, answer.content_type, "Testi1" in answer.text) == (status, "application/json", False)


def test_tells_no_person_in_an_event():
    """A login and its data are told by ids."""
    at = wilma()
    log_in(at, wilma_request())
    at.client.get(wilma_data())
    told = repr([(event.name, dict(event.fields)) for event in at.events])

    assert [value for value in ("demo_u0001", "Testi1", "1.2.246.562") if value in told] == []
    assert [event.name for event in at.events] == [
        "authn-request-received",
        "authenticated",
        "response-sent",
        "data-sent",
    ]
