# SPDX-License-Identifier: Apache-2.0
"""The keyed hash under which the database knows what a browser holds."""

from __future__ import annotations

import hashlib
import hmac


def keyed_hash(secret: bytes, value: str) -> str:
    """Return the HMAC-SHA256 of `value` as 64 hexadecimal digits: who reads the table cannot find the value."""
    return hmac.new(secret, value.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()
