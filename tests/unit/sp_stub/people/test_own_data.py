# SPDX-License-Identifier: Apache-2.0
"""Everybody's own data: seen, changed, and taken along whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table

from sp_stub.data.all_tables import METADATA
from sp_stub.data.own_copy import LEFT_OUT, OF_NOBODY
from tests.builders.sp_browser import Browser, FakeService
from tests.builders.sp_people import (
    OWN,
    OWN_MAIL,
    PASSWORD,
    comes_as,
    link_of,
    mail_links,
    own_service,
    own_settings,
    send,
    sign_in,
)

PUPIL = comes_as("MPASSOID.7", "30076;9B;1", name="Milla Mallinen")
PATH = "/omat-tiedot"


def signed_in(service: FakeService, name: str = OWN) -> Browser:
    browser = service.browser()
    assert sign_in(browser, name).status_code == 303
    return browser


def by_mpassid(service: FakeService) -> Browser:
    browser = service.browser()
    assert browser.log_in(PUPIL).status_code == 303
    return browser


def copy_of(browser: Browser) -> dict[str, Any]:
    found: dict[str, Any] = browser.get(f"{PATH}.json").json()
    return found


def test_shows_a_person_what_is_held_of_them():
    """Name, schools with roles and groups, when they came; what the registry sends is corrected there."""
    page = by_mpassid(own_service()).get(PATH).text

    for text in ("Milla Mallinen", "Peruskoulu (30076): Oppilas 9B", "12.8.2026 klo 8.00", "Virheet korjataan siellä"):
        assert text in page


@pytest.mark.parametrize("path", [PATH, f"{PATH}.json", f"{PATH}/kadonnut", f"{PATH}/osoite/x"])
def test_shows_nothing_to_who_is_not_signed_in(path: str):
    """They are sent to the login page, and back to a page that may be gone back to."""
    answer = own_service().browser().get(path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("https://publisher.localhost/kirjaudu")


def test_saves_the_name_and_address_of_who_comes_by_mpassid():
    """The chosen name stands on the shelf; what is left empty falls back to the registry's."""
    browser = by_mpassid(own_service())
    send(browser, PATH, {"display_name": "  Millis\u200b  M ", "mail": "Milla@Koti.Example"})
    chosen = copy_of(browser)["person"]
    send(browser, PATH, {"display_name": "", "mail": ""})

    assert (chosen["display_name"], chosen["mail"]) == ("Millis M", "milla@koti.example")
    assert copy_of(browser)["person"]["display_name"] is None


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"display_name": "x" * 101, "mail": ""}, "enintään 100 merkkiä"),
        ({"display_name": "", "mail": "milla"}, "Kirjoita sähköpostiosoite"),
    ],
)
def test_asks_again_and_saves_nothing(form: dict[str, str], problem: str):
    """The problem stands beside the field and in the summary."""
    browser = by_mpassid(own_service())
    answer = send(browser, PATH, form)

    assert answer.status_code == 422
    assert answer.text.count(problem) == 2
    assert copy_of(browser)["person"]["mail"] is None


def test_changes_nothing_that_the_form_does_not_hold():
    """Mass assignment: no other field of the request is read, and an account's address changes by its link alone."""
    browser = signed_in(own_service())
    before = copy_of(browser)
    more = {"uid": "MPASSOID.1", "role": "teacher", "blocked_at": "", "terms_version": "v9", "mail": "x@evil.example"}
    send(browser, PATH, {"display_name": "Oili", "customer": "demola", "id": "3", "held": "{}", **more})
    after = copy_of(browser)

    assert after["person"] == {**before["person"], "display_name": "Oili"}
    assert after["terms"] == before["terms"]


def test_changes_the_person_who_is_signed_in_and_no_other():
    """There is no address with somebody's id in it."""
    service = own_service()
    other, browser = by_mpassid(service), signed_in(service)
    send(browser, f"{PATH}", {"display_name": "Oili", "user_id": "1"})

    assert copy_of(other)["person"]["display_name"] is None
    assert browser.get(f"{PATH}/1").status_code == 404


def test_gives_a_copy_of_everything_that_is_held():
    """Data, memberships, account, terms, sessions, mail: for who takes it along, in one stable form."""
    service = own_service()
    signed_in(service)
    browser = signed_in(service)
    send(service.browser(), "/oma-tunnus/salasana", {"username": OWN})
    answer = browser.get(f"{PATH}.json")
    copied = answer.json()

    assert answer.headers["content-disposition"] == 'attachment; filename="omat-tiedot.json"'
    assert sorted(copied) == [
        "account",
        "changes_by_others",
        "format",
        "given_by_customer_service",
        "links_open",
        "made_at",
        "mail_sent",
        "memberships",
        "messages_to_customer_service",
        "person",
        "sessions",
        "support_views",
        "terms",
        "use_of_materials",
    ]
    assert copied["format"] == 1
    assert copied["person"]["held"]["products"] == ["lukukirja-3"]
    assert (copied["account"]["user_name"], copied["account"]["has_password"]) == (OWN, True)
    assert [len(copied[name]) for name in ("sessions", "mail_sent", "links_open")] == [2, 1, 1]
    assert copied["mail_sent"][0]["kind"] == "reset"


