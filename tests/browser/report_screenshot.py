# SPDX-License-Identifier: Apache-2.0
"""Takes the picture of docs/load-report.md anew, from an invented run: `make screenshots` runs it.

The run is made by a builder, not measured, so that the picture changes with the page and not with the machine.
"""

from __future__ import annotations

import sys
from typing import Final

from playwright.sync_api import sync_playwright

from loadtests.report.assembly import report_of
from loadtests.report.recorded import RecordedRun
from loadtests.report.writing import HTML, report_files
from tests.browser.chromium import find_chromium, launch_chromium
from tests.browser.screenshots import FOLDER, WIDTH, packed
from tests.builders.load_runs import dead, records_of, run_of, samples_of, trouble

NAME: Final = "load-report.png"
HEIGHT: Final = 1340
MOST_BYTES: Final = 200_000
STRENGTH: Final = 16.0
"""Logins a second that the invented chain ends at most: too few for eight o'clock."""


def page() -> str:
    """Return the page of a morning on which the chain was too weak and one identity provider died."""
    run = run_of(trouble=(trouble(60.0, "its identity provider stops answering", "vesilahti"),))
    records = dead(records_of(run, STRENGTH), "vesilahti", 60.0)
    costs = {"proxy": 0.040, "idp": 0.032, "publisher": 0.046, "portal": 0.003, "generator-0": 0.0031}
    recorded = RecordedRun(run, tuple(records), tuple(samples_of(records, 125, costs)), "0" * 64)
    return report_files(report_of(recorded), recorded)[HTML].decode("utf-8")


def main() -> int:
    """Write the picture; returns the exit code."""
    if find_chromium() is None:
        sys.stderr.write("needs Chromium (Debian: apt install chromium)\n")
        return 3
    with sync_playwright() as playwright, launch_chromium(playwright, ["--font-render-hinting=none"]) as chromium:
        tab = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        tab.set_content(page())
        content = packed(tab.screenshot(animations="disabled"))
    if len(content) > MOST_BYTES:
        sys.stderr.write(f"{NAME} has {len(content)} bytes, more than {MOST_BYTES}\n")
        return 1
    (FOLDER / NAME).write_bytes(content)
    sys.stdout.write(f"docs/screenshots/{NAME}  {len(content)} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
