# SPDX-License-Identifier: Apache-2.0
"""Days and hours as a page writes them, in the person's language and by the clocks of Finland. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from babel.dates import format_date, format_datetime

from federation.model import Language
from sp_stub.rules.finnish_time import HELSINKI

_LOCALES: Final[Mapping[Language, str]] = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}


def day_in_words(day: date, language: Language) -> str:
    """Return a day as `31. heinäkuuta 2026`."""
    return format_date(day, "long", _LOCALES[language])


def moment_in_words(moment: datetime, language: Language) -> str:
    """Return a moment as `keskiviikko 12. elokuuta 2026 klo 6.00`, by the clocks of Finland."""
    return format_datetime(moment.astimezone(HELSINKI), _MOMENTS[language], locale=_LOCALES[language])


_MOMENTS: Final[Mapping[Language, str]] = {
    "fi": "cccc d. MMMM y 'klo' H.mm",
    "sv": "cccc 'den' d MMMM y 'kl.' H.mm",
    "en": "cccc d MMMM y 'at' HH:mm",
}
