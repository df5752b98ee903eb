# SPDX-License-Identifier: Apache-2.0
"""Spans of time as `--clock` takes them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from federation.errors import InputError
from testbed.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("+10m", timedelta(minutes=10)),
        ("-90s", timedelta(seconds=-90)),
        ("2h", timedelta(hours=2)),
        ("+1d", timedelta(days=1)),
    ],
)
def test_reads_a_span(text: str, span: timedelta):
    """Sign, number, unit."""
    assert parse_duration(text) == span


@pytest.mark.parametrize("text", ["", "10", "m", "+10 m", "1.5h", "+1w", "٣m", "9999999s"])
def test_refuses_another_form(text: str):
    """What is no span is named."""
    with pytest.raises(InputError, match="expected a sign, a number and s, m, h or d"):
        parse_duration(text)
