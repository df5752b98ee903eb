# SPDX-License-Identifier: Apache-2.0
"""The proxy's pages in a real browser: every refusal, and the school picker with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from federation.model import LANGUAGES
from testbed.stacks.local import LocalStack
from tests.browser.chromium import Window, open_window
from tests.browser.proof import page_problems
from tests.browser.serving import serving
from tests.builders.proxy_gallery import GALLERY, gallery_app

pytestmark = pytest.mark.browser

HEADINGS = {
    "fi": "Tervetuloa! Valitse oppilaitoksesi",
    "sv": "Välkommen! Välj din läroanstalt",
    "en": "Welcome! Choose your school",
}
LAST_SELECTED = {"fi": "Viimeksi valitut", "sv": "Senast valda", "en": "Last selected"}


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """Serve every page that needs no login under way on loopback; the origin."""
    with serving(lambda _: gallery_app()) as origin:
        yield origin


@pytest.fixture
def open_picker(browser: Browser, local_stack: LocalStack) -> Iterator[Callable[..., Window]]:
    """Start a login in a fresh browser and leave it at the school picker."""
    windows: list[Window] = []
    origins = local_stack.origins

    def start(language: str = "fi", *, javascript: bool = True, window: Window | None = None) -> Window:
        if window is None:
            everyone = [origins.proxy, origins.idp, origins.publisher, origins.portal]
            window = open_window(browser, everyone, language, javascript=javascript)
            windows.append(window)
        window.page.goto(f"{origins.publisher}/kirjaudu/mpassid?lang={language}")
        expect(window.page.locator("main")).to_have_attribute("data-page", "picker")
        return window

    yield start
    for window in windows:
        window.page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GALLERY)
def test_every_page_is_whole(browser: Browser, gallery: str, name: str, language: str) -> None:
    """Every proof of pages.md for every text a refusal is told with, and for the pages beside them."""
    window = open_window(browser, [gallery], language)
    # not until "load": the page that posts itself leaves before it, and comes back to stay
    window.page.goto(f"{gallery}/{name}?lang={language}", wait_until="commit")
    expect(window.page.locator("footer")).to_be_visible()
    for summary in window.page.locator("summary").all():
        summary.click()

    problems = page_problems(window.page, language)

    assert problems == []
    assert window.problems == []
    window.page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picker_is_whole_in_each_of_its_states(open_picker: Callable[..., Window], language: str) -> None:
    """Empty, with suggestions, with none, with results, with no results, and with schools selected before."""
    window = open_picker(language)
    page = window.page
    picker = page.url
    states: dict[str, Callable[[], object]] = {
        "suggestions": lambda: _type(page, "kirkon", 2),
        "no suggestions": lambda: _type(page, "xyzzy", 0),
        "results": lambda: page.goto(f"{picker}?q=testi"),
        "no results": lambda: page.goto(f"{picker}?q=xyzzy"),
        "too short": lambda: page.goto(f"{picker}?q=x"),
        "selected before": lambda: (_choose_by_typing(page, "kirkon"), open_picker(language, window=window)),
    }

    problems = {"empty": page_problems(page, language)}
    for state, reach in states.items():
        reach()
        problems[state] = page_problems(page, language)

    assert {state: found for state, found in problems.items() if found} == {}
    assert window.problems == []
    assert page.locator("h1").inner_text() == HEADINGS[language]
    assert page.get_by_role("heading", name=LAST_SELECTED[language]).is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picker_that_a_person_is_put_back_at_is_whole(open_picker: Callable[..., Window], language: str) -> None:
    """The message is proved as the page is, and stands before the search; the title says it first."""
    window = open_picker(language)
    page = window.page

    page.goto(page.url.partition("?")[0].removesuffix("/school") + "/wilma")
    expect(page.locator("[data-field=reason]")).to_have_text("home-answer-unasked")

    assert page_problems(page, language) == []
    assert page.title().startswith(page.locator(".error-summary h2").inner_text())
    assert window.problems == []


def test_a_school_is_chosen_by_keyboard_while_typing(open_picker: Callable[..., Window]) -> None:
    """The combobox pattern: what is found is announced, arrows move, Escape closes, Enter chooses."""
    window = open_picker()
    page = window.page
    field = page.get_by_role("combobox", name="Mistä oppilaitoksesta olet?")

    field.focus()
    page.keyboard.type("kirkon")
    expect(page.locator("#live-results [role=status]")).to_have_text("2 oppilaitosta löytyi")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = page.get_by_role("option")
    names = options.all_inner_texts()
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-0")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("k")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_have_attribute("data-page", "home-login")
    assert names == [
        "Kirkonkylän koulu\nKuusikosken kaupunki · perusopetus",
        "Kirkonkylän koulu\nMansikkalan testi kunta · perusopetus",
    ]
    assert "/kuusikoski/" in page.url
    assert window.problems == []


def test_one_answer_follows_the_last_letter(open_picker: Callable[..., Window]) -> None:
    """Typing on asks the server after a pause and not for each letter, and never for a single one."""
    window = open_picker()
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url) if "/suggestions" in request.url else None)

    window.page.locator("#q").press_sequentially("k")
    window.page.wait_for_timeout(400)
    alone = len(asked)
    window.page.locator("#q").press_sequentially("irkonky", delay=20)
    expect(window.page.get_by_role("option")).to_have_count(2)

    assert (alone, len(asked)) == (0, 1)


def test_a_school_is_chosen_by_keyboard_without_javascript(open_picker: Callable[..., Window]) -> None:
    """Type, Enter, Tab to the school, Enter: plain forms all the way, and no promise of a list that cannot be."""
    window = open_picker(javascript=False)
    page = window.page

    promised = page.locator("[data-last-selected-promise]").is_visible()
    page.locator("#q").focus()
    page.keyboard.type("mansikkala lukio")
    page.keyboard.press("Enter")
    expect(page.locator("#results h3")).to_have_text("1 oppilaitos löytyi")
    title = page.title()
    marked = page.locator("#results mark").all_inner_texts()
    page.locator("#q").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_have_attribute("data-page", "home-login")
    assert not promised
    assert title == "Tervetuloa! Valitse oppilaitoksesi – 1 oppilaitos löytyi – MPASSid-testikirjautuminen"
    assert marked == ["Mansikkala", "lukio", "Mansikkala"]
    assert "/mansikkala/" in page.url


def test_enter_without_a_chosen_school_searches(open_picker: Callable[..., Window]) -> None:
    """The plain search is always one key away, and what was typed stays."""
    page = open_picker().page

    page.locator("#q").fill("kirkon")
    page.locator("#q").press("Enter")

    expect(page.locator("#results h3")).to_have_text("2 oppilaitosta löytyi")
    expect(page.locator("#q")).to_have_value("kirkon")
    assert page.url.endswith("?q=kirkon")


def test_language_links_keep_the_search(open_picker: Callable[..., Window]) -> None:
    """Who changes the language in the middle types nothing twice."""
    page = open_picker().page
    page.goto(f"{page.url}?q=kirkon")

    page.get_by_role("link", name="Svenska").click()

    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page.locator("#results h3")).to_have_text("2 läroanstalter hittades")
    expect(page.locator("#results strong").first).to_have_text("Kyrkbyns skola (Kirkonkylän koulu)")


def test_the_last_selected_school_comes_first_and_can_be_removed(open_picker: Callable[..., Window]) -> None:
    """Newest first, no school twice, one click to choose; removal is announced and lasts."""
    window = open_picker()
    page = window.page
    for words in ("lukio", "kirkon", "lukio"):
        _choose_by_typing(page, words)
        open_picker(window=window)

    section = page.locator("#last-selected")
    names = section.locator("button.school").all_inner_texts()
    section.get_by_role("button", name="Poista: Kirkonkylän koulu").click()
    expect(page.locator("#last-selected-status")).to_have_text("Poistettu luettelosta: Kirkonkylän koulu")
    focused = page.evaluate("() => document.activeElement.ariaLabel")
    open_picker(window=window)
    left = section.locator("button.school").all_inner_texts()
    section.locator("button.school").click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-login")
    open_picker(window=window)
    section.locator("[data-remove]").click()

    expect(section).to_be_hidden()
    expect(page.locator("#q")).to_be_focused()
    assert names == [
        "Kuusikosken lukio\nKuusikosken kaupunki · lukiokoulutus",
        "Kirkonkylän koulu\nKuusikosken kaupunki · perusopetus",
    ]
    assert focused == "Poista: Kuusikosken lukio"
    assert left == ["Kuusikosken lukio\nKuusikosken kaupunki · lukiokoulutus"]
    assert page.evaluate("() => localStorage.getItem('last-selected')") == "[]"
    assert window.problems == []


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param("not json", id="no JSON"),
        pytest.param('{"source": "x"}', id="no list"),
        pytest.param('[null, 5, {"source": "x", "name": {}}]', id="no schools"),
    ],
)
def test_a_spoilt_list_is_no_list(open_picker: Callable[..., Window], stored: str) -> None:
    """Whatever stands in the browser's storage, the picker works."""
    window = open_picker()
    window.page.evaluate("stored => localStorage.setItem('last-selected', stored)", stored)
    window.page.reload()

    _type(window.page, "kirkon", 2)

    expect(window.page.locator("#last-selected")).to_be_hidden()
    assert window.problems == []


