# SPDX-License-Identifier: Apache-2.0
"""The colours of the report's pictures: stand-ins that the plots draw with, and the style sheet's names for them.

A picture is drawn once and shown light, dark and on paper: each stand-in is replaced by a variable of the page's style.
"""

from __future__ import annotations

from typing import Final

INK: Final = "#010101"
QUIET: Final = "#020202"
LINE: Final = "#030303"
PLATE: Final = "#040404"
GOOD: Final = "#050505"
BAD: Final = "#060606"
PLAN: Final = "#070707"
TROUBLE: Final = "#080808"
CAME: Final = "#090909"
SERIES: Final = ("#0a0a01", "#0a0a02", "#0a0a03", "#0a0a04", "#0a0a05", "#0a0a06", "#0a0a07", "#0a0a08")
"""For parts and providers, told apart also without colours by their order and labels."""

VARIABLES: Final = {
    INK: "--text",
    QUIET: "--quiet",
    LINE: "--line",
    PLATE: "--plate",
    GOOD: "--good",
    BAD: "--bad",
    PLAN: "--plan",
    TROUBLE: "--trouble",
    CAME: "--came",
    **{colour: f"--series-{number}" for number, colour in enumerate(SERIES, 1)},
}
