# SPDX-License-Identifier: Apache-2.0
"""From the portal's card into the product at the publisher: one sign-in at home, and nothing of the link lost."""

from __future__ import annotations

from collections import Counter
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from lxml import html

from certs.keys import Keys
from testbed.flow.login import LoginPlan, walk
from testbed.flow.page import Page, PageKind
from testbed.flow.people import find_person
from testbed.stacks.in_process import InProcessStack
from tests.builders import stacks

TEACHER = "kuusikoski/aino.kiertavainen"
"""At 04647 and 90101, and 90101 alone has `aikajana`."""


def sign_in(stack: InProcessStack, browser: httpx.Client, person: str, target: str = "/materials") -> list[Page]:
    """Sign a person in at the portal; returns the pages they saw."""
    plan = LoginPlan(find_person(stack.federation, person), "portal", target=target)
    return list(walk(stack, plan, browser))


def open_link(stack: InProcessStack, browser: httpx.Client, person: str, url: str) -> list[Page]:
    """Follow a link as a browser does that may have to sign in again; returns the pages on the way."""
    return list(walk(stack, LoginPlan(find_person(stack.federation, person)), browser, start_url=url))


def cards(page: Page) -> dict[str, str]:
    """Return the links of the portal's cards by their products."""
    offers = html.document_fromstring(page.body).xpath("//li[@data-material]")
    return {offer.get("data-material"): offer.xpath("string(.//h2/a/@href)") for offer in offers}


def home_logins(*seen: list[Page]) -> int:
    """Return how many sign-in pages of a municipality stand among the pages."""
    return Counter(page.kind for pages in seen for page in pages)[PageKind.HOME_LOGIN]


def test_lands_in_the_product_with_exactly_one_sign_in_at_home(fresh_stack: InProcessStack):
    """Portal, card, publisher's product: the municipality's page is seen once, and nobody asks for ForceAuthn."""
    with fresh_stack.client() as browser:
        at_portal = sign_in(fresh_stack, browser, TEACHER)
        at_publisher = open_link(fresh_stack, browser, TEACHER, cards(at_portal[-1])["aikajana"])

    last = at_publisher[-1]
    assert home_logins(at_portal, at_publisher) == 1
    assert urlsplit(last.url).path == "/kampus/aikajana"
    assert b'data-page="product" data-material="aikajana"' in last.body
    assert not any("force_authn" in event.fields and event.fields["force_authn"] for event in fresh_stack.events())


def test_carries_a_deep_links_query_through_the_whole_chain(fresh_stack: InProcessStack):
    """Portal's deep link, its login, the publisher's deep link, its login, the reading room: page and anchor stay."""
    query = "page=12&exercise=3%2F4&word=y%C3%B6"
    with fresh_stack.client() as browser:
        seen = open_link(fresh_stack, browser, TEACHER, f"{fresh_stack.origins.portal}/materials/aikajana?{query}")

    address = urlsplit(seen[-1].url)
    assert (address.netloc, address.path) == ("publisher.localhost", "/kampus/aikajana")
    assert parse_qs(address.query) == {"page": ["12"], "exercise": ["3/4"], "word": ["yö"], "via": ["portal"]}
    assert home_logins(seen) == 1


def test_opens_a_second_product_without_any_page_between(fresh_stack: InProcessStack):
    """Signed in at both, a click is a click."""
    with fresh_stack.client() as browser:
        at_portal = sign_in(fresh_stack, browser, TEACHER)
        links = cards(at_portal[-1])
        open_link(fresh_stack, browser, TEACHER, links["aikajana"])
        second = open_link(fresh_stack, browser, TEACHER, links["luontopolku"])

    assert [urlsplit(page.url).path for page in second] == ["/oppimisymparisto/luontopolku"]


def test_shows_the_itinerant_teacher_which_school_gives_what(fresh_stack: InProcessStack):
    """Both codes reach the portal, and each card names its school."""
    with fresh_stack.client() as browser:
        page = sign_in(fresh_stack, browser, TEACHER)[-1]

    offers = html.document_fromstring(page.body).xpath("//li[@data-material]")
    given = {offer.get("data-material"): offer.xpath("string(.//dd[@data-field='given-by'])") for offer in offers}
    assert given == {
        "metsan-aapinen": "Kuusikosken koulu",
        "luontopolku": "Kuusikosken koulu",
        "murtoluvut": "Kuusikosken koulu",
        "lukujono": "Kirkonkylän koulu",
        "aikajana": "Kirkonkylän koulu",
    }


def test_is_led_back_to_the_portal_by_error_105(fresh_stack: InProcessStack):
    """The school has licences but is not activated at the publisher: the portal cannot know, the publisher says so."""
    address = f"{fresh_stack.origins.publisher}/materials/aikajana?via=portal"
    with fresh_stack.client() as browser:
        sign_in(fresh_stack, browser, "demo_u0034")
        last = open_link(fresh_stack, browser, "demo_u0034", address)[-1]

    [back] = html.document_fromstring(last.body).xpath("//a[@data-purpose='back-to-portal']/@href")
    assert last.error_fields["reason"] == "school-not-activated"
    assert back == f"{fresh_stack.origins.portal}/materials"


@pytest.mark.parametrize("service", ["portal", "publisher"])
def test_says_that_a_code_seems_to_be_missing_where_only_the_first_is_passed_on(service: str, keys: Keys):
    """`first_value_only`: the registry holds two codes, one arrives, and the product of the other school explains it."""
    shipped = stacks.shipped_federation()
    rules = shipped.rules.model_copy(update={"first_value_only": True})
    stack = stacks.in_process(shipped.model_copy(update={"rules": rules}), keys)
    with stack.client() as browser:
        last = open_link(stack, browser, TEACHER, f"{stack.origins.of(service)}/materials/aikajana")[-1]

    document = html.document_fromstring(last.body)
    assert last.error_fields["reason"] == "no-licence"
    assert document.xpath("//li/@data-missing-school") == ["90101"]
    assert "04647" in document.xpath("string(//*[@data-field='missing-code'])")
