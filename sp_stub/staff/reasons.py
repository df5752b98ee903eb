# SPDX-License-Identifier: Apache-2.0
"""The reason that customer service gives for what it does: asked for, bounded, plain text. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

MAX_REASON: Final = 500
ReasonProblem: TypeAlias = Literal["missing", "long"]

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
"""Control characters, line breaks, and those that are not seen or turn the reading direction."""


@dataclass(frozen=True)
class Reason:
    """What was typed, on one line, and what is wrong with it."""

    text: str
    problem: ReasonProblem | None = None


def read_reason(typed: str) -> Reason:
    """Return the reason as it may stand in the trail."""
    text = " ".join(_CONTROL.sub(" ", typed).split())
    if not text:
        return Reason("", "missing")
    return Reason(text, "long" if len(text) > MAX_REASON else None)
