# SPDX-License-Identifier: Apache-2.0
"""A forgotten password: a link by mail, once, for half an hour, and not a word of who has an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders.sp_browser import FakeService, field
from tests.builders.sp_people import (
    CHILD,
    OWN,
    OWN_MAIL,
    PASSWORD,
    TEACHER,
    link_of,
    mail_links,
    own_service,
    send,
    sign_in,
)

PATH = "/oma-tunnus/salasana"
NEW = {"password": PASSWORD, "repeated": PASSWORD}


def ask(service: FakeService, name: str = OWN) -> str:
    """Ask for a link and return what the page after it shows, tokens aside."""
    browser = service.browser()
    answer = send(browser, PATH, {"username": name})
    page = browser.get(answer.headers["location"].removeprefix("https://publisher.localhost"))
    return f"{answer.status_code} {re.sub('value=.[^ ]*', '', page.text)}"


def test_lets_the_holder_choose_a_new_password():
    """The new one holds, the old one not; the holder is told by mail."""
    service = own_service()
    ask(service)
    answer = send(service.browser(), link_of(service, OWN_MAIL), NEW)

    assert "Salasana on vaihdettu" in answer.text
    assert sign_in(service.browser()).status_code == 422
    assert sign_in(service.browser(), OWN, PASSWORD).status_code == 303
    assert [kind for kind, _ in mail_links(service, OWN_MAIL)] == ["password-changed", "reset"]


def test_says_the_same_whoever_is_asked_for():
    """A holder, an address that nobody has, a user name that nobody has, an account without an address."""
    shown = {ask(own_service(), name) for name in (OWN, OWN_MAIL, "nobody@koti.example", "nobody.here", TEACHER)}

    assert len(shown) == 1


def test_tells_by_mail_alone_that_there_is_no_account():
    """The owner of an address learns it, and nobody else."""
    service = own_service()
    ask(service, "nobody@koti.example")
    ask(service, TEACHER)

    assert mail_links(service, "nobody@koti.example") == [("no-account", "")]


def test_mails_to_the_address_that_is_registered_never_to_the_one_typed():
    """A letter that folds to another one (K, the kelvin sign) finds the account, and the mail goes to its holder."""
    service = own_service()
    typed = OWN_MAIL.replace("k", "\u212a")
    ask(service, typed)

    assert [kind for kind, _ in mail_links(service, OWN_MAIL)] == ["reset"]


@pytest.mark.parametrize(
    ("wait", "status"),
    [(timedelta(minutes=29, seconds=59), 200), (timedelta(minutes=30), 404)],
    ids=["in time", "late"],
)
def test_holds_for_half_an_hour(wait: timedelta, status: int):
    """The link's own time, by the service's clock."""
    service = own_service()
    ask(service)
    link = link_of(service, OWN_MAIL)
    service.clock.advance(wait)

    assert service.browser().get(link).status_code == status


def test_works_once():
    """Looking at the page does not use the link up; choosing a password does."""
    service = own_service()
    ask(service)
    link = link_of(service, OWN_MAIL)
    browser = service.browser()
    looked = [browser.get(link).status_code for _ in range(3)]
    token = re.search(r'name="csrf_token" value="([^"]*)"', browser.get(link).text)
    assert token is not None
    first = browser.post(link, {"csrf_token": token[1], **NEW})
    again = browser.post(
        link, {"csrf_token": token[1], "password": "toinen pitka salasana", "repeated": "toinen pitka salasana"}
    )

    assert (looked, first.status_code) == ([200] * 3, 200)
    assert (again.status_code, field(again, "reason")) == (404, "link-over")
    assert sign_in(service.browser(), OWN, PASSWORD).status_code == 303


def test_ends_the_older_link_with_a_newer_one():
    """Whoever finds an old message finds nothing of use."""
    service = own_service()
    ask(service)
    older = link_of(service, OWN_MAIL)
    ask(service)

    assert service.browser().get(older).status_code == 404
    assert service.browser().get(link_of(service, OWN_MAIL)).status_code == 200


def test_changes_no_other_account_than_the_links():
    """A user name or id in the form changes nothing."""
    service = own_service()
    ask(service, OWN)
    send(service.browser(), link_of(service, OWN_MAIL), {**NEW, "username": CHILD, "user_id": "3"})

    assert sign_in(service.browser(), CHILD).status_code == 303
    assert sign_in(service.browser(), CHILD, PASSWORD).status_code == 422


def test_opens_nothing_else_with_a_link_for_a_password():
    """A link is for one thing."""
    service = own_service()
    ask(service)
    token = link_of(service, OWN_MAIL).rpartition("/")[2]
    paths = [f"/oma-tunnus/{what}/{token}" for what in ("kadonnut", "vahvista", "suostumus")]

    assert [service.browser().get(path).status_code for path in paths] == [404] * 3


def test_ends_every_session_and_a_lock():
    """Whoever had got in is out, and the holder is not kept out by their guesses."""
    service = own_service()
    thief = service.browser()
    sign_in(thief)
    for _ in range(5):
        sign_in(service.browser(), OWN, "wrong")
    ask(service)
    send(service.browser(), link_of(service, OWN_MAIL), NEW)

    assert thief.get("/materials").status_code == 303
    assert sign_in(service.browser(), OWN, PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("password", "repeated", "problem"),
    [
        ("", "", "Kirjoita uusi salasana."),
        ("lyhyt", "lyhyt", "vähintään 12 merkkiä"),
        ("x" * 129, "x" * 129, "enintään 128 merkkiä"),
        ("abababababab", "abababababab", "viisi eri merkkiä"),
        ("minun OILI.oma salasana", "minun OILI.oma salasana", "eikä käyttäjätunnustasi"),
        (PASSWORD, PASSWORD + "!", "eivät ole samat"),
    ],
)
def test_asks_again_for_a_password_that_breaks_a_rule(password: str, repeated: str, problem: str):
    """The link stays of use."""
    service = own_service()
    ask(service)
    link = link_of(service, OWN_MAIL)
    answer = send(service.browser(), link, {"password": password, "repeated": repeated})

    assert answer.status_code == 422
    assert answer.text.count(problem) >= 2
    assert send(service.browser(), link, NEW).status_code == 200


def test_floods_nobody_with_mail():
    """Five messages in a quarter of an hour; the link of the last one stays of use."""
    service = own_service()
    for _ in range(7):
        ask(service)

    assert len(mail_links(service, OWN_MAIL)) == 5
    assert service.browser().get(link_of(service, OWN_MAIL)).status_code == 200


def test_keeps_no_link_that_a_reader_of_the_database_could_follow():
    """Tokens are kept as hashes; the message itself stands for the person's mailbox."""
    service = own_service()
    ask(service)
    token = link_of(service, OWN_MAIL).rpartition("/")[2]

    assert len(token) == 43
    assert service.browser().get(f"{PATH}/uusi/{'0' * 64}").status_code == 404
