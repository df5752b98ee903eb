# SPDX-License-Identifier: Apache-2.0
"""Times as SAML writes them, and no others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from proxy.saml.fault import MessageFault
from proxy.saml.instants import read_instant, write_instant

READ = [
    ("2026-08-10T08:00:00Z", datetime(2026, 8, 10, 8, 0, 0, tzinfo=UTC)),
    ("2026-08-10T08:00:00.5Z", datetime(2026, 8, 10, 8, 0, 0, 500_000, tzinfo=UTC)),
    ("2026-08-10T08:00:00.123456789Z", datetime(2026, 8, 10, 8, 0, 0, 123_456, tzinfo=UTC)),
    ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
]


@pytest.mark.parametrize(("text", "instant"), READ)
def test_reads(text: str, instant: datetime):
    """UTC with a Z, with any number of digits behind the second."""
    assert read_instant(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-08-10",
        "2026-08-10T08:00:00",
        "2026-08-10T08:00:00+00:00",
        "2026-08-10T11:00:00+03:00",
        "2026-08-10t08:00:00z",
        "2026-08-10 08:00:00Z",
        " 2026-08-10T08:00:00Z",
        "2026-08-10T08:00:00Z\n",
        "2026-08-10T08:00Z",
        "2026-08-10T08:00:00.Z",
        "2026-08-10T24:00:00Z",
        "2026-12-31T23:59:60Z",
        "2026-02-30T08:00:00Z",
        "0000-01-01T00:00:00Z",
        "-2026-08-10T08:00:00Z",
        "12026-08-10T08:00:00Z",
        "\uff12026-08-10T08:00:00Z",
    ],
)
def test_refuses(text: str):
    """Everything else is refused rather than guessed."""
    with pytest.raises(MessageFault) as fault:
        read_instant(text)

    assert fault.value.refusal("response").reason_id == "response-time-unreadable"


def test_writes_utc_to_the_millisecond():
    """Another zone's time is written as the instant that it is."""
    helsinki = timezone(timedelta(hours=3))

    assert write_instant(datetime(2026, 8, 10, 11, 0, 0, 1999, tzinfo=helsinki)) == "2026-08-10T08:00:00.001Z"
