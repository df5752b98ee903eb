# SPDX-License-Identifier: Apache-2.0
"""The proof of pages itself: a page with one fault is told by that fault."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import open_window
from tests.browser.proof import page_problems

pytestmark = pytest.mark.browser

WHOLE = """<!doctype html>
<html lang="fi"><head><title>Otsikko – Osapuoli</title><style>
body { margin: 0; color: #16191d; background: #fff; } @media (prefers-color-scheme: dark) { body { color: #eee; background: #111; } }
a, button { display: inline-flex; min-width: 44px; min-height: 44px; color: inherit; background: inherit; }
:focus-visible { outline: 3px solid #77aaff; }
</style></head>
<body><a class="skip-link" href="#main">Siirry sisältöön</a><header><p class="strip">Testi</p><p class="party-name">Osapuoli</p></header>
<main id="main" tabindex="-1"><h1>Otsikko</h1><p><button>Jatka</button></p></main>
<footer>Omistaja</footer></body></html>"""


@pytest.fixture
def page(browser: Browser) -> Page:
    """Return an empty page."""
    return open_window(browser, [], "fi").page


def test_a_whole_page_has_no_problems(page: Page) -> None:
    """The page that the others differ from."""
    page.set_content(WHOLE)

    assert page_problems(page, "fi") == []


@pytest.mark.parametrize(
    ("found", "replacement", "problem"),
    [
        pytest.param('lang="fi"', 'lang="sv"', "lang is sv, expected fi", id="another language"),
        pytest.param(
            "<title>Otsikko – ", "<title>", "the title 'Osapuoli' does not say", id="a title of the party alone"
        ),
        pytest.param(
            "– Osapuoli</title>", "</title>", "the title 'Otsikko' does not say", id="a title without the party"
        ),
        pytest.param("Jatka", "party.skip", "shows the message id party.skip", id="a message id"),
        pytest.param("<footer>Omistaja</footer>", "", "0 of footer, expected 1", id="no footer"),
        pytest.param(
            "<h1>",
            '<p><span style="white-space:nowrap">' + "pitkä " * 30 + "</span></p><h1>",
            "320 px: scrolls sideways",
            id="a wide text",
        ),
        pytest.param(
            "color: #eee; background: #111",
            "color: #333; background: #111",
            "320 px, dark: axe color-contrast",
            id="dark on dark",
        ),
        pytest.param(
            "<button>",
            '<button style="min-height: 20px">',
            "320 px: target too small: <button",
            id="a small target",
        ),
        pytest.param("outline: 3px", "outline: 1px", "focus ring of 1 px on", id="a thin focus ring"),
        pytest.param("outline: 3px solid #77aaff", "outline: none", "focus ring of 0 px on", id="no focus ring"),
        pytest.param(
            "<button>",
            '<button onkeydown="event.preventDefault()">Ansa</button> <button>',
            'not reached by Tab: <button data-stop="2">',
            id="a keyboard trap",
        ),
        pytest.param(
            'class="skip-link"',
            'class="skip-link" style="display: none"',
            "the first stop is no skip link",
            id="a hidden skip link",
        ),
        pytest.param("<button>Jatka</button>", "<input>", "320 px, light: axe label", id="a field without a label"),
        pytest.param(
            "<button>",
            '<button style="min-width: 60rem">',
            "text at 200 %: scrolls sideways",
            id="wide at 200 %",
        ),
    ],
)
def test_finds_each_fault(page: Page, found: str, replacement: str, problem: str) -> None:
    """Among the problems is the one that was put there."""
    assert found in WHOLE
    page.set_content(WHOLE.replace(found, replacement))

    problems = page_problems(page, "fi")

    assert [one for one in problems if one.startswith(problem)] != []


def test_a_window_records_what_must_not_happen(browser: Browser) -> None:
    """Requests to elsewhere and errors of scripts."""
    window = open_window(browser, ["http://localhost:8000"], "fi")
    window.page.route("**/*", lambda route: route.fulfill(body=""))

    window.page.set_content('<img src="http://elsewhere.example/x.png"><script>console.error("no"); missing()</script>')

    assert sorted(window.problems) == [
        "console: no",
        "request outside the stack: http://elsewhere.example/x.png",
        "script error: missing is not defined",
    ]
