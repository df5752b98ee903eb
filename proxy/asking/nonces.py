# SPDX-License-Identifier: Apache-2.0
"""Nonces: what ties an answer to one login in one browser (home-protocols 1)."""

from __future__ import annotations

import hmac
import secrets
from typing import Final

NONCE: Final = "[A-Za-z0-9_-]{24}"
"""The form of a nonce, as a regular expression."""


def new_nonce() -> str:
    """Return a fresh nonce: 24 characters, 144 random bits."""
    return secrets.token_urlsafe(18)


def is_same(found: str, expected: str) -> bool:
    """Compare two secrets, in a time that does not tell where they differ."""
    return hmac.compare_digest(found.encode(), expected.encode())
