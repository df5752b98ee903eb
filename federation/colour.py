# SPDX-License-Identifier: Apache-2.0
"""Contrast of two colours, by WCAG 2.2: what a declared colour is checked with, and a lighter one is derived by."""

from __future__ import annotations

import re
from typing import Final

LIGHT_SURFACE: Final = "#f3f5f8"
"""The darkest background of a light page: a colour readable on it is readable on white too."""
TEXT_CONTRAST: Final = 4.5
"""The least contrast of text with its background (WCAG 2.2, 1.4.3)."""

_LINEAR_END: Final = 0.04045
_COLOUR: Final = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})")


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two `#rrggbb` colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lightened_for(colour: str, background: str, least: float = TEXT_CONTRAST) -> str:
    """Return `colour` mixed with as little white as gives it a contrast of `least` on a dark `background`.

    Raises `ValueError` where not even white is enough.
    """
    for percent in range(0, 101, 2):
        mixed = "#" + "".join(f"{part + (255 - part) * percent // 100:02x}" for part in _parts(colour))
        if contrast(mixed, background) >= least:
            return mixed
    message = f"no lighter shade of {colour} has a contrast of {least}:1 on {background}"
    raise ValueError(message)


def _parts(colour: str) -> tuple[int, int, int]:
    match = _COLOUR.fullmatch(colour)
    if match is None:
        message = f"expected a colour such as #1f5f3f, found {colour!r}"
        raise ValueError(message)
    red, green, blue = (int(part, 16) for part in match.groups())
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """Return one sRGB component made linear (WCAG 2.2, relative luminance)."""
    return part / 12.92 if part <= _LINEAR_END else ((part + 0.055) / 1.055) ** 2.4
