# SPDX-License-Identifier: Apache-2.0
"""Object identifiers of Finnish education: their form, and the check digit of a person's (facts-mpassid 2). Pure."""

from __future__ import annotations

import re
from typing import Final

_OID: Final = re.compile(r"[012](\.[0-9]+)+")
_FINNISH_WEIGHTS: Final = (7, 3, 1)
_PERSONS: Final = "24"


def is_oid(text: str) -> bool:
    """Tell whether a text has the form of an object identifier: numbers joined by dots.

    Zeros may lead a number, as in the published test organisations (`1.2.246.562.99.00000000001`).
    """
    return _OID.fullmatch(text) is not None


def check_digit(digits: str, node: str) -> str:
    """Return the check digit over `digits`: by the weights of Finnish reference numbers for node 24, else by Luhn."""
    backwards = [int(digit) for digit in reversed(digits)]
    if node == _PERSONS:
        weighed = (digit * _FINNISH_WEIGHTS[place % 3] for place, digit in enumerate(backwards))
    else:
        weighed = (_luhn(digit) if place % 2 == 0 else digit for place, digit in enumerate(backwards))
    return str(-sum(weighed) % 10)


def _luhn(digit: int) -> int:
    return digit * 2 - 9 if digit > 4 else digit * 2  # noqa: PLR2004  # beyond four the double has two digits
