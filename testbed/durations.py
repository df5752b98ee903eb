# SPDX-License-Identifier: Apache-2.0
"""Spans of time as a person writes them: `+10m`, `-90s`, `2h`, `1d`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from federation.errors import InputError

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_FORM: Final = re.compile(r"([+-]?)([0-9]{1,6})([smhd])")


def parse_duration(text: str) -> timedelta:
    """Return the span; raises `InputError` for any other form."""
    form = _FORM.fullmatch(text)
    if form is None:
        message = f"{text!r} is no span of time; expected a sign, a number and s, m, h or d, as in +10m"
        raise InputError(message)
    sign, number, unit = form.groups()
    span = timedelta(**{_UNITS[unit]: int(number)})
    return -span if sign == "-" else span
