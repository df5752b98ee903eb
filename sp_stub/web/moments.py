# SPDX-License-Identifier: Apache-2.0
"""Moments in short, as lists and notices write them: by the clocks of Finland, in the person's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from babel.dates import format_date, format_datetime

from federation.model import Language
from sp_stub.rules.finnish_time import HELSINKI

_MOMENTS: Final[Mapping[Language, str]] = {
    "fi": "d.M.y 'klo' H.mm",
    "sv": "d.M.y 'kl.' H.mm",
    "en": "d MMM y, HH:mm",
}
_TIMES: Final[Mapping[Language, str]] = {"fi": "H.mm", "sv": "H.mm", "en": "HH:mm"}
_DAYS: Final[Mapping[Language, str]] = {"fi": "d.M.y", "sv": "d.M.y", "en": "d MMM y"}


def said(moment: datetime, language: Language) -> str:
    """Return day and time to the minute, such as 12.8.2026 klo 8.00."""
    return format_datetime(moment.astimezone(HELSINKI), _MOMENTS[language], locale=language)


def said_time(moment: datetime, language: Language) -> str:
    """Return the time of day to the minute, such as 8.15."""
    return format_datetime(moment.astimezone(HELSINKI), _TIMES[language], locale=language)


def said_day(day: date, language: Language) -> str:
    """Return a day, such as 12.8.2026."""
    return format_date(day, _DAYS[language], locale=language)
