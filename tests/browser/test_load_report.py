# SPDX-License-Identifier: Apache-2.0
"""The report of a load run in Chromium: what is proved of every page holds for it, and on paper nothing is folded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from loadtests.records import Record
from loadtests.report.assembly import report_of
from loadtests.report.recorded import RecordedRun
from loadtests.report.writing import report_files
from loadtests.run_folder import Run
from tests.browser.chromium import open_window
from tests.browser.proof import page_problems
from tests.builders.load_runs import dead, records_of, run_of, samples_of, trouble

pytestmark = pytest.mark.browser

GOOD = run_of()
BAD = run_of(trouble=(trouble(60.0, "stops answering", "vesilahti"),))
HELD = records_of(GOOD, strength=60.0)
BROKEN = dead(records_of(BAD, strength=20.0), "vesilahti", 60.0)


def page_of(run: Run, records: list[Record]) -> str:
    """Return a run's page."""
    recorded = RecordedRun(run, tuple(records), tuple(samples_of(records, 125)), "0" * 64)
    return report_files(report_of(recorded), recorded)["report.html"].decode()


@pytest.mark.parametrize(
    ("run", "records"),
    [
        pytest.param(GOOD, HELD, id="everything held"),
        pytest.param(BAD, [replace(BROKEN[0], is_right_person=False), *BROKEN[1:]], id="nothing did"),
        pytest.param(GOOD, [], id="nobody came"),
    ],
)
def test_is_readable_by_everybody_at_both_widths(browser: Browser, run: Run, records: list[Record]) -> None:
    """axe, no sideways scrolling, targets, text at 200 %, the keyboard; no request and no error."""
    window = open_window(browser, [], "en", javascript=True)
    window.page.set_content(page_of(run, records))

    assert page_problems(window.page, "en") == []
    assert window.problems == []
    window.page.context.close()


def test_each_screen_shows_its_size_of_the_pictures(browser: Browser) -> None:
    """Text in a picture that was drawn for a screen cannot be read on a telephone."""
    window = open_window(browser, [], "en")
    window.page.set_content(page_of(GOOD, HELD))

    shown = {}
    for width in (320, 1280):
        window.page.set_viewport_size({"width": width, "height": 800})
        shown[width] = [window.page.locator(f"svg.{size}:visible").count() for size in ("narrow", "wide")]
    window.page.context.close()

    assert shown == {320: [6, 0], 1280: [0, 6]}


def test_on_paper_the_folded_figures_are_there(browser: Browser) -> None:
    """Nobody can unfold paper, and its colours are those of the light."""
    window = open_window(browser, [], "en")
    window.page.emulate_media(media="print", color_scheme="dark")
    window.page.set_content(page_of(GOOD, HELD))

    folded = window.page.locator("details table").bounding_box()
    background = window.page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    window.page.context.close()

    assert folded is not None
    assert folded["height"] > 100
    assert background == "rgb(255, 255, 255)"
