# SPDX-License-Identifier: Apache-2.0
"""The publisher's terms of use as somebody meets them who signs in there, for the first time or again."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def accept_terms(page: Page, publisher: str) -> None:
    """Wait until the login is back at `publisher`, and accept the terms where this person has not yet."""
    page.wait_for_url(f"{publisher}/**")
    accept = page.locator("form[data-purpose=terms] button[value=accept]")
    if accept.count():
        accept.click()
        expect(page.locator("main")).not_to_have_attribute("data-page", "terms")
