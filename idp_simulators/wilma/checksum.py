# SPDX-License-Identifier: Apache-2.0
"""The checksum of Wilma's addresses: HMAC-SHA256 over the whole URL, as its last parameter (home-protocols 2)."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Final

from federation.reasons import Refusal
from idp_simulators.home_request import RefusedRequestError

_PARAMETER: Final = "&h="


def checksum(url: str, secret: bytes) -> str:
    """Return the checksum of a URL that has none yet."""
    return hmac.new(secret, url.encode(), sha256).hexdigest()


def with_checksum(url: str, secret: bytes) -> str:
    """Return the URL with its checksum."""
    return f"{url}{_PARAMETER}{checksum(url, secret)}"


def without_checksum(url: str, secret: bytes) -> str:
    """Return the URL that a right checksum stands for; raises `RefusedRequestError` for a missing or wrong one."""
    unsigned, separator, found = url.rpartition(_PARAMETER)
    if not separator:
        raise RefusedRequestError(Refusal("home-request-checksum-missing"))
    if not hmac.compare_digest(checksum(unsigned, secret).encode(), found.encode()):
        raise RefusedRequestError(Refusal("home-request-checksum-wrong"))
    return unsigned
