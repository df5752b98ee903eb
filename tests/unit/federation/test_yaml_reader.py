# SPDX-License-Identifier: Apache-2.0
"""Two libraries read YAML for us; they must agree on every value, its kind and its line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from federation.document import Kind, Listing, Mapping, Node
from federation.yaml_reader import read_by_ruamel, read_document
from testbed.generate.declaration import Country, national_federation
from testbed.generate.yaml_text import declaration_text
from tests.builders.declarations import DECLARATION
from tests.builders.stacks import SHIPPED


def flattened(node: Node | None, path: str = "") -> Iterator[tuple[str, int, str, Kind | None]]:
    """Yield every value of a tree: where it is, its line, its text and its kind."""
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield f"{path}.{entry.key}", entry.line, "", None
            yield from flattened(entry.node, f"{path}.{entry.key}")
    elif isinstance(node, Listing):
        yield path, node.line, "", None
        for index, item in enumerate(node.items):
            yield from flattened(item, f"{path}[{index}]")
    elif node is not None:
        yield path, node.line, node.text, node.kind


GENERATED = declaration_text(national_federation(Country(providers=12, schools=90, people=3_000)), "x")
ODD = """\
plain: {number: 04647, quoted: '04647', "double": "a\\tb\\u00e4", empty: , null: ~, truth: true, date: 2026-08-12}
? long key
: |
  two
  lines
folded: >-
  one
  line
multi: a plain text
  over two lines
anchors: [&a x, *a, &b {c: d}, *b]
# a comment
"last": [1.5, -3, .inf, 0x10, "\\x41", 'it''s']
"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SHIPPED.read_text(encoding="utf-8"), id="the shipped declaration"),
        pytest.param(DECLARATION, id="a small one"),
        pytest.param(GENERATED, id="a generated one"),
        pytest.param(ODD, id="every form of a value"),
        pytest.param(ODD.replace("\n", "\r\n"), id="lines of Windows"),
    ],
)
def test_reads_the_same_by_either_library(text: str) -> None:
    """Places, lines, texts and kinds are equal, and neither finds a problem."""
    fast, problems = read_document(text.encode())
    slow, others = read_by_ruamel(text)

    assert list(flattened(fast)) == list(flattened(slow))
    assert (problems, others) == ([], [])
