# SPDX-License-Identifier: Apache-2.0
"""Columns for the terminal."""

from __future__ import annotations

from testbed.columns import columns, listed, printable


def test_aligns_all_columns_but_the_last():
    """Nothing is cut, and no line ends in spaces."""
    assert columns([("a", "bb", "c"), ("aaa", "b", "")]) == "  a    bb  c\n  aaa  b"


def test_puts_each_value_on_a_line():
    """A name stands beside its first value."""
    assert listed([("role", ["x", "y"]), ("uid", ["z"])]) == "  role  x\n        y\n  uid   z"


def test_writes_nothing_for_no_rows():
    """No rows, no lines."""
    assert columns([]) == ""


def test_writes_out_what_would_steer_a_terminal():
    """An escape sequence of a message is shown, not obeyed; letters of all kinds stay."""
    assert printable("å\x1b[31m\n") == "å\\x1b[31m\\x0a"
