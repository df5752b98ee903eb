# SPDX-License-Identifier: Apache-2.0
"""The pages of the publisher's own accounts, of the terms and of one's own data: every proof of pages.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias
from wsgiref.types import WSGIApplication

import pytest
from playwright.sync_api import Browser, Page, expect

from federation.model import LANGUAGES
from federation.publisher import Terms
from party.clock import MovableClock
from party.events import Events
from sp_stub.app import create_app
from tests.browser.chromium import open_window
from tests.browser.proof import page_problems
from tests.browser.serving import serving
from tests.builders.sp_browser import CHEAP
from tests.builders.sp_people import ACCOUNTS, CHILD, OWN, OWN_MAIL, PASSWORD, TEACHER, own_settings
from tests.builders.sp_response import NOW

pytestmark = pytest.mark.browser

GUARDIAN: Final = "huoltaja@koti.example"

Reach: TypeAlias = Callable[[Page, str, str], None]
"""Leads a fresh browser at an origin to a page in a language."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Run a publisher with accounts and terms of its own, and return where it is."""
    settings = own_settings(terms=Terms(version="v1", since="2026-08-01"), accounts=ACCOUNTS)
    clock = MovableClock(NOW)
    events = Events("publisher", clock, lambda _: None)

    def publisher(address: str) -> WSGIApplication:
        config = settings.config.model_copy(update={"origin": address, "publisher_origin": address})
        return create_app(replace(settings, config=config), clock, events, "sqlite://", CHEAP)

    with serving(publisher) as address:
        yield address


def at(path: str) -> Reach:
    """Return how to reach a page that needs no sign-in."""

    def reach(page: Page, origin: str, language: str) -> None:
        page.goto(f"{origin}{path}{'&' if '?' in path else '?'}lang={language}")

    return reach


def sent(path: str, purpose: str, **fields: str) -> Reach:
    """Return how to reach what a form leads to, the fields filled in."""

    def reach(page: Page, origin: str, language: str) -> None:
        at(path)(page, origin, language)
        for name, value in fields.items():
            page.locator(f"#{name}").fill(value)
        page.locator(f"form[data-purpose={purpose}] button[type=submit]").first.click()

    return reach


def signed_in(name: str = OWN, then: str = "", *, accepts: bool = True) -> Reach:
    """Return how to sign in with an account, accept the terms and open a page."""

    def reach(page: Page, origin: str, language: str) -> None:
        sent("/kirjaudu", "account", username=name, password=f"{name}pwd")(page, origin, language)
        page.wait_for_url("**/materials")
        if accepts and page.locator("main[data-page=terms]").count():
            page.locator("button[value=accept]").click()
            expect(page.locator("main")).to_have_attribute("data-page", "materials")
        if then:
            at(then)(page, origin, language)

    return reach


def by_mail(page: Page, origin: str, language: str) -> None:
    """Ask for a new password, open the mailbox and follow the link."""
    mailbox(page, origin, language)
    page.locator("a[data-purpose=mail-link]").first.click()


def mailbox(page: Page, origin: str, language: str) -> None:
    """Ask for a new password, of which one browser may ask often enough, and open the mailbox."""
    sent("/oma-tunnus/salasana", "forgotten", username=OWN_MAIL)(page, origin, language)
    sent("/postilaatikko", "mailbox", address=OWN_MAIL)(page, origin, language)
    expect(page.locator("[data-mail=reset]").first).to_be_visible()


def without_cookies(page: Page, origin: str, language: str) -> None:
    """Send a form from a browser that has forgotten every cookie."""
    at("/oma-tunnus/salasana")(page, origin, language)
    page.context.clear_cookies()
    page.locator("#username").fill(OWN)
    page.locator("form[data-purpose=forgotten] button[type=submit]").click()


