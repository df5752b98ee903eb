# SPDX-License-Identifier: Apache-2.0
"""Logins at a Wilma and at an Opinsys as a person meets them, by clicking; and the pages on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from federation.model import LANGUAGES
from testbed.stacks.local import LocalStack
from tests.browser.chromium import open_window
from tests.browser.proof import page_problems
from tests.browser.terms import accept_terms

pytestmark = pytest.mark.browser

SCHOOLS = {
    "WilmaKoivuranta": ("koivurannan koulu", "veera.virta"),
    "OpinsysHarmaasalmi": ("harmaasalmen koulu", "oona.oja"),
}


def choose(page: Page, stack: LocalStack, source: str, language: str = "fi") -> None:
    """Start a login and choose a school of the source in the picker."""
    page.goto(f"{stack.origins.publisher}/kirjaudu/mpassid?lang={language}")
    page.locator("#q").fill(SCHOOLS[source][0])
    page.locator("#q").press("Enter")
    page.locator(f"form[data-source={source}] button").first.click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-login")


def type_password(page: Page, source: str) -> None:
    """Fill in the login form and send it."""
    user_name = SCHOOLS[source][1]
    page.locator("#username").fill(user_name)
    page.locator("#password").fill(f"{user_name}pwd")
    page.locator("form[data-purpose=login] button[type=submit]").first.click()


def carry_on(page: Page) -> None:
    """Press the button of each page that passes a message on."""
    while page.locator("form[data-purpose=saml-post] button").count():
        page.locator("form[data-purpose=saml-post] button").click()


@pytest.mark.parametrize("source", SCHOOLS)
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_ends_at_the_materials(browser: Browser, local_stack: LocalStack, source: str, *, javascript: bool) -> None:
    """Whatever the home organisation speaks, the person is back at the publisher, signed in."""
    page = open_window(browser, [], "fi", javascript=javascript).page
    choose(page, local_stack, source)
    type_password(page, source)
    if not javascript:
        carry_on(page)
    accept_terms(page, local_stack.origins.publisher)

    expect(page.locator("main")).to_have_attribute("data-page", "materials")
    page.context.close()


@pytest.mark.parametrize("source", SCHOOLS)
def test_goes_back_to_the_service_when_the_person_turns_back(
    browser: Browser, local_stack: LocalStack, source: str
) -> None:
    """The proxy says so, and offers the way back."""
    page = open_window(browser, [], "fi").page
    choose(page, local_stack, source)
    page.locator("button[value=cancel]").click()

    expect(page.locator("[data-field=reason]")).to_have_text("cancelled-at-home")
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("source", SCHOOLS)
def test_the_login_page_is_whole(browser: Browser, local_stack: LocalStack, source: str, language: str) -> None:
    """It is the login page of every municipality."""
    window = open_window(browser, [local_stack.origins.of(part) for part in ("proxy", "idp", "publisher")], language)
    choose(window.page, local_stack, source, language)

    assert page_problems(window.page, language) == []
    assert window.problems == []
    window.page.context.close()
