# SPDX-License-Identifier: Apache-2.0
"""One login in Chromium, through the balancer, by TLS that the stack's own CA vouches for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from testbed.stacks.compose.stack import ComposeStack
from tests.browser.chromium import launch_chromium, open_window, trusting
from tests.browser.terms import accept_terms

pytestmark = pytest.mark.containers


@pytest.fixture
def browser(compose: ComposeStack) -> Iterator[Browser]:
    """Run a Chromium that trusts this stack's CA."""
    with sync_playwright() as playwright, launch_chromium(playwright, trusting(compose.ca_certificate)) as chromium:
        yield chromium


def test_signs_in_across_four_sites_behind_one_port(browser: Browser, compose: ComposeStack):
    """The teacher of two schools comes back to the publisher signed in, and opens the portal without another sign-in."""
    origins = [compose.origins.publisher, compose.origins.proxy, compose.origins.idp, compose.origins.portal]
    window = open_window(browser, origins, "fi")
    page = window.page

    page.goto(f"{compose.origins.publisher}/kirjaudu/mpassid?lang=fi")
    page.locator("#q").fill("mansikkala")
    page.locator("#q").press("Enter")
    page.locator("form[data-source=ShibMansikkala] button").first.click()
    page.locator("#username").fill("demo_u0031")
    page.locator("#password").fill("demo_u0031pwd")
    page.locator("form[data-purpose=login] button[type=submit]").first.click()
    accept_terms(page, compose.origins.publisher)

    expect(page.locator("main")).to_have_attribute("data-page", "materials")
    for school in ("30076", "30078"):
        expect(page.locator("main")).to_contain_text(school)
    page.goto(f"{compose.origins.portal}/kirjaudu/mpassid?lang=fi")
    expect(page.locator("main")).to_have_attribute("data-page", "materials")
    assert window.problems == []
    page.context.close()
