# SPDX-License-Identifier: Apache-2.0
"""Figures as people read them: durations, bytes, shares."""

from __future__ import annotations

from typing import Final

_MINUTE: Final = 60
_MEGABYTE: Final = 1_000_000
_GIGABYTE: Final = 1_000 * _MEGABYTE


def duration(seconds: float) -> str:
    """Return so many seconds in two or three digits: 48 ms, 0.62 s, 12 s, 3 min."""
    if seconds < 0.1:  # noqa: PLR2004 -- below it, milliseconds are shorter to read
        return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms".replace(".0 ", " ")  # noqa: PLR2004
    if seconds < 3 * _MINUTE:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004
    return f"{seconds / _MINUTE:.1f} min".replace(".0 ", " ")


def size(amount: float) -> str:
    """Return so many bytes in megabytes, or gigabytes where they are many."""
    if amount >= _GIGABYTE:
        return f"{amount / _GIGABYTE:.1f} GB"
    return f"{amount / _MEGABYTE:.0f} MB"


def share(part: float) -> str:
    """Return a share from 0 to 1 in per cent; what is not nothing never reads as 0."""
    if 0 < part < 0.0001:  # noqa: PLR2004 -- a hundredth of a per cent
        return "below 0.01 %"
    return f"{part * 100:.2f} %".replace(".00 ", " ")


def grouped(number: float) -> str:
    """Return a whole number with its thousands apart."""
    return f"{number:,.0f}".replace(",", "\N{NO-BREAK SPACE}")


def clock(seconds: float) -> str:
    """Return a moment of the run as minutes and seconds: 2:05."""
    return f"{int(seconds) // _MINUTE}:{int(seconds) % _MINUTE:02d}"
