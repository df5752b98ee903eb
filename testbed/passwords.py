# SPDX-License-Identifier: Apache-2.0
"""The documented rule of the test persons' passwords (facts-mpassid 11)."""

from __future__ import annotations

from typing import Final

PASSWORD_SUFFIX: Final = "pwd"  # noqa: S105 -- public, for invented people


def password_of(user_name: str) -> str:
    """Return a test person's password."""
    return user_name + PASSWORD_SUFFIX
