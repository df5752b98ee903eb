# SPDX-License-Identifier: Apache-2.0
"""Errors that a person can answer.

Every error raised on purpose derives from `TestbedError`: it says where, what was found, what was expected and
what to do next. The command line has the one place that turns it into words and an exit code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class TestbedError(Exception):
    """Something a person can put right; `str()` is the whole explanation and `exit_code` what a command ends with."""

    __test__ = False
    exit_code: ClassVar[int] = 1


class InputError(TestbedError):
    """What was given is wrong: a file, a flag, a message."""

    exit_code = 2


class MissingError(TestbedError):
    """Something the command needs is not there: a port, an engine, a browser, a running stack."""

    exit_code = 3


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of an input file.

    `line` counts from 1 (0 where there is none), `path` is the dotted place in the document, `message` says what was
    found, what was expected and what to do.
    """

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        """Return the problem as one line, without the file name."""
        place = f"line {self.line}  " if self.line else ""
        path = f"{self.path}: " if self.path else ""
        return f"{place}{path}{self.message}"


class DeclarationError(InputError):
    """A declaration that cannot be used; `problems` holds all of its faults, in the order of the file."""

    def __init__(self, source: str, problems: list[Problem]) -> None:
        """Keep `source` (the file's name) and its `problems`, sorted by line."""
        self.source = source
        self.problems = tuple(sorted(problems))
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"{source}: {count}", *(f"  {problem}" for problem in self.problems)]))
