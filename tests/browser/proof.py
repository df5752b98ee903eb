# SPDX-License-Identifier: Apache-2.0
"""What is proved of every page (pages.md): readable, operable, in the right language, at both widths, light and dark."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from party.pages.catalogues import read_catalogue

WIDTHS: Final = (320, 1280)
HEIGHT: Final = 800
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
TARGET: Final = 44
RING: Final = 3
MAX_STOPS: Final = 150

ROOT: Final = Path(__file__).resolve().parents[2]
MESSAGE_IDS: Final = frozenset(
    message.id for path in sorted(ROOT.glob("*/pages/locale/**/fi.po")) for message in read_catalogue(path, "fi")
)

_axe: Final = Axe()

OPERATED_IN: Final = "fi"
"""The language in which a page is walked by keyboard and read by axe."""

_RULES_OF: Final[dict[str, dict[str, object]]] = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
"""Every rule in the light, and in the dark the one that the colours decide: the others see the same page twice."""

_STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
  )].filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}))
    .filter((one) => !(one.type === 'radio' && !one.checked
      && document.querySelector(`input[type=radio][name="${one.name}"]:checked`)))
    .map((one, number) => { one.dataset.stop = number; return one.outerHTML.slice(0, 120); })"""

# Tab goes on from where the last click was, unless something before it was focused.
_TO_THE_TOP = """() => {
    document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); window.scrollTo(0, 0);
  }"""

_FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) { return null; }
    const style = getComputedStyle(one);
    return {stop: one.dataset.stop ?? null, html: one.outerHTML.slice(0, 120),
            ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)};
  }"""

_SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    'button, .button, nav a, summary, select, textarea, input:not([type=hidden]):not([type=checkbox]):not([type=radio])'
  )].filter((one) => one.checkVisibility({visibilityProperty: true}))
    .filter((one) => one.getBoundingClientRect().height < least - 0.5 || one.getBoundingClientRect().width < least - 0.5)
    .map((one) => `${one.outerHTML.slice(0, 120)} is ${Math.round(one.getBoundingClientRect().width)} x `
      + `${Math.round(one.getBoundingClientRect().height)}`)"""


def page_problems(page: Page, language: str) -> list[str]:
    """Return everything that is wrong with the page as it stands, one line each.

    Words and room are looked at in every language. Structure, colours and the way by keyboard are the same in all of
    them, and are looked at in one, because that takes nine tenths of the time.
    """
    problems = [*_words(page, language), *_outline(page)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        problems += [f"{width} px: {problem}" for problem in _fit(page)]
    problems += [f"text at 200 %: {problem}" for problem in _fit_at_double_size(page)]
    if language == OPERATED_IN:
        problems += [*_accessibility(page), *_keyboard(page)]
    return problems


def _words(page: Page, language: str) -> Iterator[str]:
    found = page.locator("html").get_attribute("lang")
    if found != language:
        yield f"lang is {found}, expected {language}"
    title = page.title()
    party = page.locator(".party-name").inner_text()
    what, _, whose = title.rpartition(" – ")
    if not what.strip() or whose != party:
        yield f"the title {title!r} does not say what the page is and end with {party!r}"
    text = page.locator("html").inner_text() + title
    yield from (f"shows the message id {one}" for one in _ids_in(text, MESSAGE_IDS))


def _ids_in(text: str, ids: Collection[str]) -> list[str]:
    return sorted({word for word in text.replace("\n", " ").split(" ") if word.strip(".,:;()") in ids})


def _outline(page: Page) -> Iterator[str]:
    for selector, count in {"h1": 1, "main": 1, "header": 1, "footer": 1, "a.skip-link": 1, ".strip": 1}.items():
        found = page.locator(selector).count()
        if found != count:
            yield f"{found} of {selector}, expected {count}"


def _fit(page: Page) -> Iterator[str]:
    width, room = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if width > room:
        yield f"scrolls sideways: {width} px wide in {room}"
    yield from (f"target too small: {one}" for one in page.evaluate(_SMALL_TARGETS, TARGET))


def _fit_at_double_size(page: Page) -> Iterator[str]:
    page.evaluate("() => { document.documentElement.style.fontSize = '225%'; }")
    width, room = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    if width > room:
        yield f"scrolls sideways: {width} px wide in {room}"


def _accessibility(page: Page) -> Iterator[str]:
    """Ask axe, at both widths, light and dark."""
    page.evaluate(_axe.axe_script)  # once for the page: it is half a megabyte
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            yield from (f"{width} px, {scheme}: {problem}" for problem in _axe_violations(page, _RULES_OF[scheme]))


def _axe_violations(page: Page, options: dict[str, object]) -> Iterator[str]:
    found = page.evaluate("(options) => axe.run(options)", {"resultTypes": ["violations"], **options})
    for violation in found["violations"]:
        nodes = [
            f"{node['html'][:120]} {node['any'][0]['message'] if node['any'] else ''}" for node in violation["nodes"]
        ]
        yield f"axe {violation['id']}: {violation['help']}: {json.dumps(nodes[:3], ensure_ascii=False)}"


def _keyboard(page: Page) -> Iterator[str]:
    """Walk the page by Tab: the skip link comes first, everything is reached, and the focus can be seen."""
    stops = page.evaluate(_STOPS)
    page.evaluate(_TO_THE_TOP)
    reached: list[int] = []
    for _ in range(min(len(stops) + 5, MAX_STOPS)):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None or focused["stop"] is None or int(focused["stop"]) in reached:
            break
        if focused["ring"] < RING:
            yield f"focus ring of {focused['ring']} px on {focused['html']}"
        reached.append(int(focused["stop"]))
    yield from (f"not reached by Tab: {html}" for number, html in enumerate(stops) if number not in reached)
    if reached and "skip-link" not in stops[reached[0]]:
        yield f"the first stop is no skip link: {stops[reached[0]]}"