def test_a_remembered_school_is_shown_as_text(open_picker: Callable[..., Window]) -> None:
    """What was stored never becomes a page's own markup; and a school that is gone leads back to the search."""
    window = open_picker()
    school = '[{"source":"Gone","code":"1","name":{"fi":"<img src=x onerror=alert(1)>"},"place":null,"level":"\\"]"}]'
    window.page.evaluate("stored => localStorage.setItem('last-selected', stored)", school)
    window.page.reload()

    name = window.page.locator("#last-selected strong").inner_text()
    window.page.locator("#last-selected button.school").click()
    expect(window.page.locator("[data-field=reason]")).to_have_text("source-unknown")
    window.page.get_by_role("link", name="Etsi oppilaitos uudelleen").click()

    expect(window.page.locator("main")).to_have_attribute("data-page", "picker")
    assert name == "<img src=x onerror=alert(1)>"


def test_a_lost_connection_leaves_the_plain_search(open_picker: Callable[..., Window]) -> None:
    """When suggestions cannot be had, the page says what works."""
    page = open_picker().page
    page.route("**/suggestions?*", lambda route: route.abort())

    page.locator("#q").fill("kirkon")

    expect(page.locator("#live-results [role=status]")).to_have_text("Haku ei onnistunut. Valitse Hae.")


def test_cancelling_leads_back_to_the_service(open_picker: Callable[..., Window], local_stack: LocalStack) -> None:
    """A page that says so, then the service's own, which knows that the login was cancelled."""
    page = open_picker().page

    page.get_by_role("button", name="Keskeytä kirjautuminen").click()
    expect(page.locator("h1")).to_have_text("Kirjautuminen keskeytettiin")
    page.get_by_role("button", name="Palaa palveluun").click()

    expect(page).to_have_url(f"{local_stack.origins.publisher}/acs")


def _type(page: Page, words: str, count: int) -> None:
    page.locator("#q").fill(words)
    expect(page.locator("#live-results [role=status]")).not_to_be_empty()
    expect(page.get_by_role("option")).to_have_count(count)


def _choose_by_typing(page: Page, words: str) -> None:
    """Choose the first school of Kuusikoski that `words` find."""
    page.locator("#q").fill(f"{words} kuusi")
    page.get_by_role("option").first.click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-login")
