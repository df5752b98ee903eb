# SPDX-License-Identifier: Apache-2.0
"""Every command that a page names can be typed: its verb exists, and its options are the verb's."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from loadtests.command import load_group
from testbed.cli import main
from testbed.commands.load import load

ROOT = Path(__file__).resolve().parents[3]
PAGES = (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))

HANDED_ON: Final[dict[click.Command, click.Command]] = {load: load_group}
"""Verbs that hand their words on to a process, and the commands there."""

_IN_PROSE = re.compile(r"`testbed ([a-z][^`]*)`")
_TYPED = re.compile(r"^\$ (?:\S*/)?testbed (.+?)(?:\s{2,}#.*)?$", re.MULTILINE)
_OPTION = re.compile(r"--[a-z][a-z-]*")


def named_commands() -> Iterator[tuple[str, str]]:
    """Give each page's name and what stands behind `testbed` there."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        yield from ((path.name, words) for words in (*_IN_PROSE.findall(text), *_TYPED.findall(text)))


def unknown_words(words: str) -> list[str]:
    """Return what of a command line the command line does not know: a verb, a verb's verb, options."""
    context = click.Context(main, info_name="testbed")
    command: click.Command = main
    for word in shlex.split(words):
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        found = {each: command.get_command(context, each) for each in word.split("|")}
        missing = [each for each, verb in found.items() if verb is None]
        if missing:
            return missing
        command = next(verb for verb in found.values() if verb is not None)
        command = HANDED_ON.get(command, command)
    known = {"--help", "--version", *(option for parameter in command.params for option in parameter.opts)}
    return sorted(set(_OPTION.findall(words)) - known)


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("login demo_u0001 --stack local --json", []),
        ("logn demo_u0001", ["logn"]),
        ("up --stak local", ["--stak"]),
        ("fault set|lst|clear", ["lst"]),
        ("fault set wrong-audience --until-cleared", []),
        ("load first-bell --start", []),
        ("load steady --strat", ["--strat"]),
    ],
)
def test_tells_a_command_that_does_not_exist(words: str, unknown: list[str]):
    """A verb, the verb of a verb, an option."""
    assert unknown_words(words) == unknown


def test_every_command_that_a_page_names_can_be_typed():
    """A reader who copies it gets no usage error."""
    found = [(page, words, unknown_words(words)) for page, words in named_commands()]

    assert [each for each in found if each[2]] == []
    assert len(found) > 60, "the patterns find what is named"
