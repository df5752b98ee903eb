# SPDX-License-Identifier: Apache-2.0
"""A refusal of the proxy is read in another language: its links show the same page, although it answered a POST."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urljoin

import httpx
import pytest
from lxml import html

from testbed.flow.login import LoginPlan, walk
from testbed.flow.page import Page, PageKind
from testbed.flow.people import find_person
from testbed.stacks.in_process import InProcessStack


def refused(
    stack: InProcessStack, browser: httpx.Client, person: str = "demo_u0022", service: str = "publisher"
) -> Page:
    """Return the page that a login ends at."""
    *_, page = walk(stack, LoginPlan(find_person(stack.federation, person), service), browser)
    assert page.kind is PageKind.REFUSAL
    return page


def language_links(page: Page) -> dict[str, str]:
    """Return the addresses that a page offers itself at, by language."""
    links = html.document_fromstring(page.body).xpath("//header//a[@hreflang]")
    return {link.get("hreflang"): urljoin(page.url, link.get("href")) for link in links}


def shown(browser: httpx.Client, url: str) -> Page:
    """Return what is at an address."""
    response = browser.get(url)
    return Page(url, response.status_code, response.headers["content-type"], response.content)


def words_for_who_solves_it(page: Page) -> dict[str, str]:
    """Return the machine-readable fields, the same in every language."""
    return {name: value for name, value in page.error_fields.items() if name != "detail"}


def language_of(page: Page) -> str:
    return str(html.document_fromstring(page.body).get("lang"))


def test_shows_the_same_refusal_in_each_language(fresh_stack: InProcessStack):
    """Reason, time and request stay, whenever the link is followed; the log has one refusal."""
    with fresh_stack.client() as browser:
        page = refused(fresh_stack, browser)
        fresh_stack.advance(timedelta(minutes=1))
        again = {language: shown(browser, url) for language, url in language_links(page).items()}

    assert {language: language_of(each) for language, each in again.items()} == {"fi": "fi", "sv": "sv", "en": "en"}
    assert [words_for_who_solves_it(each) for each in again.values()] == [words_for_who_solves_it(page)] * 3
    assert {each.status for each in again.values()} == {page.status}
    assert [event.name for event in fresh_stack.events()].count("refused") == 1


def test_goes_back_to_the_service_from_the_page_in_another_language(in_process: InProcessStack):
    """The button tells the service as the first page's would."""
    with in_process.client() as browser:
        page = refused(in_process, browser)
        form = shown(browser, language_links(page)["sv"]).form("continue")
        assert form is not None
        answer = browser.post(form.action, data=dict(form.fields), follow_redirects=True)

    assert 'data-field="reason">login-refused<' in answer.text


def test_keeps_the_way_out_of_a_remembered_person(fresh_stack: InProcessStack):
    """Logging out is offered in each language."""
    with fresh_stack.client() as browser:
        list(walk(fresh_stack, LoginPlan(find_person(fresh_stack.federation, "helmi.hopeinen"), "portal"), browser))
        page = refused(fresh_stack, browser, "helmi.hopeinen")
        again = shown(browser, language_links(page)["en"])

    assert [b'href="/idp/profile/Logout"' in each.body for each in (page, again)] == [True, True]


def test_keeps_the_way_back_to_the_picker(fresh_stack: InProcessStack):
    """A school that nobody offers is refused with the way back, in each language."""
    with fresh_stack.client() as browser:
        plan = LoginPlan(find_person(fresh_stack.federation, "demo_u0001"), source="ShibNobody")
        *_, page = walk(fresh_stack, plan, browser)
        again = shown(browser, language_links(page)["sv"])
        picker = html.document_fromstring(again.body).xpath("string(//a[@data-purpose='action']/@href)")
        back = shown(browser, urljoin(page.url, picker))

    assert (page.error_fields["reason"], back.kind) == ("source-unknown", PageKind.PICKER)


@pytest.mark.parametrize(
    ("minutes", "ending", "status"),
    [
        pytest.param(14, "", 403, id="in time"),
        pytest.param(15, "", 400, id="after fifteen minutes"),
        pytest.param(0, "A", 404, id="with a letter more"),
        pytest.param(0, "A" * 1200, 404, id="with many"),
    ],
)
def test_opens_for_a_while_and_for_nobody_who_altered_it(
    fresh_stack: InProcessStack, minutes: int, ending: str, status: int
):
    """An address of a refusal cannot be made, and does not last."""
    with fresh_stack.client() as browser:
        address = language_links(refused(fresh_stack, browser))["sv"].partition("?")[0]
        fresh_stack.advance(timedelta(minutes=minutes))
        page = shown(browser, address + ending)

    assert page.status == status


def test_is_no_state_of_a_login(in_process: InProcessStack):
    """What a login's cookie holds is sealed by the same key, and opens as no refusal."""
    with in_process.client() as browser:
        pages = walk(in_process, LoginPlan(find_person(in_process.federation, "demo_u0001")), browser)
        next(pages)
        [state] = [cookie.value for cookie in browser.cookies.jar if "login-" in cookie.name and cookie.domain.startswith("mpass.")]  # fmt: skip
        page = shown(browser, f"{in_process.origins.proxy}/refused/{state}")

    assert page.status == 404