def test_copies_no_secret_that_would_open_a_door():
    """Neither hashes nor links nor session ids stand in a file that lies about."""
    service = own_service()
    browser = signed_in(service)
    form = {"current": f"{OWN}pwd", "password": PASSWORD, "repeated": PASSWORD}
    assert send(browser, f"{PATH}/salasana", form, at=PATH).status_code == 303
    send(service.browser(), "/oma-tunnus/salasana", {"username": OWN})
    text = browser.get(f"{PATH}.json").text

    secrets = [*browser.client.cookies.values(), link_of(service, OWN_MAIL).rpartition("/")[2], "$argon2"]
    assert [secret for secret in secrets if secret in text] == []


def test_leaves_no_column_of_a_person_out_of_the_copy():
    """Each table that knows people is copied, or says why not: a new one cannot be forgotten."""
    browser = signed_in(own_service())
    copied = copy_of(browser)
    missing = [
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        if table.name not in OF_NOBODY
        for column in table.columns
        if f"{table.name}.{column.name}" not in LEFT_OUT and not is_copied(copied, table, column.name)
    ]

    assert missing == []


def is_copied(copied: dict[str, Any], table: Table, column: str) -> bool:
    places = {
        "users": {**copied["person"], "terms_version": 0, "terms_accepted_at": 0},
        "accounts": copied["account"],
    }
    lists = {
        "memberships": "memberships",
        "sessions": "sessions",
        "sent_mail": "mail_sent",
        "messages": "messages_to_customer_service",
        "mail_tokens": "links_open",
        "openings": "use_of_materials",
        "audit_trail": "changes_by_others",
        "support_views": "support_views",
        "grants": "given_by_customer_service",
    }
    if table.name in places:
        return column in places[table.name]
    return lists.get(table.name) in copied


def test_changes_a_password_and_ends_every_other_session():
    """The session it was changed in goes on under a new id; a link to a new password is over."""
    service = own_service()
    browser, other = signed_in(service), signed_in(service)
    send(service.browser(), "/oma-tunnus/salasana", {"username": OWN})
    link = link_of(service, OWN_MAIL)
    old = dict(browser.client.cookies)
    form = {"current": f"{OWN}pwd", "password": PASSWORD, "repeated": PASSWORD}
    assert send(browser, f"{PATH}/salasana", form, at=PATH).status_code == 303
    stolen = service.browser()
    stolen.client.cookies.update(old)

    assert browser.get("/materials").status_code == 200
    assert [one.get("/materials").status_code for one in (other, stolen)] == [303, 303]
    assert service.browser().get(link).status_code == 404
    assert sign_in(service.browser(), OWN, PASSWORD).status_code == 303
    assert mail_links(service, OWN_MAIL)[0][0] == "password-changed"


def test_asks_for_the_current_password_and_counts_wrong_ones():
    """Who finds an open session cannot take the account; guessing there locks it as at the sign-in."""
    service = own_service()
    browser = signed_in(service)
    form = {"current": "arvaus", "password": PASSWORD, "repeated": PASSWORD}
    found = [send(browser, f"{PATH}/salasana", form, at=PATH) for _ in range(6)]

    assert [answer.status_code for answer in found] == [422] * 6
    assert "Salasana on väärä." in found[0].text
    assert "liian monta" in found[5].text
    assert sign_in(service.browser()).status_code == 429


def test_changes_an_address_by_the_link_that_was_sent_to_it():
    """The old address is told, and the new one signs in."""
    service = own_service()
    browser = signed_in(service)
    new = "oili@uusi.example"
    send(browser, f"{PATH}/osoite", {"new_mail": new, "mail_password": f"{OWN}pwd"}, at=PATH)
    before = sign_in(service.browser(), new, f"{OWN}pwd").status_code
    assert send(browser, link_of(service, new), {}).status_code == 303

    assert (before, sign_in(service.browser(), new, f"{OWN}pwd").status_code) == (422, 303)
    assert sign_in(service.browser(), OWN_MAIL, f"{OWN}pwd").status_code == 422
    assert mail_links(service, OWN_MAIL)[0][0] == "mail-changed"


def test_gives_the_address_of_one_account_to_no_other():
    """An address in use is told by mail alone; somebody else's link does nothing; and the password is asked first."""
    service = own_service()
    browser = signed_in(service, "lasse.lapsi")
    forms = [
        {"new_mail": OWN_MAIL, "mail_password": "lasse.lapsipwd"},
        {"new_mail": "uusi@koti.example", "mail_password": "arvaus"},
        {"new_mail": "uusi@koti.example", "mail_password": "lasse.lapsipwd"},
    ]
    found = [send(browser, f"{PATH}/osoite", form, at=PATH).status_code for form in forms]
    other = signed_in(service)

    assert found == [303, 422, 303]
    assert mail_links(service, OWN_MAIL)[0] == ("already-registered", "/kirjaudu")
    assert other.get(link_of(service, "uusi@koti.example")).status_code == 404
    assert sign_in(service.browser(), OWN_MAIL, f"{OWN}pwd").status_code == 303


def test_ends_access_to_own_data_with_the_contract(tmp_path: Path):
    """A blocked or closed person, or one whose contract is over, gets the page that says so."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    browser = by_mpassid(FakeService(own_settings(), url))
    later = FakeService(own_settings(activated_schools=("99904",)), url).browser(browser.client.cookies)

    assert later.get(PATH).status_code == 403


def test_forgets_old_mail():
    """What was sent thirty days ago is gone with the next message."""
    service = own_service()
    send(service.browser(), "/oma-tunnus/salasana", {"username": OWN})
    service.clock.advance(timedelta(days=30))
    send(service.browser(), "/oma-tunnus/salasana", {"username": "nobody@koti.example"})

    assert mail_links(service, OWN_MAIL) == []
