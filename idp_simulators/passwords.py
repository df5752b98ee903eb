# SPDX-License-Identifier: Apache-2.0
"""The documented password of a test person: the user name followed by `pwd` (facts-mpassid 11)."""

from __future__ import annotations

import hmac
from typing import Final

_ENDING: Final = "pwd"


def password_of(user_name: str) -> str:
    """Return the password of the test person with this user name."""
    return user_name + _ENDING


def is_password_of(user_name: str, typed: str) -> bool:
    """Tell whether `typed` is the person's password; takes the same time for every wrong one."""
    return hmac.compare_digest(typed.encode(), password_of(user_name).encode())
