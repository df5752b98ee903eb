# SPDX-License-Identifier: Apache-2.0
"""Chromium and a running testbed for the tests of this folder, each started once for each worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from testbed.stacks.local import LocalStack
from testbed.state_folder import StateFolder
from tests.browser.chromium import launch_chromium
from tests.builders import stacks


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Run what drives browsers; one for each worker, because two in one process get in each other's way."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Run the machine's own Chromium; without one the test is skipped, and says what to install."""
    with launch_chromium(playwright) as chromium:
        yield chromium


@pytest.fixture(scope="session")
def local_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """Run the shipped federation as real processes."""
    federation = stacks.shipped_federation()
    keys = tmp_path_factory.mktemp("keys")
    StateFolder(keys).ensure_keys(federation, datetime.now(UTC))
    with stacks.local(federation, tmp_path_factory.mktemp("browser"), keys) as stack:
        yield stack
