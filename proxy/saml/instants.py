# SPDX-License-Identifier: Apache-2.0
"""Times as SAML writes them: xs:dateTime in UTC, with a Z (saml-core-2.0-os 1.3.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from proxy.saml.fault import Flaw, MessageFault

CLOCK_SKEW: Final = timedelta(seconds=180)
"""How far two parties' clocks may be apart (facts-mpassid 5)."""
MESSAGE_LIFETIME: Final = timedelta(minutes=5)
"""How old a message may be when it arrives, apart from the skew."""

_INSTANT: Final = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,20}))?Z", re.ASCII)


def read_instant(text: str) -> datetime:
    """Return the instant that `text` names; raises `MessageFault` (time-unreadable) for any other notation.

    Digits beyond microseconds are dropped; a time without Z or with an offset is refused rather than guessed.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise MessageFault(Flaw.TIME_UNREADABLE, text, "UTC, as in 2026-08-10T08:00:00Z")
    try:
        whole = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
    except ValueError as error:
        raise MessageFault(Flaw.TIME_UNREADABLE, text, "a time that exists") from error
    return whole + timedelta(microseconds=int((match[2] or "0").ljust(6, "0")[:6]))


def write_instant(instant: datetime) -> str:
    """Return `instant` (aware) as SAML writes it, to the millisecond."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"
