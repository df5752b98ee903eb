# SPDX-License-Identifier: Apache-2.0
"""Signing in with an account of the publisher's own, and what somebody tries who has none."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders.sp_browser import FakeService, field
from tests.builders.sp_people import OWN, OWN_MAIL, TEACHER, own_service, send, sign_in
from tests.builders.sp_service import service_settings

FULL_WIDTH = "".join(chr(ord(letter) + 0xFEE0) if letter != "." else "．" for letter in OWN)  # noqa: RUF001  # on purpose


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def try_often(service: FakeService, names: list[str], password: str = "wrong") -> list[int]:  # noqa: S107  # the point
    """Try each name from a browser of its own, as somebody does who is counted by the browser."""
    return [sign_in(service.browser(), name, password).status_code for name in names]


@pytest.mark.parametrize("typed", [OWN, OWN_MAIL, OWN.upper(), f"  {OWN} ", "Oili@Koti.Example", FULL_WIDTH], ids=ascii)
def test_lets_the_holder_in_by_user_name_or_address(typed: str):
    """However it is written; the shelf shows what the account opens."""
    browser = own_service().browser()
    answer = sign_in(browser, typed, f"{OWN}pwd")

    assert (answer.status_code, answer.headers["location"]) == (303, "https://publisher.localhost/materials")
    shelf = browser.get("/materials").text
    assert "Oili Oma" in shelf
    assert "Lukukirja 3" in shelf
    assert "Matikka 9" not in shelf


def test_gives_a_teacher_by_account_what_the_school_has():
    """An account made from a customer's data."""
    browser = own_service().browser()
    sign_in(browser, TEACHER)

    document = browser.session().json()
    assert (document["outcome"], document["schools"], document["materials"]) == ("session", ["30076"], ["matikka-9"])


def test_leads_to_where_the_person_wanted_and_nowhere_else():
    """A deep link survives the sign-in; another host does not."""
    targets = ["/materials/lukukirja-3?page=7", "https://evil.example/", "//evil.example", "/logout"]
    found = [sign_in(own_service().browser(), target=target).headers["location"] for target in targets]

    assert found == [
        "https://publisher.localhost/materials/lukukirja-3?page=7",
        *["https://publisher.localhost/materials"] * 3,
    ]


@pytest.mark.parametrize(
    ("name", "password"),
    [(OWN, "wrong"), ("nobody.here", "wrong"), (OWN, ""), (OWN, "x" * 5000), ("x" * 5000, "wrong"), ("", "wrong")],
    ids=["wrong password", "unknown name", "no password", "endless password", "endless name", "no name"],
)
def test_answers_who_has_no_account_as_who_mistypes(name: str, password: str):
    """Status and words are the same: nobody learns who has an account."""
    service = own_service()
    known = sign_in(service.browser(), OWN, "wrong")
    answer = sign_in(service.browser(), name, password or " ")

    assert answer.status_code == known.status_code == 422
    shown = without_tokens(answer.text).replace(f'value="{name[:254]}"', 'value=""')
    assert shown == without_tokens(known.text).replace(f'value="{OWN}"', 'value=""')
    assert "session" not in " ".join(answer.headers.get_list("set-cookie"))


def test_computes_as_much_for_nobody_as_for_somebody(monkeypatch: pytest.MonkeyPatch):
    """One hash is compared for a name that nobody has, as for one that somebody has."""
    compared: list[str | None] = []
    service = own_service()
    hashes = service.hashes
    verify = hashes.verify
    monkeypatch.setattr(hashes, "verify", lambda kept, typed: compared.append(kept) or verify(kept, typed))

    try_often(service, [OWN, "nobody.here", "nobody@koti.example"])

    assert len(compared) == 3


def test_locks_a_name_after_five_wrong_passwords():
    """The right one is refused as well until five minutes have gone by, from any browser."""
    service = own_service()
    wrong = try_often(service, [OWN] * 5)
    locked = sign_in(service.browser())
    service.clock.advance(timedelta(minutes=4, seconds=59))
    still = sign_in(service.browser())
    service.clock.advance(timedelta(seconds=1))

    assert wrong == [422] * 5
    assert (locked.status_code, still.status_code) == (429, 429)
    assert sign_in(service.browser()).status_code == 303


def test_locks_a_name_that_nobody_has_alike():
    """A lock says nothing of who exists."""
    assert try_often(own_service(), ["nobody.here"] * 6) == [*[422] * 5, 429]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([OWN, OWN.upper(), f" {OWN}", f"{OWN}\t", "Oili.Oma"], id="capitals and spaces"),
        pytest.param(
            [FULL_WIDTH, f"{OWN}\u200b", f"\ufeff{OWN}", "o\u0131li.oma".replace("\u0131", "i"), OWN], id="Unicode"
        ),
        pytest.param([OWN, OWN_MAIL, OWN, OWN_MAIL.upper(), OWN], id="user name and address in turns"),
    ],
)
def test_counts_a_name_however_it_is_written(names: list[str]):
    """Writing it otherwise gives no more tries."""
    service = own_service()

    assert try_often(service, names) == [422] * 5
    assert sign_in(service.browser()).status_code == 429


