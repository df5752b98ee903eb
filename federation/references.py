# SPDX-License-Identifier: Apache-2.0
"""Names that must exist elsewhere in the declaration, and stand in a list once."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from federation.document import Node, Step, dotted, items, text
from federation.errors import Problem
from federation.suggestion import did_you_mean, quoted


def references(
    listing: Node | None, steps: tuple[Step, ...], what: str, existing: Collection[str]
) -> Iterator[Problem]:
    """Find names in a list that do not exist or stand twice."""
    seen: dict[str, int] = {}
    for index, node in items(listing):
        name = text(node)
        if name is None:
            continue
        if name in seen:
            again = f"got {quoted(name)} again, first on line {seen[name]}; remove it"
            yield Problem(node.line, dotted((*steps, index)), again)
        seen.setdefault(name, node.line)
        yield from reference(node, (*steps, index), what, existing)


def reference(node: Node | None, steps: tuple[Step, ...], what: str, existing: Collection[str]) -> Iterator[Problem]:
    """Find out whether one name does not exist; what is no text is not looked at."""
    name = text(node)
    if node is not None and name is not None and name not in existing:
        yield Problem(node.line, dotted(steps), f"no {what} {quoted(name)}{did_you_mean(name, existing)}")
