# SPDX-License-Identifier: Apache-2.0
"""Two rows of the decision table as a person meets them: from the publisher's page and back, by clicking."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from testbed.stacks.local import LocalStack
from tests.browser.chromium import open_window
from tests.browser.terms import accept_terms

pytestmark = pytest.mark.browser

with_and_without_javascript = pytest.mark.parametrize(
    "javascript",
    [pytest.param(True, id="with JavaScript"), pytest.param(False, id="without JavaScript")],
)


def sign_in(page: Page, stack: LocalStack, school: str, user_name: str) -> None:
    """Go from the publisher's login page to wherever the login ends."""
    page.goto(f"{stack.origins.publisher}/kirjaudu")
    page.locator("a[data-purpose=mpassid]").click()
    expect(page.locator("main")).to_have_attribute("data-page", "picker")
    page.locator("#q").fill(school)
    page.locator("form[data-purpose=search] button[type=submit]").click()
    page.locator("form[data-purpose=choose] button").filter(has_text=school).first.click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-login")
    page.locator("#username").fill(user_name)
    page.locator("#password").fill(f"{user_name}pwd")
    page.locator("form[data-purpose=login] button[type=submit]").first.click()


def carry_on(page: Page) -> None:
    """Press the button of each page that passes a message on; with JavaScript it presses itself."""
    for _ in range(2):
        page.locator("form[data-purpose=saml-post] button").click()


@with_and_without_javascript
def test_shows_the_itinerant_teacher_both_schools(browser: Browser, local_stack: LocalStack, *, javascript: bool):
    """The teacher with two school codes is back, signed in, and sees both schools and the union of their materials."""
    window = open_window(browser, [], "fi", javascript=javascript)
    page = window.page

    sign_in(page, local_stack, "Kuusikosken koulu", "aino.kiertavainen")
    if not javascript:
        carry_on(page)
    accept_terms(page, local_stack.origins.publisher)

    main = page.locator("main")
    expect(main).to_have_attribute("data-page", "materials")
    for text in ("Aino", "Kuusikosken koulu", "04647", "Kirkonkylän koulu", "90101"):
        expect(main).to_contain_text(text)
    page.context.close()


@with_and_without_javascript
def test_explains_error_105_with_the_ways_out(browser: Browser, local_stack: LocalStack, *, javascript: bool):
    """The pupil of a school that is not activated reads why, where to go, and whom to ask."""
    window = open_window(browser, [], "fi", javascript=javascript)
    page = window.page

    sign_in(page, local_stack, "Kuusikosken erityiskoulu", "eino.erityinen")
    if not javascript:
        carry_on(page)

    expect(page.locator("dd[data-field=error-number]")).to_have_text("105")
    expect(page.locator("main")).to_contain_text("Error code 105: MPASS users school(s) are not")
    expect(page.locator("main a[href='/oma-tunnus']")).to_be_visible()
    expect(page.locator("main a[href^='mailto:']").first).to_be_visible()
    expect(page.locator("main a[href^='tel:']").first).to_be_visible()
    page.context.close()
