# SPDX-License-Identifier: Apache-2.0
"""Customer service's pages on the running testbed, and people's pages in a look: every proof of pages.md, each language.

What is decided here is decided about a school and people that no other test of the stack uses.
"""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from federation.model import LANGUAGES
from party.run_token import AUTHORIZATION, bearer
from testbed.stacks.local import LocalStack
from tests.browser.chromium import open_window
from tests.browser.proof import page_problems
from tests.browser.test_pages_of_the_stack import Reach, at, signed_in

pytestmark = pytest.mark.browser

DESK: Final = "/asiakaspalvelu"
STAFF: Final = "sari.palvelija"
SCHOOL: Final = "90102"
"""Kuusikoski's second school."""
ANOTHER_SCHOOL: Final = "30078"
"""Put back as declared before another test comes."""
READER: Final = "demo_u0008"


_SIGNED_IN: Final[dict[str, list[Any]]] = {}
"""The cookies of the desk of each stack: signing in is limited, and one session serves every page that begins no look."""


def at_desk(page: Page, stack: LocalStack, language: str) -> None:
    """Come to the desk of customer service in the session that the tests of this stack share."""
    origin = stack.origins.publisher
    if origin not in _SIGNED_IN:
        sign_in(page, stack, language)
        _SIGNED_IN[origin] = [
            {"name": cookie["name"], "value": cookie["value"], "url": origin}
            for cookie in page.context.cookies(origin)
            if cookie["name"].endswith("-staff")
        ]
    page.context.add_cookies(_SIGNED_IN[origin])
    page.goto(f"{origin}{DESK}?lang={language}")
    expect(page.locator("main")).to_have_attribute("data-page", "staff-front")


def sign_in(page: Page, stack: LocalStack, language: str) -> None:
    """Sign in to customer service."""
    page.goto(f"{stack.origins.publisher}{DESK}?lang={language}")
    page.locator("#username").fill(STAFF)
    page.locator("#password").fill(f"{STAFF}pwd")
    page.locator("form[data-purpose=staff-sign-in] button").click()
    expect(page.locator("main")).to_have_attribute("data-page", "staff-front")


def desk(path: str) -> Reach:
    """Return how to reach a page of the desk."""

    def reach(page: Page, stack: LocalStack, language: str) -> None:
        at_desk(page, stack, language)
        page.goto(f"{stack.origins.publisher}{DESK}{path}")

    return reach


def wrong_password(page: Page, stack: LocalStack, language: str) -> None:
    """Type a password that is nobody's; another name in each language, so that none is locked."""
    at(DESK)(page, stack, language)
    page.locator("#username").fill(f"nobody-{language}")
    page.locator("#password").fill("wrong")
    page.locator("form[data-purpose=staff-sign-in] button").click()
    expect(page.locator(".error-summary")).to_be_visible()


def without_reason(page: Page, stack: LocalStack, language: str) -> None:
    """Send a step's form empty; `required` is no hindrance to who has switched it off."""
    desk("/asiakkaat/kuusikoski/end-contract")(page, stack, language)
    page.locator("form[data-purpose=staff-step]").evaluate("form => { form.noValidate = true; }")
    page.locator("form[data-purpose=staff-step] button").click()
    expect(page.locator(".error-summary")).to_be_visible()


def decided(page: Page, stack: LocalStack, language: str) -> None:
    """Decide about a school, whichever way round it is now."""
    desk(f"/oppilaitokset/{SCHOOL}")(page, stack, language)
    page.locator("[data-step=activate], [data-step=deactivate]").first.click()
    page.locator("#reason").fill("Oppilaitos pyysi.")
    page.locator("form[data-purpose=staff-step] button").click()
    expect(page.locator("[data-field=done]")).to_be_visible()


def uid_of_the_reader(page: Page, stack: LocalStack, language: str) -> str:
    """Sign the reader in, and return the uid that the publisher was told."""
    signed_in(READER)(page, stack, language)
    return uid_of_who_is_signed_in(page, stack)


def uid_of_who_is_signed_in(page: Page, stack: LocalStack) -> str:
    """Return the uid that the publisher was told of the person in this browser."""
    session = page.context.request.get(
        stack.endpoints.service("publisher").session_url, headers={AUTHORIZATION: bearer(stack.run_token)}
    )
    uid: str = session.json()["person_uid"]
    return uid


def the_readers_page(page: Page, stack: LocalStack, language: str) -> None:
    """Find somebody who has signed in, by their uid."""
    uid = uid_of_the_reader(page, stack, language)
    desk("/kayttajat")(page, stack, language)
    page.locator("#q").fill(uid)
    page.locator("form[data-purpose=staff-person-search] button").click()
    page.locator("[data-user] a").first.click()
    expect(page.locator("main")).to_have_attribute("data-page", "staff-person")


def found_people(page: Page, stack: LocalStack, language: str) -> None:
    """Look for somebody."""
    uid = uid_of_the_reader(page, stack, language)
    desk("/kayttajat")(page, stack, language)
    page.locator("#q").fill(uid)
    page.locator("form[data-purpose=staff-person-search] button").click()
    expect(page.locator("[data-user]").first).to_be_visible()


