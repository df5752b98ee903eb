# SPDX-License-Identifier: Apache-2.0
"""From YAML events to a tree with lines, bounded: the larger half of `federation.yaml_reader`.

Reading goes on past what is merely refused (a duplicate key, a tag) and stops at what has no end: nesting deeper than
`MAX_DEPTH`, more than `MAX_NODES` values or `MAX_CHARACTERS` of text once aliases are written out. Aliases share their
nodes, and each node knows what it holds, so that none of this needs recursion or the expanded document.

Events are those of PyYAML or of ruamel.yaml: both name their classes and members alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from federation.document import Entry, Kind, Listing, Mapping, Node, Scalar, Step, dotted
from federation.errors import Problem
from federation.suggestion import code_point, quoted

MAX_DEPTH: Final = 32
MAX_NODES: Final = 200_000
MAX_CHARACTERS: Final = 16 * 1024 * 1024

_NOT_IN_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MERGE_KEY: Final = "<<"
_KINDS: Final = (
    (Kind.NOTHING, re.compile(r"|~|null|Null|NULL")),
    (Kind.TRUTH, re.compile(r"true|True|TRUE|false|False|FALSE")),
    (Kind.NUMBER, re.compile(r"[-+]?(0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)")),
    (
        Kind.NUMBER,
        re.compile(
            r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
        ),
    ),
    (Kind.DATE, re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?")),
)


def kind_of(word: str) -> Kind:
    """Return what YAML 1.2 takes an unquoted word for; dates count, because most tools read them."""
    return next((kind for kind, form in _KINDS if form.fullmatch(word)), Kind.TEXT)


class Mark(Protocol):
    """Where an event begins; lines count from 0."""

    line: int


class Event(Protocol):
    """What is used of an event whatever its kind; the rest depends on the class."""

    start_mark: Mark


class UnreadableError(Exception):
    """Reading stops here."""

    def __init__(self, problem: Problem) -> None:
        """Keep the `problem` that stops it."""
        super().__init__(problem)
        self.problem = problem


@dataclass
class _Open:
    """A list or mapping that has begun; in a mapping `key` is set while its value is awaited."""

    line: int
    anchor: str | None
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Scalar | None = None
    discards: bool = False
    """Whether the next value belongs to a key that was refused."""
    nodes: int = 1
    characters: int = 0
    height: int = 0

    def step(self) -> Step | None:
        """Return the step from here to what is being read."""
        if self.is_mapping:
            return self.key.text if self.key else None
        return len(self.items)

    def close(self) -> Node:
        """Return the finished list or mapping."""
        if self.is_mapping:
            return Mapping(self.line, tuple(self.entries.values()), self.nodes, self.characters, self.height)
        return Listing(self.line, tuple(self.items), self.nodes, self.characters, self.height)


class TreeBuilder:
    """Takes events in their order; holds the root once it is whole, and the problems so far."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.line = 1
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0

    def take(self, event: Event) -> None:
        """Add what an event tells; raises `UnreadableError` where reading must stop."""
        self.line = event.start_mark.line + 1
        match type(event).__name__:
            case "ScalarEvent":
                self._take_scalar(event)
            case "MappingStartEvent":
                self._begin(event, is_mapping=True)
            case "SequenceStartEvent":
                self._begin(event, is_mapping=False)
            case "MappingEndEvent" | "SequenceEndEvent":
                finished = self._open.pop()
                self._finish(finished.close(), finished.anchor)
            case "AliasEvent":
                self._take_alias(event)
            case "DocumentStartEvent":
                self._begin_document()

    def _begin_document(self) -> None:
        self._documents += 1
        if self._documents > 1:
            message = 'a second document begins; expected one: remove the line "---" and what follows it'
            raise UnreadableError(Problem(self.line, "", message))

    def _begin(self, event: Any, *, is_mapping: bool) -> None:  # noqa: ANN401  # see the module's docstring
        self._refuse_tag(event)
        self._check_depth(1)
        self._open.append(_Open(self.line, event.anchor, is_mapping))
        if event.anchor:
            self._anchors.pop(event.anchor, None)

    def _take_scalar(self, event: Any) -> None:  # noqa: ANN401  # see the module's docstring
        self._refuse_tag(event)
        text: str = event.value
        if wrong := _NOT_IN_XML.search(text):
            self._problem(f"holds the character {code_point(wrong[0])}, which XML cannot carry; remove it")
            text = _NOT_IN_XML.sub("\ufffd", text)
        is_plain = event.implicit[0]
        self._finish(Scalar(self.line, text, kind_of(text) if is_plain else Kind.TEXT), event.anchor)

    def _take_alias(self, event: Any) -> None:  # noqa: ANN401  # see the module's docstring
        self._attach(self._aliased(event.anchor))

    def _finish(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        self._attach(node)

    def _aliased(self, anchor: str) -> Node:
        node = self._anchors.get(anchor)
        if node is not None:
            return node
        inside = any(opened.anchor == anchor for opened in self._open)
        found = "an alias inside its own anchor" if inside else "an alias without an anchor before it"
        self._problem(f"got {found}, *{anchor[:60]}; write the value out")
        return Scalar(self.line, "", Kind.NOTHING)

    def _attach(self, node: Node) -> None:
        """Put a finished node where it belongs: as the root, an item, a key or a value."""
        if not self._open:
            self.root = node
            return
        self._check_depth(node.height)
        parent = self._open[-1]
        if parent.is_mapping and parent.key is None and not parent.discards:
            self._take_key(parent, node)
            return
        self._count(parent, node)
        if not parent.is_mapping:
            parent.items.append(node)
            return
        if parent.key is not None and not parent.discards:
            parent.characters += parent.key.characters
            parent.entries[parent.key.text] = Entry(parent.key.text, parent.key.line, node)
        parent.key = None
        parent.discards = False

    def _take_key(self, parent: _Open, node: Node) -> None:
        if not isinstance(node, Scalar):
            self._problem("a key must be a word, not a list or a mapping", line=node.line)
            parent.discards = True
            return
        parent.key = node
        if node.text == _MERGE_KEY:
            self._problem("merge keys are not read; write the values out", line=node.line)
            parent.discards = True
        elif first := parent.entries.get(node.text):
            self._problem(f"the key stands twice, first on line {first.line}; keep one of them", line=node.line)
            parent.discards = True

    def _count(self, parent: _Open, node: Node) -> None:
        parent.nodes += node.nodes
        parent.characters += node.characters
        parent.height = max(parent.height, node.height + 1)
        if parent.nodes > MAX_NODES or parent.characters > MAX_CHARACTERS:
            limit = f"{MAX_NODES:,} values or {MAX_CHARACTERS // 1024 // 1024} MB of text"
            message = f"holds more than {limit} once its aliases are written out; use fewer of them"
            raise UnreadableError(Problem(self.line, self._path(), message))

    def _check_depth(self, below: int) -> None:
        if len(self._open) + below > MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels; a declaration needs eight"
            raise UnreadableError(Problem(self.line, "", message))

    def _refuse_tag(self, event: Any) -> None:  # noqa: ANN401  # see the module's docstring
        if event.tag:
            self._problem(f"tags are not read, got {quoted(str(event.tag))}; remove it")

    def _path(self) -> str:
        steps = (opened.step() for opened in self._open)
        return dotted([step for step in steps if step is not None])

    def _problem(self, message: str, line: int = 0) -> None:
        self.problems.append(Problem(line or self.line, self._path(), message))
