# SPDX-License-Identifier: Apache-2.0
"""A login in Chromium over TLS: four sites, cookies that cross between them, one CA that vouches for all.

Chromium takes the test CA's key, and no other fault of a certificate, for good.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from testbed.stacks.local import LocalStack
from testbed.state_folder import StateFolder
from tests.browser.chromium import launch_chromium, open_window, trusting
from tests.browser.terms import accept_terms
from tests.builders import stacks

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tls_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """Run the shipped federation as real processes on https."""
    federation = stacks.shipped_federation()
    keys = tmp_path_factory.mktemp("keys")
    StateFolder(keys).ensure_keys(federation, datetime.now(UTC))
    with stacks.local(federation, tmp_path_factory.mktemp("tls"), keys, is_tls=True) as stack:
        yield stack


@pytest.fixture(scope="module")
def trusting_browser(playwright: Playwright, tls_stack: LocalStack) -> Iterator[Browser]:
    """Run a Chromium that trusts this stack's CA."""
    with launch_chromium(playwright, trusting(tls_stack.ca_certificate)) as chromium:
        yield chromium


def reach_the_home_login(page: Page, stack: LocalStack) -> None:
    """Start a login and choose Mansikkala in the picker."""
    page.goto(f"{stack.origins.publisher}/kirjaudu/mpassid?lang=fi")
    page.locator("#q").fill("mansikkala")
    page.locator("#q").press("Enter")
    page.locator("form[data-source=ShibMansikkala] button").first.click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-login")


def sign_in(page: Page) -> None:
    page.locator("#username").fill("demo_u0001")
    page.locator("#password").fill("demo_u0001pwd")
    page.locator("form[data-purpose=login] button[type=submit]").first.click()


def test_signs_in_across_four_sites(trusting_browser: Browser, tls_stack: LocalStack):
    """The person comes back to the publisher signed in; nothing was asked for outside the four origins."""
    origins = [tls_stack.origins.publisher, tls_stack.origins.proxy, tls_stack.origins.idp]
    window = open_window(trusting_browser, origins, "fi")

    reach_the_home_login(window.page, tls_stack)
    sign_in(window.page)
    accept_terms(window.page, tls_stack.origins.publisher)

    expect(window.page.locator("main")).to_have_attribute("data-page", "materials")
    expect(window.page.locator("main")).to_contain_text("30076")
    cookies = window.page.context.cookies()
    assert all(cookie["secure"] and cookie["httpOnly"] for cookie in cookies)
    assert all(cookie["name"].startswith("__Host-") for cookie in cookies)
    assert window.problems == []
    window.page.context.close()


@pytest.mark.parametrize(
    ("same_site", "ending"),
    [
        pytest.param("None", "materials", id="goes on with a state cookie that crosses sites"),
        pytest.param("Lax", "refused", id="ends with one that is wrongly Lax"),
        pytest.param("Strict", "refused", id="ends with one that is wrongly Strict"),
    ],
)
def test_depends_on_the_state_cookie_crossing_sites(
    trusting_browser: Browser, tls_stack: LocalStack, same_site: Literal["None", "Lax", "Strict"], ending: str
):
    """The identity provider's answer is a POST from another site: a cookie that stays at home ends the login there."""
    window = open_window(trusting_browser, [], "fi")
    page = window.page
    reach_the_home_login(page, tls_stack)
    [state] = [cookie for cookie in page.context.cookies() if "-login-" in cookie["name"]]
    assert state["sameSite"] == "None"

    page.context.add_cookies(
        [
            {
                "name": state["name"],
                "value": state["value"],
                "url": tls_stack.origins.proxy,
                "secure": True,
                "httpOnly": True,
                "sameSite": same_site,
            }
        ]
    )
    sign_in(page)

    if ending == "materials":
        accept_terms(page, tls_stack.origins.publisher)
        expect(page.locator("main")).to_have_attribute("data-page", "materials")
    else:
        expect(page.locator("[data-field=reason]")).to_have_text("login-not-found")
    page.context.close()


def test_is_trusted_by_nobody_else(browser: Browser, tls_stack: LocalStack):
    """A Chromium that was told nothing about the test CA opens no page."""
    page = browser.new_context().new_page()

    with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(f"{tls_stack.origins.publisher}/kirjaudu")

    page.context.close()
