# SPDX-License-Identifier: Apache-2.0
"""Draws the rooms of the code and who imports whom, as the imports are: the picture of docs/architecture.md.

A room is a top-level package; what stands in it are its packages. Arrows go from who imports to who is imported, one
layer down; that somebody reaches further down is allowed, frequent, and not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

import grimp

LAYERS: Final = (
    ("loadtests",),
    ("testbed",),
    ("proxy", "idp_simulators", "sp_stub"),
    ("certs", "party"),
    ("federation",),
)
"""From who may import everything to who imports nothing (design 2)."""

WIDTH: Final = 190
GAP: Final = 60
MARGIN: Final = 16
HEAD: Final = 34
LINE: Final = 15
COLUMNS: Final = max(map(len, LAYERS))

STYLE: Final = (
    "svg{font:12px system-ui,sans-serif}text{fill:#16191d}rect{fill:#fff;stroke:#4a5560}"
    ".room{font-weight:600;font-size:14px}.in{fill:#4a5560}path{fill:none;stroke:#4a5560}#tip path{fill:#4a5560}"
    "@media(prefers-color-scheme:dark){text{fill:#eef1f4}rect{fill:#1c2126;stroke:#9aa5b0}.in{fill:#b4bcc4}"
    "path{stroke:#9aa5b0}#tip path{fill:#9aa5b0}}"
)

TIP: Final = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 8 4 0 8Z"/></marker></defs>'
)


@dataclass(frozen=True)
class Box:
    """A room in the picture: its name, the packages in it, and where its upper left corner is, in pixels."""

    room: str
    packages: tuple[str, ...]
    x: int
    y: int

    @property
    def height(self) -> int:
        """Pixels."""
        return HEAD + len(self.packages) * LINE + (8 if self.packages else 0)

    def drawn(self) -> str:
        """Return the box as SVG."""
        lines = [
            f'<text class="in" x="{self.x + 12}" y="{self.y + HEAD + 8 + number * LINE}">{escape(name)}/</text>'
            for number, name in enumerate(self.packages)
        ]
        return (
            f'<g><rect x="{self.x}" y="{self.y}" width="{WIDTH}" height="{self.height}" rx="6"/>'
            f'<text class="room" x="{self.x + 12}" y="{self.y + 22}">{escape(self.room)}</text>{"".join(lines)}</g>'
        )


def architecture() -> str:
    """Return the picture as SVG."""
    graph = grimp.build_graph(*(room for layer in LAYERS for room in layer), cache_dir=None)
    layers = list(_placed(graph))
    boxes = [box for layer in layers for box in layer]
    arrows = [
        _arrow(upper, lower)
        for above, below in pairwise(layers)
        for upper in above
        for lower in below
        if _imports(graph, upper.room, lower.room)
    ]
    width, height = COLUMNS * (WIDTH + GAP) - GAP + 2 * MARGIN, max(box.y + box.height for box in boxes) + MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="what">',
            "<!-- SPDX-License-Identifier: Apache-2.0; written from the imports by `make tables` -->",
            f'<title id="what">{escape(_in_words(graph, [box.room for box in boxes]))}</title>',
            f"<style>{STYLE}</style>",
            TIP,
            *arrows,
            *(box.drawn() for box in boxes),
            "</svg>\n",
        ]
    )


def _placed(graph: grimp.ImportGraph) -> Iterator[list[Box]]:
    """Give the boxes layer by layer, each layer in the middle of the picture."""
    y = MARGIN
    for layer in LAYERS:
        left = MARGIN + (COLUMNS - len(layer)) * (WIDTH + GAP) // 2
        boxes = [Box(room, _packages(graph, room), left + n * (WIDTH + GAP), y) for n, room in enumerate(layer)]
        y += max(box.height for box in boxes) + GAP
        yield boxes


def _packages(graph: grimp.ImportGraph, room: str) -> tuple[str, ...]:
    return tuple(child.rpartition(".")[2] for child in sorted(graph.find_children(room)) if graph.find_children(child))


def _imports(graph: grimp.ImportGraph, importer: str, imported: str) -> bool:
    return graph.direct_import_exists(importer=importer, imported=imported, as_packages=True)


def _in_words(graph: grimp.ImportGraph, rooms: list[str]) -> str:
    imports = {room: [each for each in rooms if each != room and _imports(graph, room, each)] for room in rooms}
    return "; ".join(f"{room} imports {', '.join(each)}" for room, each in imports.items() if each)


def _arrow(upper: Box, lower: Box) -> str:
    """Return a curve from below a room to above another."""
    x1, x2 = upper.x + WIDTH // 2, lower.x + WIDTH // 2
    y1, y2 = upper.y + upper.height, lower.y - 3
    middle = (y1 + y2) // 2
    return f'<path marker-end="url(#tip)" d="M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}"/>'
