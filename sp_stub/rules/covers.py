# SPDX-License-Identifier: Apache-2.0
"""What is drawn on a product's cover: a motif and a shade, the same for a product wherever and whenever it is shown. Pure.

How each motif is drawn is `pages/templates/covers.html`'s, which colours a shade has `pages/static/portal.css`'s.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

MOTIFS: Final = ("hills", "forest", "waves", "tiles", "rings", "steps", "line", "leaves")
SHADES: Final = 6
_SALT: Final = "cover 716818"
"""Chosen so that no two of the shipped products look the same, and each is drawn as something of its own."""


@dataclass(frozen=True)
class Cover:
    """A cover: one of `MOTIFS`, and a number from 1 to `SHADES`."""

    motif: str
    shade: int


def cover_of(key: str) -> Cover:
    """Return the cover of the product of this key."""
    digest = hashlib.sha256(f"{_SALT}\n{key}".encode()).digest()
    return Cover(MOTIFS[digest[0] % len(MOTIFS)], digest[1] % SHADES + 1)
