# SPDX-License-Identifier: Apache-2.0
"""Each image holds the libraries that its part imports, all the way from its first module."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
OURS = {"federation", "certs", "party", "proxy", "idp_simulators", "sp_stub", "testbed", "loadtests"}
NAMED_IN_TEXT = re.compile(r'"((?:proxy|sp_stub|testbed|loadtests)(?:\.[a-z_]+)+)"')
"""Modules that are imported by name, where they are needed."""


def source_of(module: str) -> Path | None:
    """Return the file of one of our modules; None for a name in it."""
    path = ROOT.joinpath(*module.split("."))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def imported(source: Path) -> Iterator[str]:
    """Give what a module imports when it runs, by full names; what only types need is left out."""
    text = source.read_text("utf-8")
    waiting: list[ast.AST] = [ast.parse(text)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module.split(".")[0] in OURS)
        waiting += ast.iter_child_nodes(node)
    yield from NAMED_IN_TEXT.findall(text)


def libraries(first: str) -> set[str]:
    """Return the top-level names of others that are imported from our module `first` on."""
    seen, waiting, found = set[str](), [first], set[str]()
    while waiting:
        module = waiting.pop()
        top = module.split(".")[0]
        if top not in OURS:
            found.add(top)
        elif module not in seen:
            seen.add(module)
            source = source_of(module)
            waiting += [] if source is None else imported(source)
            waiting += [module.rpartition(".")[0]] if "." in module else []
    return found - set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    ("room", "first"),
    [
        ("proxy", "proxy.__main__"),
        ("idp_simulators", "idp_simulators.__main__"),
        ("sp_stub", "sp_stub.__main__"),
        ("testbed", "testbed.commands.render"),
        ("loadtests", "loadtests.command"),
        ("loadtests", "loadtests.locustfile"),
    ],
)
def test_holds_what_its_part_imports(room: str, first: str):
    """A library that a part begins to use is named in the part's dependency group, else its container does not start."""
    requirements = (ROOT / room / "requirements.txt").read_text("utf-8")
    pinned = {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", requirements, re.MULTILINE)}
    distributions = packages_distributions()

    lacking = {
        name
        for name in libraries(first)
        if not any(canonicalize_name(each) in pinned for each in distributions.get(name, [name]))
    }

    assert lacking == set()
    assert len(libraries(first)) >= 8
