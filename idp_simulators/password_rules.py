# SPDX-License-Identifier: Apache-2.0
"""What a new password must be: pure, so that the page and the test say the same.

- at least 12 characters and at most 128: length is what makes a password strong, and nobody has to mix in signs;
- at least 5 different characters;
- not the user name, nor a password that holds it: the documented password of a test person is such a one;
- typed twice alike.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

SHORTEST: Final = 12
LONGEST: Final = 128
FEWEST_DIFFERENT: Final = 5

Fault: TypeAlias = Literal["empty", "too-short", "too-long", "too-simple", "holds-user-name", "not-repeated"]


@dataclass(frozen=True)
class NewPasswordProblem:
    """What is wrong with one field: its name, and which rule it breaks."""

    field: Literal["new-password", "repeated-password"]
    fault: Fault


def new_password_problems(user_name: str, password: str, repeated: str) -> tuple[NewPasswordProblem, ...]:
    """Return what is wrong with a new password and its repetition, nothing when it may be taken."""
    fault = _fault(unicodedata.normalize("NFC", password), user_name)
    if fault is not None:
        return (NewPasswordProblem("new-password", fault),)
    if unicodedata.normalize("NFC", repeated) != unicodedata.normalize("NFC", password):
        return (NewPasswordProblem("repeated-password", "not-repeated"),)
    return ()


def _fault(password: str, user_name: str) -> Fault | None:
    if not password:
        return "empty"
    if len(password) < SHORTEST:
        return "too-short"
    if len(password) > LONGEST:
        return "too-long"
    if len(set(password)) < FEWEST_DIFFERENT:
        return "too-simple"
    if user_name.casefold() in password.casefold():
        return "holds-user-name"
    return None
