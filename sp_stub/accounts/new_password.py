# SPDX-License-Identifier: Apache-2.0
"""What a new password must be. Pure, so that page and test say the same.

- at least 12 characters and at most 128: length is what makes a password strong, and nobody has to mix in signs;
- at least 5 different characters;
- nothing that holds the user name, or the part of the address before the @;
- typed twice alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from sp_stub.accounts.password_hashes import LONGEST

SHORTEST: Final = 12
FEWEST_DIFFERENT: Final = 5
_SHORTEST_NAME: Final = 3
"""A name of two letters stands in many a good password."""


def new_password_problems(names: Iterable[str], password: str, repeated: str) -> Mapping[str, str]:
    """Return message ids by field (`password`, `repeated`), empty where the password may be taken."""
    typed = unicodedata.normalize("NFC", password)
    fault = _fault(typed, names)
    if fault is not None:
        return {"password": f"password.problem.{fault}"}
    if unicodedata.normalize("NFC", repeated) != typed:
        return {"repeated": "password.problem.not-repeated"}
    return {}


def _fault(password: str, names: Iterable[str]) -> str | None:
    if not password:
        return "empty"
    if len(password) < SHORTEST:
        return "too-short"
    if len(password) > LONGEST:
        return "too-long"
    if len(set(password)) < FEWEST_DIFFERENT:
        return "too-simple"
    parts = (name.partition("@")[0].casefold() for name in names)
    if any(len(part) >= _SHORTEST_NAME and part in password.casefold() for part in parts):
        return "holds-name"
    return None