def a_message(page: Page, stack: LocalStack, language: str) -> None:
    """Write a message and read it at the desk."""
    at("/yhteydenotto?number=105")(page, stack, language)
    page.locator("#reply_to").fill("opettaja@koulu.example")
    page.locator("textarea").fill("Näen virheen 105.\n\n<b>Mitä teen?</b> " + "Pitkäsanailman" * 12)
    page.locator("form[data-purpose=contact] button").click()
    desk("/viestit")(page, stack, language)
    page.locator("[data-message] a").first.click()
    expect(page.locator("main")).to_have_attribute("data-page", "staff-message")


def grant_problems(page: Page, stack: LocalStack, language: str) -> None:
    """Send the form for itinerant teachers empty."""
    desk("/kiertavat")(page, stack, language)
    page.locator("form[data-purpose=staff-grant] button").click()
    expect(page.locator(".error-summary")).to_be_visible()


def granted(page: Page, stack: LocalStack, language: str) -> None:
    """Give a teacher a product; another teacher in each language, because a product is given once."""
    desk("/kiertavat")(page, stack, language)
    fields = {
        "municipality": "Kuusikoski",
        "school": "Kuusikosken koulu",
        "code": "04647",
        "account": f"kaisa.kiertava.{language}@opettajat.example",
        "given_name": "Kaisa",
        "surname": "Kiertävä",
        "reason": "Opettaa kahdessa oppilaitoksessa.",
    }
    for name, value in fields.items():
        page.locator(f"#{name}").fill(value)
    page.locator("#product").select_option("luontopolku")
    page.locator("form[data-purpose=staff-grant] button").click()
    expect(page.locator("[data-grant]").first).to_be_visible()


def statistics(page: Page, stack: LocalStack, language: str) -> None:
    """Open a product, so that there is something to count."""
    signed_in(READER, then="main a[href*='/metsan-aapinen']")(page, stack, language)
    desk("/tilastot")(page, stack, language)
    expect(page.locator("table").first).to_be_visible()


def looking(path: str) -> Reach:
    """Return how to look at a page as somebody who has signed in."""

    def reach(page: Page, stack: LocalStack, language: str) -> None:
        the_readers_page(page, stack, language)
        url = page.url
        page.context.clear_cookies(name=re.compile("-staff$"))
        sign_in(page, stack, language)  # a look closes the desk of its session
        page.goto(f"{url}/view")
        page.locator("#reason").fill("Ilmoitti virheestä.")
        page.locator("form[data-purpose=staff-step] button").click()
        expect(page.locator("[data-field=view-strip]")).to_be_visible()
        page.goto(f"{stack.origins.publisher}{path}")

    return reach


def looked_at(page: Page, stack: LocalStack, language: str) -> None:
    """See as the person that support is looking; the look is another browser's."""
    browser = page.context.browser
    assert browser is not None
    other = open_window(browser, [], language)
    looking("/materials")(other.page, stack, language)
    other.page.context.close()
    signed_in(READER)(page, stack, language)
    expect(page.locator("[data-field=view-notice]")).to_be_visible()


PAGES: Final[dict[str, Reach]] = {
    "customer service's sign-in": at(DESK),
    "customer service's sign-in after a wrong password": wrong_password,
    "the desk": at_desk,
    "the search for schools": desk("/oppilaitokset"),
    "schools that were found": desk("/oppilaitokset?q=mansikkala"),
    "no school found": desk("/oppilaitokset?q=zzz"),
    "a school": desk(f"/oppilaitokset/{SCHOOL}"),
    "a school just decided about": decided,
    "a step to confirm": desk("/asiakkaat/kuusikoski/end-contract"),
    "a step without a reason": without_reason,
    "the customers": desk("/asiakkaat"),
    "a customer": desk("/asiakkaat/kuusikoski"),
    "itinerant teachers": desk("/kiertavat"),
    "itinerant teachers with problems": grant_problems,
    "an itinerant teacher's product": granted,
    "the search for users": desk("/kayttajat"),
    "users that were found": found_people,
    "a user": the_readers_page,
    "the messages": desk("/viestit"),
    "a message": a_message,
    "the audit trail": desk("/tapahtumat"),
    "the statistics": statistics,
    "a page the desk does not have": desk("/oppilaitokset/00000"),
    "the shelf in a look": looking("/materials"),
    "a refusal in a look": looking("/kirjaudu/mpassid"),
    "the desk closed by a look": looking(DESK),
    "the shelf of who is looked at": looked_at,
    "one's own data in a look": looking("/omat-tiedot"),
    "what belongs to the school": at("/oppilaitoksen-asia"),
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


def test_works_without_javascript(browser: Browser, local_stack: LocalStack) -> None:
    """A decision and its way back need nothing but forms and links."""
    window = open_window(browser, [local_stack.origins.publisher], "fi", javascript=False)
    page = window.page
    desk(f"/oppilaitokset/{ANOTHER_SCHOOL}")(page, local_stack, "fi")

    for step in ("deactivate", "school-as-declared"):
        page.locator(f"[data-step={step}]").click()
        page.locator("#reason").fill("Oppilaitos pyysi.")
        page.locator("form[data-purpose=staff-step] button").click()
        expect(page.locator("[data-field=done]")).to_be_visible()

    expect(page.locator("[data-step=school-as-declared]")).to_have_count(0)
    expect(page.locator("[data-step=deactivate]")).to_have_count(1)
    page.context.close()