def registered(page: Page, origin: str, language: str) -> None:
    """Register, open the mailbox and follow the link."""
    mail = f"uusi.{language}@koti.example"
    at("/oma-tunnus/rekisteroidy?municipality=other")(page, origin, language)
    page.locator("#age").select_option("15")
    fields = {"given_name": "Uusi", "surname": "Lukija", "mail": mail, "password": PASSWORD, "repeated": PASSWORD}
    for name, value in fields.items():
        page.locator(f"#{name}").fill(value)
    page.locator("form[data-purpose=register] button[type=submit]").click()
    follow_mail(page, origin, language, mail)


def consenting(page: Page, origin: str, language: str) -> None:
    """Ask a guardian for consent, open their mailbox and follow the link."""
    signed_in(CHILD, accepts=False)(page, origin, language)
    page.locator("#guardian_mail").fill(GUARDIAN)
    page.locator("form[data-purpose=ask-guardian] button[type=submit]").click()
    follow_mail(page, origin, language, GUARDIAN)


def follow_mail(page: Page, origin: str, language: str, address: str) -> None:
    """Follow the link of the newest message to an address."""
    sent("/postilaatikko", "mailbox", address=address)(page, origin, language)
    page.locator("a[data-purpose=mail-link]").first.click()


PAGES: Final[dict[str, tuple[Reach, str]]] = {
    "the sign-in after a wrong password": (
        sent("/kirjaudu", "account", username="nobody.here", password="wrong"),  # noqa: S106  # a wrong one
        "login",
    ),
    "the choice of a municipality": (at("/oma-tunnus/rekisteroidy"), "register-municipality"),
    "a municipality with an agreement": (
        at("/oma-tunnus/rekisteroidy?municipality=mansikkala"),
        "register-agreement",
    ),
    "the registration": (at("/oma-tunnus/rekisteroidy?municipality=other"), "register"),
    "the registration with problems": (sent("/oma-tunnus/rekisteroidy?municipality=other", "register"), "register"),
    "the forgotten password": (at("/oma-tunnus/salasana"), "account-forgotten"),
    "a link asked for": (at("/oma-tunnus/salasana/lahetetty"), "reset-sent"),
    "the mailbox": (mailbox, "mailbox"),
    "the new password": (by_mail, "account-new-password"),
    "a link that is over": (at("/oma-tunnus/salasana/uusi/x"), "error"),
    "an account that is lost": (at("/oma-tunnus/kadonnut"), "account-lost-account"),
    "the terms to read": (at("/kayttoehdot"), "terms"),
    "the terms to accept": (signed_in(TEACHER, accepts=False), "terms"),
    "the terms declined": (at("/kayttoehdot/hylatty"), "error"),
    "a guardian's consent that is missing": (signed_in(CHILD, accepts=False), "consent-missing"),
    "a guardian who is asked": (consenting, "link-consent"),
    "a registration to confirm": (registered, "register-confirm"),
    "a browser without cookies": (without_cookies, "error"),
    "the shelf of an account": (signed_in(), "materials"),
    "one's own data": (signed_in(then="/omat-tiedot"), "own-data"),
    "closing one's own access": (signed_in(then="/omat-tiedot/kadonnut"), "link-close-mine"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole(browser: Browser, origin: str, name: str, language: str) -> None:
    """Read, fits, contrasts, is operated by keyboard, speaks its language, asks nobody else for anything."""
    reach, mark = PAGES[name]
    window = open_window(browser, [origin], language)
    reach(window.page, origin, language)
    expect(window.page.locator("main")).to_have_attribute("data-page", mark)

    problems = page_problems(window.page, language)

    assert problems == []
    assert window.problems == []
    window.page.context.close()


def test_signs_in_without_javascript(browser: Browser, origin: str) -> None:
    """User name, password, terms, shelf: every form is a plain one."""
    window = open_window(browser, [origin], "fi", javascript=False)

    signed_in()(window.page, origin, "fi")

    expect(window.page.locator("main")).to_have_attribute("data-page", "materials")
    window.page.context.close()
