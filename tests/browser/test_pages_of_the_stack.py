# SPDX-License-Identifier: Apache-2.0
"""The pages of the services and of the municipalities on the running testbed: every proof of pages.md, each language.

The proxy's own pages are proved in `test_proxy_pages.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect

from federation.model import LANGUAGES
from testbed.stacks.local import LocalStack
from tests.browser.chromium import open_window
from tests.browser.proof import page_problems
from tests.browser.terms import accept_terms

pytestmark = pytest.mark.browser

Reach: TypeAlias = Callable[[Page, LocalStack, str], None]
"""Leads a fresh browser to a page in a language."""


def at(path: str, service: str = "publisher") -> Reach:
    """Return how to reach a page that needs no login."""

    def reach(page: Page, stack: LocalStack, language: str) -> None:
        joint = "&" if "?" in path else "?"
        page.goto(f"{stack.origins.of(service)}{path}{joint}lang={language}")

    return reach


def home_login(page: Page, stack: LocalStack, language: str, service: str = "publisher") -> None:
    """Start a login and choose Mansikkala in the picker."""
    page.goto(f"{stack.origins.of(service)}/kirjaudu/mpassid?lang={language}")
    page.locator("#q").fill("mansikkala")
    page.locator("#q").press("Enter")
    page.locator("form[data-source=ShibMansikkala] button").first.click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-login")


def wrong_password(page: Page, stack: LocalStack, language: str) -> None:
    """Type a password that is not the person's."""
    home_login(page, stack, language)
    type_password(page, "demo_u0001", "wrong")
    expect(page.locator("[role=alert], .error-summary").first).to_be_visible()


def signed_in_already(page: Page, stack: LocalStack, language: str) -> None:
    """Come back to a login page after signing in, as with a second tab: it says who is signed in."""
    home_login(page, stack, language)
    login_page = page.url
    type_password(page, "demo_u0031", "demo_u0031pwd")
    page.wait_for_url(f"{stack.origins.publisher}/**")
    page.goto(login_page)
    expect(page.locator("form[data-purpose=change-user]")).to_be_visible()


def locked(page: Page, stack: LocalStack, language: str) -> None:
    """Type wrong passwords until the user name is locked; nobody has it, so that no other test meets the lock."""
    home_login(page, stack, language)
    for _ in range(5):
        type_password(page, f"nobody-{language}", "wrong")
        page.wait_for_load_state()
        if page.locator("[data-field=reason]").count():
            break
    expect(page.locator("main")).to_have_attribute("data-page", "error")


def not_connected(page: Page, stack: LocalStack, language: str) -> None:
    """Sign in with an account that is connected to no MPASS user."""
    page.goto(f"{stack.origins.publisher}/kirjaudu/mpassid?lang={language}")
    page.locator("#q").fill("kuusikoski")
    page.locator("#q").press("Enter")
    page.locator("form[data-source=ShibKuusikoski] button").first.click()
    type_password(page, "uuno.uusi", "uuno.uusipwd")
    expect(page.locator("main")).to_have_attribute("data-page", "error")


def ways_to_a_password(page: Page, stack: LocalStack, language: str) -> None:
    """Follow the login page's link."""
    home_login(page, stack, language)
    page.locator("a[data-purpose=forgotten-password]").click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-password")


def identification(page: Page, stack: LocalStack, language: str, method: str = "bank") -> None:
    """Choose a way to be identified."""
    ways_to_a_password(page, stack, language)
    page.locator(f"button[value={method}]").click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-identification")


def identification_by_mobile(page: Page, stack: LocalStack, language: str) -> None:
    """Choose the mobile certificate."""
    identification(page, stack, language, "mobile")


def new_password(page: Page, stack: LocalStack, language: str) -> None:
    """Be identified as somebody whom no other test signs in."""
    identification(page, stack, language)
    page.locator("button[value=demo_u0009]").click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-new-password")


