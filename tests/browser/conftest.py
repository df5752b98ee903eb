# SPDX-License-Identifier: Apache-2.0
"""Chromium for the tests of this folder, started once for each worker."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import EXECUTABLES, find_chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run the machine's own Chromium; without one the test is skipped, and says what to install."""
    path = find_chromium()
    if path is None:
        pytest.skip(f"needs Chromium: none of {', '.join(EXECUTABLES)} was found (Debian: apt install chromium)")
    # Chromium's sandbox refuses to run as root
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=options)
        yield chromium
        chromium.close()
