# SPDX-License-Identifier: Apache-2.0
"""Chromium and a running testbed for the tests of this folder, each started once for each worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, sync_playwright

from testbed.stacks.local import LocalStack
from testbed.state_folder import StateFolder
from tests.browser.chromium import EXECUTABLES, find_chromium
from tests.builders import stacks


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


@pytest.fixture(scope="session")
def local_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """Run the shipped federation as real processes."""
    federation = stacks.shipped_federation()
    keys = tmp_path_factory.mktemp("keys")
    StateFolder(keys).ensure_keys(federation, datetime.now(UTC))
    with stacks.local(federation, tmp_path_factory.mktemp("browser"), keys) as stack:
        yield stack
