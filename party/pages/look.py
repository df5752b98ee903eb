# SPDX-License-Identifier: Apache-2.0
"""How a party looks, so that a person always sees where they are: name, owner, operator and one accent colour.

The colours reach the browser as a small style sheet of their own, `look-<accent>-<dark accent>.css`, because the
Content-Security-Policy allows no style inside a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from federation.colour import LIGHT_SURFACE, TEXT_CONTRAST, contrast, lightened_for
from federation.model import Names

MessageId: TypeAlias = str

LIGHT_TEXT: Final = "#ffffff"
"""What stands on the accent in light mode."""
DARK_SURFACE: Final = "#22272f"
"""The lightest background of dark mode in style.css; an accent readable on it is readable on the darker ones."""
DARK_TEXT: Final = "#14171c"
"""What stands on the accent in dark mode."""

_STYLE_SHEET_NAME: Final = re.compile(r"look-([0-9a-f]{6})-([0-9a-f]{6})\.css")
_STYLE_SHEET: Final = """\
:root {{ --accent: {accent}; --on-accent: {light_text}; }}
@media (prefers-color-scheme: dark) {{ :root {{ --accent: {accent_dark}; --on-accent: {dark_text}; }} }}
"""


@dataclass(frozen=True)
class Look:
    """A party's look; a text is a message id of its catalogue, `Names` what the declaration calls it.

    `accent` is `#rrggbb` with a contrast of 4.5:1 on light surfaces, `accent_dark` the same on dark ones; where it is
    not given, a lighter shade of the accent. Raises `ValueError` for a colour that is hard to read.
    """

    name: MessageId | Names
    accent: str
    owner: MessageId | Names
    operator: MessageId | Names
    accent_dark: str | None = None

    def __post_init__(self) -> None:
        """Check both colours."""
        _check_contrast(self.accent, LIGHT_SURFACE)
        _check_contrast(self.dark_mode_accent, DARK_SURFACE)
        _check_contrast(self.dark_mode_accent, DARK_TEXT)

    @cached_property
    def dark_mode_accent(self) -> str:
        """The accent of dark mode, derived where none is given."""
        return self.accent_dark or lightened_for(self.accent, DARK_SURFACE)

    @cached_property
    def style_sheet(self) -> str:
        """The name of the style sheet that sets the colours."""
        return f"look-{self.accent[1:]}-{self.dark_mode_accent[1:]}.css"


def look_style_sheet(name: str) -> bytes | None:
    """Return the style sheet that a name such as `look-1f5f3f-8fd3b0.css` stands for, `None` for any other name."""
    match = _STYLE_SHEET_NAME.fullmatch(name)
    if match is None:
        return None
    text = _STYLE_SHEET.format(
        accent=f"#{match[1]}", accent_dark=f"#{match[2]}", light_text=LIGHT_TEXT, dark_text=DARK_TEXT
    )
    return text.encode("ascii")


def _check_contrast(colour: str, other: str) -> None:
    found = contrast(colour, other)
    if found < TEXT_CONTRAST:
        message = f"the contrast of {colour} with {other} is {found:.2f}:1, expected at least {TEXT_CONTRAST}:1"
        raise ValueError(message)
