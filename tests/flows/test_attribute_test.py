# SPDX-License-Identifier: Apache-2.0
"""The attribute test through the whole chain: what the service received, and what the home organisation sent."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest
from lxml import html

from testbed.flow.login import LoginPlan, walk
from testbed.flow.people import find_person
from testbed.stacks.in_process import InProcessStack

TEST = "/attribuuttitesti"


def sign_in(stack: InProcessStack, browser: httpx.Client, person: str) -> html.HtmlElement:
    """Sign a person in for the test; returns the page that the login ended at."""
    *_, last = walk(stack, LoginPlan(find_person(stack.federation, person), target=TEST), browser)
    return html.document_fromstring(last.body)


def verdicts(page: html.HtmlElement) -> Mapping[str, str]:
    return {row.get("data-attribute"): row.get("data-verdict") for row in page.xpath("//li[@data-attribute]")}


def sent(stack: InProcessStack, browser: httpx.Client) -> Mapping[str, list[str]]:
    """Return what the proxy shows this browser that the home organisation sent."""
    page = html.document_fromstring(browser.get(f"{stack.origins.proxy}/idp/profile/attributes").content)
    return {row.get("data-sent"): row.xpath(".//code/text()") for row in page.xpath("//div[@data-sent]")}


@pytest.mark.parametrize(
    ("person", "wrong"),
    [
        pytest.param("demo_u0001", [], id="an ordinary pupil"),
        pytest.param("demo_u0020", ["education_provider_info", "role", "school_info"], id="no school code"),
        pytest.param("demo_u0023", ["education_provider_info", "role", "school_info"], id="no role"),
        pytest.param("demo_u0028", [], id="no nickname, which nobody needs"),
        pytest.param("demo_u0029", ["given_name"], id="no given name"),
        pytest.param("demo_u0034", [], id="a school that the publisher refuses"),
    ],
)
def test_judges_the_published_test_persons(in_process: InProcessStack, person: str, wrong: list[str]):
    """Each has the one defect of facts-mpassid 11, and the test shows it, also to whom the publisher refuses."""
    with in_process.client() as browser:
        found = verdicts(sign_in(in_process, browser, person))

    assert sorted(name for name, verdict in found.items() if verdict == "error") == wrong


def test_shows_what_the_home_organisation_sent_to_that_browser_alone(in_process: InProcessStack):
    """The proxy shows it, not the service; another browser sees nothing."""
    with in_process.client() as browser, in_process.client() as other:
        sign_in(in_process, browser, "kuusikoski/aino.kiertavainen")
        seen, by_another = sent(in_process, browser), sent(in_process, other)

    assert seen["roles"] == ["Opettaja"]
    assert seen["school_codes"] == ["04647", "90101"]
    assert (seen["nickname"], seen["groups"]) == (["Aino"], [])
    assert by_another == {}


def test_says_what_was_not_passed_on_and_by_which_rule(in_process: InProcessStack):
    """A class level in words: the home organisation sent it, the service never got it."""
    with in_process.client() as browser:
        page = sign_in(in_process, browser, "kuusikoski/pekka.poikkeama")
        proxy = html.document_fromstring(browser.get(f"{in_process.origins.proxy}/idp/profile/attributes").content)

    assert verdicts(page)["class_level"] == "empty"
    assert proxy.xpath("//div[@data-sent='class_level']//code/text()") == ["kuudes"]
    assert proxy.xpath("//li/@data-rule") == ["charge-not-0-or-1", "class-level-not-an-integer"]


def test_forgets_with_the_logout(in_process: InProcessStack):
    """On a shared device nothing is left for the next pupil."""
    with in_process.client() as browser:
        sign_in(in_process, browser, "demo_u0001")
        browser.get(f"{in_process.origins.proxy}/idp/profile/Logout")

        assert sent(in_process, browser) == {}