def test_begins_to_count_anew_after_the_right_password_and_after_ten_minutes():
    """Who mistypes now and then is not locked out."""
    service = own_service()
    try_often(service, [OWN] * 4)
    sign_in(service.browser())
    again = try_often(service, [OWN] * 4)
    service.clock.advance(timedelta(minutes=10, seconds=1))

    assert [*again, *try_often(service, [OWN] * 4)] == [422] * 8
    assert sign_in(service.browser()).status_code == 303


def test_slows_down_a_browser_that_tries_many_names():
    """Forty tries in five minutes; then the browser waits, whatever name it types."""
    browser = own_service().browser()
    found = [sign_in(browser, f"name-{number}", "wrong").status_code for number in range(41)]

    assert found == [*[422] * 40, 429]


def test_gives_a_new_session_at_each_sign_in():
    """An id that somebody planted in the browser opens nothing, and the one before is over."""
    service = own_service()
    planted = "p" * 43
    browser = service.browser()
    browser.client.cookies.set("__Host-publisher-443-session", planted, domain="publisher.localhost")
    sign_in(browser)
    first = browser.client.cookies["__Host-publisher-443-session"]
    sign_in(browser)

    ids = {planted, first, browser.client.cookies["__Host-publisher-443-session"]}
    assert len(ids) == 3
    assert [opens(service, one) for one in (planted, first)] == [False, False]


def opens(service: FakeService, session: str) -> bool:
    thief = service.browser()
    thief.client.cookies.set("__Host-publisher-443-session", session, domain="publisher.localhost")
    return thief.get("/materials").status_code == 200


def test_gives_new_form_tokens_at_each_sign_in():
    """A token from before the sign-in is of no use after it: on a shared device it may be somebody else's."""
    browser = own_service().browser()
    page = browser.get("/kirjaudu").text
    before = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert before is not None
    sign_in(browser)

    answer = browser.post("/logout", {"csrf_token": before[1]})

    assert (answer.status_code, field(answer, "reason")) == (403, "form-not-ours")
    assert browser.get("/materials").status_code == 200


@pytest.mark.parametrize("form", [{}, {"csrf_token": ""}, {"csrf_token": "x"}], ids=["none", "empty", "made up"])
def test_signs_nobody_in_by_a_form_of_another_site(form: dict[str, str]):
    """Else a person could be signed in as somebody else without noticing."""
    browser = own_service().browser()
    browser.get("/kirjaudu")
    answer = browser.post("/kirjaudu", {"username": OWN, "password": f"{OWN}pwd", **form})

    assert (answer.status_code, field(answer, "reason")) == (403, "form-not-ours")
    assert browser.get("/materials").status_code == 303


def test_reads_no_field_that_is_not_on_the_form():
    """A role, a user id or a session in the form changes nothing."""
    browser = own_service().browser()
    more = {"role": "teacher", "user_id": "1", "session": "x" * 43, "schools": "30076", "is_under_15": "false"}
    sign_in(browser, OWN, None, **more)

    assert browser.session().json()["schools"] == []


def test_has_no_accounts_at_the_portal():
    """The portal's people come by MPASSid alone."""
    portal = FakeService(service_settings(simulated="portal")).browser()

    assert portal.post("/kirjaudu", {}).status_code == 405
    assert [portal.get(path).status_code for path in ("/oma-tunnus", "/omat-tiedot", "/ryhmat", "/postilaatikko")] == [
        404
    ] * 4


def test_tells_of_a_try_without_saying_whose():
    """Events carry the outcome and no name."""
    service = own_service()
    sign_in(service.browser())
    sign_in(service.browser(), OWN, "wrong")
    tries = [event.fields for event in service.events if event.name == "account-sign-in"]

    assert tries == [{"outcome": "signed-in"}, {"outcome": "wrong"}]


def test_shows_the_sign_in_with_its_problem_and_keeps_the_name():
    """The problem stands beside the field and in the summary; the password is never sent back."""
    answer = send(own_service().browser(), "/kirjaudu", {"username": OWN, "password": "salainen-arvaus"})

    assert answer.text.count("Käyttäjätunnus tai salasana on väärä.") == 2
    assert f'value="{OWN}"' in answer.text
    assert "salainen-arvaus" not in answer.text
    assert 'aria-describedby="password-problem"' in answer.text
