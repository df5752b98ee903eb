# SPDX-License-Identifier: Apache-2.0
"""Plain columns for the terminal and for grep: aligned, never cut, nothing in them that steers a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def columns(rows: Iterable[Sequence[str]], indent: int = 2) -> str:
    """Return the rows with every column but the last as wide as its longest cell, each row on a line of its own."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)][:-1]
    lines = (
        "  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in cells
    )
    return "\n".join(f"{'':{indent}}{line}".rstrip() for line in lines)


def listed(values: Iterable[tuple[str, Sequence[str]]], indent: int = 2) -> str:
    """Return named lists, each value on a line, the name beside its first one."""
    return columns(
        [(name if first else "", value) for name, held in values for first, value in _with_first(held)], indent
    )


def printable(text: str) -> str:
    """Return the text with every character that is not printable written out."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def _with_first(values: Sequence[str]) -> Iterable[tuple[bool, str]]:
    return ((position == 0, value) for position, value in enumerate(values))
