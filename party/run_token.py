# SPDX-License-Identifier: Apache-2.0
"""The run's own token: who holds it may ask a part for what is not for browsers (session.json, control endpoints)."""

from __future__ import annotations

import hmac
from typing import Final

AUTHORIZATION: Final = "Authorization"
_SCHEME: Final = "Bearer "


def bearer(token: bytes) -> str:
    """Return the `Authorization` header's value for `token`."""
    return bearer_text(token.hex())


def bearer_text(text: str) -> str:
    """Return the `Authorization` header's value for a token as a person or a file writes it."""
    return _SCHEME + text


def holds_run_token(header_value: str | None, token: bytes) -> bool:
    """Tell whether an `Authorization` header's value carries `token`; takes the same time for every wrong one.

    Raises `ValueError` for an empty token: nobody must get in because nobody set one.
    """
    if not token:
        message = "the run token is empty"
        raise ValueError(message)
    if header_value is None:
        return False
    return hmac.compare_digest(header_value.encode("utf-8", "surrogateescape"), bearer(token).encode("ascii"))
