# SPDX-License-Identifier: Apache-2.0
"""From bytes to a tree with lines: strict about what a declaration needs no YAML for, and bounded.

One UTF-8 document. Refused, each with its line: duplicate keys, tags, merge keys, keys that are no text, characters
that XML cannot carry, aliases without an anchor or inside their own (`federation.tree_builder` finds these); and where
nothing can be read at all: other encodings, control characters, text that is not YAML, a second document.

libyaml reads it, because a declaration of national size would take ruamel.yaml a few seconds; where libyaml gives up,
ruamel.yaml reads it or says more clearly why not. Neither decides what a word means: that is the tree builder's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from federation.document import Node
from federation.errors import Problem
from federation.suggestion import code_point, quoted
from federation.tree_builder import Event, TreeBuilder, UnreadableError

_LIBYAML: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's own parser where it was built without libyaml: slower, and the same otherwise."""
_NOT_IN_YAML: Final = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_document(content: bytes) -> tuple[Node | None, list[Problem]]:
    """Return the document and what is wrong with it as YAML; no document when it is empty or not whole."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return None, [Problem(line, "", f"not UTF-8: the byte 0x{content[error.start]:02x}; save the file as UTF-8")]
    if wrong := _NOT_IN_YAML.search(text):
        line = text.count("\n", 0, wrong.start()) + 1
        return None, [Problem(line, "", f"not YAML: the character {code_point(wrong[0])} is not allowed; remove it")]
    try:
        return _build(TreeBuilder(), yaml.parse(text, Loader=_LIBYAML))
    except yaml.YAMLError:
        return read_by_ruamel(text)


def _build(builder: TreeBuilder, events: Iterable[Event]) -> tuple[Node | None, list[Problem]]:
    try:
        for event in events:
            builder.take(event)
    except UnreadableError as error:
        return builder.root, [*builder.problems, error.problem]
    return builder.root, builder.problems


def read_by_ruamel(text: str) -> tuple[Node | None, list[Problem]]:
    """Return the same as `read_document`, seven times slower, and the clearer words where `text` is not YAML."""
    builder = TreeBuilder()
    try:
        return _build(builder, YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        return builder.root, [*builder.problems, _not_yaml(error)]
    except (YAMLError, ValueError, OverflowError) as error:
        # ruamel.yaml 0.19 lets a few escapes and directives out of range through to Python's own conversions
        return builder.root, [*builder.problems, Problem(builder.line, "", f"not YAML: {quoted(str(error))} near here")]


def _not_yaml(error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    what = " ".join(part for part in (error.context, error.problem) if part)
    if mark is None:
        return Problem(0, "", f"not YAML: {what}")
    return Problem(mark.line + 1, "", f"not YAML: {what} (column {mark.column + 1})")