def new_password_with_problems(page: Page, stack: LocalStack, language: str) -> None:
    """Type a password that is too short."""
    new_password(page, stack, language)
    page.locator("form[data-purpose=new-password] [type=submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def password_changed(page: Page, stack: LocalStack, language: str) -> None:
    """Type a good one, twice."""
    new_password(page, stack, language)
    page.locator("#new-password").fill("kolme keltaista kirjaa")
    page.locator("#repeated-password").fill("kolme keltaista kirjaa")
    page.locator("form[data-purpose=new-password] [type=submit]").click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-password-changed")


def signed_in(user_name: str, service: str = "publisher", then: str | None = None) -> Reach:
    """Return how to sign somebody in, and where to go afterwards."""

    def reach(page: Page, stack: LocalStack, language: str) -> None:
        home_login(page, stack, language, service)
        type_password(page, user_name, f"{user_name}pwd")
        page.wait_for_url(f"{stack.origins.of(service)}/**")
        if service == "publisher":
            accept_terms(page, stack.origins.publisher)
        if then is not None:
            page.locator(then).first.click()

    return reach


def type_password(page: Page, user_name: str, password: str) -> None:
    """Fill in the municipality's form and send it."""
    page.locator("#username").fill(user_name)
    page.locator("#password").fill(password)
    page.locator("form[data-purpose=login] button[type=submit]").first.click()


def control(page: Page, stack: LocalStack, language: str) -> None:
    """Give the run's token at the control page, after somebody signed in, and switch a fault of nobody's on."""
    signed_in("demo_u0001")(page, stack, language)
    at("/control", "idp")(page, stack, language)
    page.locator("#token").fill(stack.run_token.hex())
    page.locator("form[data-purpose=control-token] [type=submit]").click()
    expect(page.locator("main")).to_have_attribute("data-page", "control")
    page.locator("#person").fill(f"mansikkala/demo_u000{4 + ['fi', 'sv', 'en'].index(language)}")
    page.locator("details[data-group=times] summary").click()
    page.locator("button[name=twin][value=expired]").click()
    expect(page.locator("[data-waiting=expired]").first).to_be_visible()


def control_filtered(page: Page, stack: LocalStack, language: str) -> None:
    """Look for faults by a word, and switch one on for somebody whom there is not."""
    control(page, stack, language)
    page.locator("#q").fill("audience")
    page.locator("#q").press("Enter")
    page.locator("#person").fill("mansikkala/nobody")
    page.locator("button[name=fault][value=wrong-audience]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def control_wrong_token(page: Page, stack: LocalStack, language: str) -> None:
    """Send the form for the token empty."""
    at("/control", "idp")(page, stack, language)
    page.locator("form[data-purpose=control-token] [type=submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def contact_form_with_problems(page: Page, stack: LocalStack, language: str) -> None:
    """Send the contact form empty."""
    at("/yhteydenotto")(page, stack, language)
    page.locator("form[data-purpose=contact] button").click()
    expect(page.locator(".error-summary")).to_be_visible()


def contact_form_sent(page: Page, stack: LocalStack, language: str) -> None:
    """Send the contact form filled in."""
    at("/yhteydenotto")(page, stack, language)
    page.locator("#reply_to").fill("opettaja@koulu.example")
    page.locator("textarea").fill("Pääsenkö sisään?")
    page.locator("form[data-purpose=contact] button").click()
    expect(page.locator("main")).to_have_attribute("data-page", "contact-sent")


def too_many_logins(page: Page, stack: LocalStack, language: str) -> None:
    """Start more logins in a row than anybody does by hand."""
    address = f"{stack.origins.publisher}/kirjaudu/mpassid?lang={language}"
    for _ in range(61):
        page.context.request.get(address, max_redirects=0)
    page.goto(address)
    expect(page.locator("main")).to_have_attribute("data-page", "error")


PAGES: Final[dict[str, Reach]] = {
    "the publisher's login page": at("/kirjaudu"),
    "the portal's login page": at("/kirjaudu", "portal"),
    "an account of the publisher's own": at("/oma-tunnus"),
    "the contact form": at("/yhteydenotto"),
    "the contact form with problems": contact_form_with_problems,
    "the contact form sent": contact_form_sent,
    "too many logins started": too_many_logins,
    "signed out of the publisher": at("/uloskirjattu"),
    "an address that the publisher does not have": at("/nothing"),
    "the municipalities": at("/", "idp"),
    "an address that no municipality has": at("/nothing/sso", "idp"),
    "a municipality's login page": home_login,
    "a municipality's login page after a wrong password": wrong_password,
    "a municipality's login page for who is signed in already": signed_in_already,
    "a locked account": locked,
    "an account without MPASS data": not_connected,
    "the ways to a new password": ways_to_a_password,
    "the ways to a new password without a login": at("/kuusikoski/password", "idp"),
    "the identification by bank credentials": identification,
    "the identification by mobile certificate": identification_by_mobile,
    "the new password": new_password,
    "the new password with problems": new_password_with_problems,
    "the password changed": password_changed,
    "a renewal that there is not": at("/kuusikoski/password/new", "idp"),
    "the control page": control,
    "the control page with a filter and a problem": control_filtered,
    "the control page before the token": at("/control", "idp"),
    "the control page after a wrong token": control_wrong_token,
    "a form for the control page by a link": at("/control/on", "idp"),
    "the materials of two schools": signed_in("demo_u0031"),
    "one material": signed_in("demo_u0031", then="main a[href^='/kampus/']"),
    "the portal's materials": signed_in("demo_u0031", "portal"),
    "error 105": signed_in("demo_u0034"),
    "error 105 at its contact form": signed_in("demo_u0034", then="a[data-purpose=contact-form]"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole(browser: Browser, local_stack: LocalStack, name: str, language: str) -> None:
    """Read, fits, contrasts, is operated by keyboard, speaks its language, asks nobody else for anything."""
    origins = local_stack.origins
    window = open_window(browser, [origins.proxy, origins.idp, origins.publisher, origins.portal], language)
    PAGES[name](window.page, local_stack, language)

    problems = page_problems(window.page, language)

    assert problems == []
    assert window.problems == []
    window.page.context.close()
