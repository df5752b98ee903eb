# SPDX-License-Identifier: Apache-2.0
"""A YAML document as a tree in which every value knows its line.

How text becomes such a tree is `federation.yaml_reader`'s; what the values must be is `federation.model`'s and
`federation.validation`'s. The tree is what was written, nothing converted: a number keeps its leading zeros.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from federation.suggestion import quoted


class Kind(StrEnum):
    """What YAML takes an unquoted word for."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TRUTH = "truth"
    NOTHING = "nothing"


@dataclass(frozen=True, eq=False)
class Scalar:
    """A word or a text, as it was written."""

    line: int
    text: str
    kind: Kind
    nodes: int = 1
    height: int = 0

    @property
    def characters(self) -> int:
        """How much text it holds."""
        return len(self.text)


@dataclass(frozen=True, eq=False)
class Listing:
    """A list; `nodes`, `characters` and `height` count everything below it, aliases written out."""

    line: int
    items: tuple[Node, ...]
    nodes: int
    characters: int
    height: int


@dataclass(frozen=True, eq=False)
class Entry:
    """A key and its value; `line` is the key's."""

    key: str
    line: int
    node: Node


@dataclass(frozen=True, eq=False)
class Mapping:
    """Keys and values, each key once."""

    line: int
    entries: tuple[Entry, ...]
    nodes: int
    characters: int
    height: int


Node: TypeAlias = Scalar | Listing | Mapping
Step: TypeAlias = str | int
Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"

_TRUE: Final = "true"
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,15}")
_FRACTION: Final = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")


def dotted(steps: Sequence[Step]) -> str:
    """Return a place in a document: `education_providers.kuopio.schools[0].code`."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            name = step if step.replace("-", "_").replace(".", "_").isidentifier() else quoted(step)
            path += f".{name}" if path else name
    return path


def described(node: Node) -> str:
    """Return what a value is, in words for an error."""
    if isinstance(node, Listing):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if node.kind is Kind.NUMBER and node.text.isdecimal():
        return f"the number {node.text.lstrip('0')[:60] or '0'}"
    words = {Kind.NUMBER: f"the number {node.text[:60]}", Kind.DATE: f"the date {node.text[:60]}"}
    return words.get(node.kind) or {Kind.TRUTH: node.text, Kind.NOTHING: "nothing"}.get(node.kind, quoted(node.text))


def plain(node: Node) -> Plain:
    """Return the values for the model: text, truth and decimal numbers as they are.

    A date, or a number in another notation, is NaN, which the model accepts nowhere.
    """
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {entry.key: plain(entry.node) for entry in node.entries}
    if node.kind is Kind.TEXT:
        return node.text
    if node.kind is Kind.TRUTH:
        return node.text.lower() == _TRUE
    return None if node.kind is Kind.NOTHING else _number(node)


def _number(node: Scalar) -> int | float:
    if node.kind is Kind.NUMBER and _WHOLE.fullmatch(node.text):
        return int(node.text)
    return float(node.text) if node.kind is Kind.NUMBER and _FRACTION.fullmatch(node.text) else math.nan


def entries(node: Node | None) -> tuple[Entry, ...]:
    """Return the entries of a mapping, none of anything else."""
    return node.entries if isinstance(node, Mapping) else ()


def entry(node: Node | None, key: str) -> Entry | None:
    """Return one entry of a mapping, `None` when there is none."""
    return next((found for found in entries(node) if found.key == key), None)


def value(node: Node | None, *keys: str) -> Node | None:
    """Return the value at a chain of keys, `None` when it is not there."""
    for key in keys:
        found = entry(node, key)
        node = found.node if found else None
    return node


def items(node: Node | None) -> Iterator[tuple[int, Node]]:
    """Yield the items of a list with their index, none of anything else."""
    yield from enumerate(node.items if isinstance(node, Listing) else ())


def text(node: Node | None) -> str | None:
    """Return a text, `None` when it is something else."""
    return node.text if isinstance(node, Scalar) and node.kind is Kind.TEXT else None
