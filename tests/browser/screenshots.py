# SPDX-License-Identifier: Apache-2.0
"""Takes the screenshots of docs/ anew: `make screenshots` runs a testbed of its own and writes docs/screenshots/.

All have one size and no more than they need: the pictures are what Chromium draws, packed as tightly as PNG allows.
"""

from __future__ import annotations

import struct
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from playwright.sync_api import Page, expect, sync_playwright

from testbed.stacks.local import LocalStack
from testbed.state_folder import StateFolder
from tests.browser.chromium import find_chromium, launch_chromium
from tests.browser.terms import accept_terms
from tests.builders import stacks

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WIDTH: Final = 960
HEIGHT: Final = 860
MOST_BYTES: Final = 120_000

Reach: TypeAlias = Callable[[Page, LocalStack], None]
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_NEEDED: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})


def picker(page: Page, stack: LocalStack) -> None:
    """Look for a school."""
    page.goto(f"{stack.origins.publisher}/kirjaudu/mpassid")
    page.locator("#q").fill("kuusi")
    page.locator("#q").press("Enter")
    expect(page.locator("form[data-source=ShibKuusikoski]").first).to_be_visible()


def home_login(page: Page, stack: LocalStack) -> None:
    """Choose one, and see the municipality's own login page."""
    picker(page, stack)
    page.locator("form[data-source=ShibKuusikoski] button").first.click()
    expect(page.locator("main")).to_have_attribute("data-page", "home-login")


def signed_in(source: str, user_name: str, service: str = "publisher", target: str = "/materials") -> Reach:
    """Return how to sign somebody in at a service."""

    def reach(page: Page, stack: LocalStack) -> None:
        origin = stack.origins.of(service)
        page.goto(f"{origin}/kirjaudu/mpassid?target={target}")
        page.locator("#q").fill(source)
        page.locator("#q").press("Enter")
        page.locator(f"form[data-source=Shib{source}] button").first.click()
        page.locator("#username").fill(user_name)
        page.locator("#password").fill(f"{user_name}pwd")
        page.locator("form[data-purpose=login] button[type=submit]").first.click()
        page.wait_for_url(f"{origin}/**")
        accept_terms(page, origin)
        expect(page.locator("h1")).to_be_visible()

    return reach


SCREENSHOTS: Final[Mapping[str, Reach]] = {
    "picker": picker,
    "municipality": home_login,
    "shelf": signed_in("Kuusikoski", "aino.kiertavainen"),
    "error-105": signed_in("Mansikkala", "demo_u0034"),
    "portal": signed_in("Kuusikoski", "aino.kiertavainen", "portal"),
    "attribute-test": signed_in("Mansikkala", "demo_u0029", target="/attribuuttitesti"),
}


def main() -> int:
    """Write every screenshot; returns the exit code."""
    if find_chromium() is None:
        sys.stderr.write("needs Chromium (Debian: apt install chromium)\n")
        return 3
    FOLDER.mkdir(exist_ok=True)
    federation = stacks.shipped_federation()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        keys = Path(folder) / "keys"
        StateFolder(keys).ensure_keys(federation, datetime.now(UTC))
        with (
            stacks.local(federation, Path(folder) / "state", keys) as stack,
            launch_chromium(playwright, ["--font-render-hinting=none"]) as chromium,
        ):
            for name, reach in SCREENSHOTS.items():
                context = chromium.new_context(
                    locale="fi",
                    viewport={"width": WIDTH, "height": HEIGHT},
                    color_scheme="light",
                    reduced_motion="reduce",
                )
                page = context.new_page()
                reach(page, stack)
                content = packed(page.screenshot(animations="disabled", caret="hide"))
                context.close()
                if len(content) > MOST_BYTES:
                    sys.stderr.write(f"{name}.png has {len(content)} bytes, more than {MOST_BYTES}\n")
                    return 1
                (FOLDER / f"{name}.png").write_bytes(content)
                sys.stdout.write(f"docs/screenshots/{name}.png  {len(content)} bytes\n")
    return 0


def packed(png: bytes) -> bytes:
    """Return the same picture with nothing but its pixels in it, compressed as tightly as zlib can."""
    chunks = [(kind, data) for kind, data in _chunks(png) if kind in _NEEDED]
    pixels = zlib.compress(zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT")), 9)
    before = [chunk for chunk in chunks if chunk[0] in {b"IHDR", b"PLTE"}]
    return _SIGNATURE + b"".join(_chunk(*chunk) for chunk in [*before, (b"IDAT", pixels), (b"IEND", b"")])


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_SIGNATURE)
    while position < len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        yield png[position + 4 : position + 8], png[position + 8 : position + 8 + length]
        position += length + 12


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    sys.exit(main())
