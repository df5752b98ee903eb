# SPDX-License-Identifier: Apache-2.0
"""A browser window, and a record of what must not happen in it: console errors and requests to elsewhere."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

EXECUTABLES: Final = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """Return the path of a Chromium on this machine, `None` where there is none."""
    return next((path for path in map(shutil.which, EXECUTABLES) if path), None)


@contextmanager
def launch_chromium(playwright: Playwright, options: Sequence[str] = ()) -> Iterator[Browser]:
    """Run the machine's own Chromium; without one the test is skipped, and says what to install."""
    path = find_chromium()
    if path is None:
        pytest.skip(f"needs Chromium: none of {', '.join(EXECUTABLES)} was found (Debian: apt install chromium)")
    # Chromium's sandbox refuses to run as root
    no_sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    chromium = playwright.chromium.launch(executable_path=path, args=[*no_sandbox, *options])
    try:
        yield chromium
    finally:
        chromium.close()


def trusting(ca_certificate: Path) -> list[str]:
    """Return the option of a Chromium that trusts this test CA, and takes no other fault of a certificate for good."""
    key = x509.load_pem_x509_certificate(ca_certificate.read_bytes()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return [f"--ignore-certificate-errors-spki-list={base64.b64encode(hashlib.sha256(spki).digest()).decode('ascii')}"]


@dataclass
class Window:
    """A page in a browser of its own: own cookies, one language, and what went wrong so far."""

    page: Page
    origins: Collection[str]
    problems: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Record console errors, errors of scripts, and requests outside the given origins from now on."""
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        self.page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        # A refusal is a page with status 4xx, and Chromium reports every such answer to a navigation here.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" not in self.origins:
            self.problems.append(f"request outside the stack: {request.url}")


def open_window(browser: Browser, origins: Collection[str], language: str, *, javascript: bool = True) -> Window:
    """Return a fresh window whose browser prefers `language`; close it by `window.page.context.close()`."""
    context = browser.new_context(locale=language, java_script_enabled=javascript)
    context.set_default_timeout(15_000)
    window = Window(context.new_page(), origins)
    window.listen()
    return window
