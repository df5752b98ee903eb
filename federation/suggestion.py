# SPDX-License-Identifier: Apache-2.0
"""Words for what was found: quoted safely, cut to a readable length, with the nearest thing that exists."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

LONGEST: Final = 60
MOST: Final = 12


def quoted(found: str) -> str:
    """Return text from outside in double quotes: control characters escaped, at most sixty characters of it."""
    return json.dumps(found if len(found) <= LONGEST else found[:LONGEST] + "…", ensure_ascii=False)


def did_you_mean(found: str, existing: Iterable[str]) -> str:
    """Return `; did you mean "x"?` for the nearest of `existing`, else what there is, if that is short enough."""
    known = sorted(set(existing))
    near = get_close_matches(found, known, n=1) if len(found) <= LONGEST else []
    if near:
        return f"; did you mean {quoted(near[0])}?"
    if not known or len(known) > MOST:
        return ""
    return f"; expected one of {', '.join(quoted(name) for name in known)}"


def code_point(character: str) -> str:
    """Return the name of a character that cannot be shown."""
    return f"U+{ord(character):04X}"
