# SPDX-License-Identifier: Apache-2.0
"""Whatever a file holds, the loader answers with a federation or with `DeclarationError`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from federation.errors import DeclarationError
from federation.loader import loads
from federation.model import Federation
from tests.builders.declarations import DECLARATION

pytestmark = pytest.mark.thorough

SHIPPED = (Path(__file__).parents[3] / "federation.yaml").read_text(encoding="utf-8").splitlines()
PIECES = [
    *"[]{}:,-?!&*|>'\"%@`#~\\\t\n ",
    ": ",
    "- ",
    "---\n",
    "...\n",
    "&a ",
    "*a",
    "<<: *a",
    "!!python/object:os.system ",
    "!t ",
    "%YAML 9.9\n---\n",
    "%TAG ! tag:x,1:\n---\n",
    '"\\UFFFFFFFF"',
    '"\\uD800"',
    '"\\x00"',
    "null",
    "true",
    "0x1F",
    ".inf",
    "2026-08-12",
    "1e999",
    "\x85",
    "\u2028",
    "\ufeff",
    "😀",
    "| 9",
    ">-\n",
]


def answers(text: bytes) -> None:
    """Load, and check that the answer is one of the two that there are."""
    try:
        answer: Federation | DeclarationError = loads(text, "federation.yaml")
    except DeclarationError as error:
        answer = error
    assert isinstance(answer, Federation) or answer.problems


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
@example(b'a: "\\UFFFFFFFF"')
@example(b"%YAML 99999999999999999999.1\n---\na: b")
@example(b"? ? ? ?\n: :\n")
@example(b"a: !<tag:%C3> b")
def test_answers_to_any_bytes(text: bytes) -> None:
    """Bytes of any sort."""
    answers(text)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=30).map("".join))
def test_answers_to_anything_like_yaml(text: str) -> None:
    """Pieces of YAML in any order."""
    answers(text.encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=200)
@given(
    at=st.integers(min_value=0, max_value=len(DECLARATION)),
    cut=st.integers(min_value=0, max_value=12),
    piece=st.sampled_from(PIECES) | st.text(max_size=4),
)
def test_answers_to_a_changed_declaration(at: int, cut: int, piece: str) -> None:
    """A small declaration with something cut out and something put in."""
    answers((DECLARATION[:at] + piece + DECLARATION[at + cut :]).encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=25)
@given(
    line=st.integers(min_value=0, max_value=len(SHIPPED) - 1),
    column=st.integers(min_value=0, max_value=80),
    piece=st.sampled_from(PIECES),
    lines=st.integers(min_value=0, max_value=5),
)
def test_answers_to_the_changed_shipped_declaration(line: int, column: int, piece: str, lines: int) -> None:
    """The declaration that ships, with something put in and lines taken out."""
    changed = SHIPPED[line][:column] + piece + SHIPPED[line][column:]
    answers("\n".join([*SHIPPED[:line], changed, *SHIPPED[line + 1 + lines :]]).encode())
