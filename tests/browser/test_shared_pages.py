# SPDX-License-Identifier: Apache-2.0
"""The pages that every party has, in a real browser: the error page and the page that carries a SAML message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser

from federation.model import LANGUAGES
from party.events import Events
from party.front import in_front
from party.language import language_of
from party.pages import Action, Contact, ContinueForm, ErrorPage, headers
from tests.browser.chromium import open_window
from tests.browser.proof import page_problems
from tests.browser.serving import serving
from tests.builders.pages import shared_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.browser

NOON = datetime(2025, 8, 12, 7, 58, 12, tzinfo=UTC)
PAGES = shared_pages()
ORIGIN = "http://localhost:8000"


class Site:
    """A part with two pages, which counts what is posted to it."""

    def __init__(self) -> None:
        """Start with nothing posted."""
        self.posted: list[bytes] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Answer the two pages; anything posted gets no content, so the browser stays where it is."""
        if environ["REQUEST_METHOD"] == "POST":
            self.posted.append(environ["wsgi.input"].read())
            start_response("204 No Content", [])
            return [b""]
        language = language_of("proxy", ORIGIN, environ)
        address = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        if environ["PATH_INFO"] == "/post":
            fields = {"SAMLResponse": "PHg+", "RelayState": "a&b"}
            text = PAGES.render("saml_post.html", language, address=address, action="/acs", fields=fields)
        else:
            text = PAGES.refusal(language, full_error_page(language), address=address)
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), *headers()])
        return [text.encode("utf-8")]


def full_error_page(language: str) -> ErrorPage:
    """Return an error page with everything on it, one part of it very long."""
    return ErrorPage(
        heading={"fi": "Jotain meni pieleen", "sv": "Något gick fel", "en": "Something went wrong"}[language],
        happened="Oppilaitoksesi ei käytä tätä kirjautumista.",
        advice=("Kirjaudu omalla tunnuksellasi.", "Ota yhteyttä oppilaitoksesi käyttäjärekisterin vastuuhenkilöön."),
        action=Action("Kirjaudu omalla tunnuksella", "/own"),
        continue_form=ContinueForm("Takaisin palveluun", "/acs", {"SAMLResponse": "PHg+"}),
        contact=Contact("asiakaspalvelu@kustantaja.example", "09 000 0000", "ma–pe 10–14", form_url="/contact"),
        reason_id="school-not-activated",
        at=NOON,
        number=105,
        request_id="_" + "0123456789abcdef" * 4,
        detail="Error code 105: MPASS users school(s) are not Kustantaja MPASS schools.",
    )


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Site, str]]:
    """Serve the two pages on loopback."""
    app = Site()
    events = Events("proxy", lambda: NOON, lambda _: None)
    whole = in_front(app, part="proxy", origin=ORIGIN, pages=PAGES, events=events, ready=lambda: None)
    with serving(lambda _: whole) as origin:
        yield app, origin


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_error_page_is_whole(browser: Browser, site: tuple[Site, str], language: str) -> None:
    """Every proof of pages.md, in each language, folded and unfolded."""
    _, origin = site
    window = open_window(browser, [origin], language)
    window.page.goto(f"{origin}/error?lang={language}")

    folded = page_problems(window.page, language)
    window.page.locator("summary").click()
    unfolded = page_problems(window.page, language)

    assert folded == []
    assert unfolded == []
    assert window.problems == []
    window.page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_that_carries_a_message_is_whole(browser: Browser, site: tuple[Site, str], language: str) -> None:
    """It is seen only for a moment, but on a slow line by everybody; here it is kept by leaving out its script."""
    _, origin = site
    window = open_window(browser, [origin], language)
    window.page.route("**/submit.js*", lambda route: route.abort())
    window.page.goto(f"{origin}/post?lang={language}")

    problems = page_problems(window.page, language)

    assert problems == []
    assert window.problems == []
    window.page.context.close()


def test_a_message_is_sent_at_once_and_only_once(browser: Browser, site: tuple[Site, str]) -> None:
    """The script sends it, and an impatient click on the button does not send it again."""
    app, origin = site
    app.posted.clear()
    window = open_window(browser, [origin], "fi")

    with window.page.expect_response("**/acs"):
        # the navigation that the script starts cuts off this one's load event
        window.page.goto(f"{origin}/post", wait_until="commit")
    window.page.locator("form[data-purpose=saml-post] button").dblclick()
    window.page.wait_for_timeout(300)

    assert app.posted == [b"SAMLResponse=PHg%2B&RelayState=a%26b"]
    assert window.problems == []
    window.page.context.close()


def test_a_message_is_sent_by_the_button_without_javascript(browser: Browser, site: tuple[Site, str]) -> None:
    """Nothing happens by itself, and one click is enough."""
    app, origin = site
    app.posted.clear()
    window = open_window(browser, [origin], "fi", javascript=False)
    window.page.goto(f"{origin}/post")
    before = list(app.posted)

    with window.page.expect_response("**/acs"):
        window.page.get_by_role("button", name="Jatka").click()

    assert before == []
    assert app.posted == [b"SAMLResponse=PHg%2B&RelayState=a%26b"]
    window.page.context.close()


def test_the_details_can_be_copied(browser: Browser, site: tuple[Site, str]) -> None:
    """The button appears where copying works, says that it did, and copies what stands there."""
    _, origin = site
    window = open_window(browser, [origin], "fi")
    window.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    window.page.goto(f"{origin}/error")

    window.page.locator("summary").click()
    window.page.get_by_role("button", name="Kopioi tiedot").click()
    window.page.get_by_role("status").filter(has_text="Tiedot on kopioitu.").wait_for()
    copied = window.page.evaluate("() => navigator.clipboard.readText()")

    assert copied == (
        "Virhenumero: 105\n"
        "Syy: school-not-activated\n"
        "Aika: 2025-08-12T07:58:12Z\n"
        f"Pyynnön tunniste: _{'0123456789abcdef' * 4}\n"
        "Viesti: Error code 105: MPASS users school(s) are not Kustantaja MPASS schools."
    )
    window.page.context.close()


def test_without_javascript_there_is_no_copy_button(browser: Browser, site: tuple[Site, str]) -> None:
    """A button that does nothing is worse than none; the details unfold all the same."""
    _, origin = site
    window = open_window(browser, [origin], "fi", javascript=False)
    window.page.goto(f"{origin}/error")

    window.page.locator("summary").click()

    assert window.page.locator("[data-field=reason]").is_visible()
    assert not window.page.locator("button[data-copy]").is_visible()
    window.page.context.close()


def test_on_paper_the_details_are_unfolded(browser: Browser, site: tuple[Site, str]) -> None:
    """Error pages are printed and carried to the school office, and the number must be on them."""
    _, origin = site
    window = open_window(browser, [origin], "fi")
    window.page.goto(f"{origin}/error")

    window.page.emulate_media(media="print")
    height: Any = window.page.locator("[data-field=error-number]").evaluate("one => one.getBoundingClientRect().height")

    assert height > 0
    assert not window.page.locator("nav").is_visible()
    assert not window.page.locator(".actions form").is_visible()
    window.page.context.close()


def test_the_skip_link_leads_to_the_content(browser: Browser, site: tuple[Site, str]) -> None:
    """One Tab, one Enter, and the keyboard is past the header."""
    _, origin = site
    window = open_window(browser, [origin], "fi")
    window.page.goto(f"{origin}/error")

    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")
    window.page.keyboard.press("Tab")

    assert window.page.evaluate("() => document.activeElement.textContent") == "Kirjaudu omalla tunnuksella"
    window.page.context.close()
