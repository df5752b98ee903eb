# SPDX-License-Identifier: Apache-2.0
"""The publisher's shelf, reading rooms, courses and refusals: every proof of pages.md, each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from federation.model import LANGUAGES
from testbed.stacks.local import LocalStack
from tests.browser.chromium import open_window
from tests.browser.proof import page_problems
from tests.browser.serving import serving
from tests.browser.terms import accept_terms
from tests.builders.refusal_gallery import GALLERY, gallery_app

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Place:
    """A page that a person opens after signing in, and the mark that it carries."""

    person: str
    path: str
    mark: str


PLACES: Final = {
    "the shelf of a teacher with administrator rights": Place("mansikkala/demo_u0041", "/materials", "materials"),
    "the shelf of an itinerant teacher": Place("kuusikoski/aino.kiertavainen", "/materials", "materials"),
    "an empty shelf that tells of a school year that is over": Place(
        "kuusikoski/leo.lukiolainen", "/materials", "materials"
    ),
    "a shelf that misses a class level": Place("kuusikoski/pekka.poikkeama", "/materials", "materials"),
    "a shelf beside a contract that has ended": Place("niittykyla/niko.naapuri", "/materials", "materials"),
    "a product in the learning environment": Place("kuusikoski/oona.oppilas", "/materials/luontopolku", "product"),
    "a product in Kampus, for a teacher": Place("mansikkala/demo_u0041", "/materials/lukujono", "product"),
    "a product of upper secondary level": Place("mansikkala/demo_u0041", "/materials/voima-ja-liike", "product"),
    "a part": Place("kuusikoski/oona.oppilas", "/oppimisymparisto/luontopolku/exercises", "part"),
    "a teachers' part": Place("mansikkala/demo_u0041", "/kampus/lukujono/solutions", "part"),
    "a course": Place("mansikkala/demo_u0041", "/kurssit/fysiikan-abikurssi", "course"),
    "a recording": Place("mansikkala/demo_u0041", "/kurssit/fysiikan-abikurssi/voima", "recording"),
    "a contract that has ended": Place("niittykyla/nelli.niitty", "", "error"),
    "a product for other grades": Place("kuusikoski/oona.oppilas", "/materials/murtoluvut", "error"),
    "a teachers' part that a pupil guesses": Place("kuusikoski/oona.oppilas", "/materials/luontopolku/tests", "error"),
    "a course that has ended": Place("mansikkala/demo_u0041", "/kurssit/kemian-kertaus", "error"),
}


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """Serve every page of a refusal on loopback; the origin."""
    with serving(lambda _: gallery_app()) as origin:
        yield origin


def sign_in(page: Page, stack: LocalStack, person: str, language: str) -> None:
    """Sign a person in at the publisher, by the picker and their municipality; the terms are accepted."""
    provider, _, user_name = person.partition("/")
    page.goto(f"{stack.origins.publisher}/kirjaudu/mpassid?lang={language}")
    page.locator("#q").fill(provider)
    page.locator("#q").press("Enter")
    page.locator(f"form[data-source=Shib{provider.capitalize()}] button").first.click()
    page.locator("#username").fill(user_name)
    page.locator("#password").fill(f"{user_name}pwd")
    page.locator("form[data-purpose=login] button[type=submit]").first.click()
    accept_terms(page, stack.origins.publisher)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PLACES)
def test_the_page_is_whole(browser: Browser, local_stack: LocalStack, name: str, language: str) -> None:
    """Read, fits, contrasts, is operated by keyboard, speaks its language, asks nobody else for anything."""
    place, origins = PLACES[name], local_stack.origins
    window = open_window(browser, [origins.proxy, origins.idp, origins.publisher], language)
    sign_in(window.page, local_stack, place.person, language)
    if place.path:
        window.page.goto(f"{origins.publisher}{place.path}")
    expect(window.page.locator("main")).to_have_attribute("data-page", place.mark)

    problems = page_problems(window.page, language)

    assert problems == []
    assert window.problems == []
    window.page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GALLERY)
def test_every_refusal_is_whole(browser: Browser, gallery: str, name: str, language: str) -> None:
    """The same for each page of a refusal, its details unfolded."""
    window = open_window(browser, [gallery], language)
    window.page.goto(f"{gallery}/{GALLERY[name]}?lang={language}")
    window.page.locator("summary").click()

    problems = page_problems(window.page, language)

    assert problems == []
    assert window.problems == []
    window.page.context.close()


def test_keeps_a_deep_link_with_its_query_into_the_right_room(browser: Browser, local_stack: LocalStack) -> None:
    """A bookmark of a product leads through picker and login into Kampus, query and all."""
    window = open_window(browser, [], "fi")
    page, publisher = window.page, local_stack.origins.publisher
    page.goto(f"{publisher}/materials/lukujono?sivu=12")
    page.locator("#q").fill("mansikkala")
    page.locator("#q").press("Enter")
    page.locator("form[data-source=ShibMansikkala] button").first.click()
    page.locator("#username").fill("demo_u0001")
    page.locator("#password").fill("demo_u0001pwd")
    page.locator("form[data-purpose=login] button[type=submit]").first.click()
    accept_terms(page, publisher)

    page.wait_for_url(f"{publisher}/kampus/lukujono?sivu=12")
    expect(page.locator("main")).to_have_attribute("data-room", "kampus")
    page.context.close()
