# SPDX-License-Identifier: Apache-2.0
"""The portal, the attribute test and the way from one service into the other, in a real browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from federation.model import LANGUAGES
from testbed.stacks.local import LocalStack
from tests.browser.chromium import open_window
from tests.browser.proof import page_problems
from tests.browser.terms import accept_terms

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Place:
    """A page of a part that a person opens after signing in at a service; without a person, before."""

    person: str | None
    at: str
    path: str
    mark: str


PLACES: Final = {
    "the shop front of two schools": Place("kuusikoski/aino.kiertavainen", "portal", "/materials", "materials"),
    "a search that finds something": Place(
        "kuusikoski/aino.kiertavainen", "portal", "/materials?q=aika&level=lower-secondary", "materials"
    ),
    "a search that finds nothing": Place("kuusikoski/aino.kiertavainen", "portal", "/materials?q=kemia", "materials"),
    "a shop front with nothing to use": Place("kuusikoski/leo.lukiolainen", "portal", "/materials", "materials"),
    "a product of another school at the portal": Place(
        "kuusikoski/oona.oppilas", "portal", "/materials/aikajana", "error"
    ),
    "a product that was opened from the portal": Place(
        "kuusikoski/aino.kiertavainen", "publisher", "/materials/aikajana?via=portal", "product"
    ),
    "a school code that seems to be missing": Place(
        "mansikkala/demo_u0040", "publisher", "/materials/voima-ja-liike?via=portal", "error"
    ),
    "the attribute test before a login": Place(None, "publisher", "/attribuuttitesti", "attribute-test"),
    "the attribute test in order": Place(
        "kuusikoski/aino.kiertavainen", "publisher", "/attribuuttitesti", "attribute-test"
    ),
    "the attribute test with errors, after error 105": Place(
        "mansikkala/demo_u0034", "publisher", "/attribuuttitesti", "attribute-test"
    ),
    "what the home organisation sent": Place(
        "kuusikoski/pekka.poikkeama", "proxy", "/idp/profile/attributes", "home-values"
    ),
    "what nobody sent": Place(None, "proxy", "/idp/profile/attributes", "home-values"),
}


def sign_in(page: Page, stack: LocalStack, service: str, person: str, language: str) -> None:
    """Sign a person in at a service, by the picker and their municipality."""
    provider, _, user_name = person.partition("/")
    page.goto(f"{stack.origins.of(service)}/kirjaudu/mpassid?lang={language}")
    page.locator("#q").fill(provider)
    page.locator("#q").press("Enter")
    page.locator(f"form[data-source=Shib{provider.capitalize()}] button").first.click()
    page.locator("#username").fill(user_name)
    page.locator("#password").fill(f"{user_name}pwd")
    page.locator("form[data-purpose=login] button[type=submit]").first.click()
    page.wait_for_url(f"{stack.origins.of(service)}/**")
    if service == "publisher":
        accept_terms(page, stack.origins.publisher)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PLACES)
def test_the_page_is_whole(browser: Browser, local_stack: LocalStack, name: str, language: str) -> None:
    """Read, fits, contrasts, is operated by keyboard, speaks its language, asks nobody else for anything."""
    place, origins = PLACES[name], local_stack.origins
    window = open_window(browser, [origins.proxy, origins.idp, origins.publisher, origins.portal], language)
    if place.person is not None:
        sign_in(window.page, local_stack, "portal" if place.at == "portal" else "publisher", place.person, language)
    joint = "&" if "?" in place.path else "?"
    window.page.goto(f"{origins.of(place.at)}{place.path}{joint}lang={language}")
    expect(window.page.locator("main")).to_have_attribute("data-page", place.mark)

    problems = page_problems(window.page, language)

    assert problems == []
    assert window.problems == []
    window.page.context.close()


@pytest.mark.parametrize(
    "javascript", [pytest.param(True, id="with JavaScript"), pytest.param(False, id="without JavaScript")]
)
def test_a_card_opens_the_product_with_one_sign_in(
    browser: Browser, local_stack: LocalStack, *, javascript: bool
) -> None:
    """Portal, card, product at the publisher and back: the municipality's login page is loaded once."""
    origins = local_stack.origins
    window = open_window(browser, [], "fi", javascript=javascript)
    page = window.page
    home_logins: list[str] = []

    def note(response: Response) -> None:
        """Note the pages that a municipality answers a GET with: what answers the form is a POST's."""
        request = response.request
        if response.url.startswith(origins.idp) and response.ok and request.method == "GET":
            home_logins.extend([response.url] if request.is_navigation_request() else [])

    page.on("response", note)

    page.goto(f"{origins.portal}/kirjaudu")
    page.locator("a[data-purpose=mpassid]").click()
    page.locator("#q").fill("kuusikoski")
    page.locator("form[data-purpose=search] button[type=submit]").click()
    page.locator("form[data-source=ShibKuusikoski] button").first.click()
    page.locator("#username").fill("aino.kiertavainen")
    page.locator("#password").fill("aino.kiertavainenpwd")
    page.locator("form[data-purpose=login] button[type=submit]").first.click()
    if not javascript:
        page.locator("form[data-purpose=saml-post] button").click()
        page.locator("form[data-purpose=saml-post] button").click()
    page.locator("li[data-material=aikajana] a").click()
    if not javascript:
        page.locator("form[data-purpose=saml-post] button").click()
    accept_terms(page, origins.publisher)

    expect(page.locator("main")).to_have_attribute("data-material", "aikajana")
    assert urlsplit(page.url).path == "/kampus/aikajana"
    assert len(home_logins) == 1
    page.locator("a[data-purpose=back-to-portal]").click()
    expect(page.locator("li[data-material=aikajana]")).to_be_visible()
    page.context.close()


def test_the_report_can_be_copied(browser: Browser, local_stack: LocalStack) -> None:
    """The whole text of the report, by the button that shows itself where copying works."""
    window = open_window(browser, [], "fi")
    page = window.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, local_stack, "publisher", "mansikkala/demo_u0001", "fi")
    page.goto(f"{local_stack.origins.publisher}/attribuuttitesti")

    page.locator("button[data-copy=report]").click()
    page.get_by_role("status").filter(has_text="kopioitu").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")

    assert copied == page.locator("#report").input_value()
    assert copied.startswith("Attribute test\nservice: publisher ")
    page.context.close()
