# SPDX-License-Identifier: Apache-2.0
"""When requirements.txt is in step with pyproject.toml."""

import tomllib

import pytest

from tests.builders.scripts import ci_script

requirements = ci_script("requirements")

PROJECT = """
[build-system]
requires = ["setuptools>=77"]
[project]
dependencies = ["Flask>=3.1", "lxml>=6.1.3"]
[dependency-groups]
test = ["pytest>=9"]
dev = [{ include-group = "test" }, "ruff>=0.14"]
"""
ASKED = ["Flask>=3.1", "lxml>=6.1.3", "pytest>=9", "ruff>=0.14", "setuptools>=77"]
COMPILED = """\
# compiled from pyproject.toml: sha256 f0ae5e552f87cdfe52c996a82fc634c9518428aee6cd7a4cf7f85d8fed803dbc
flask==3.1.3 \\
    --hash=sha256:00
lxml==6.1.3 \\
    --hash=sha256:00
pytest==9.2.0 \\
    --hash=sha256:00
ruff==0.17.6 \\
    --hash=sha256:00
setuptools==84.2.1 \\
    --hash=sha256:00
"""


def test_asks_for_everything_that_is_installed() -> None:
    """Build, run time, and the dev group with the groups it includes."""
    assert requirements.inputs(tomllib.loads(PROJECT)) == ASKED


def test_a_file_in_step_has_no_problems() -> None:
    """The digest fits, every pin satisfies what is asked for."""
    assert requirements.problems(ASKED, COMPILED) == []


@pytest.mark.parametrize(
    ("compiled", "expected"),
    [
        pytest.param(
            COMPILED.replace("sha256 f0", "sha256 00"),
            ["requirements.txt was not compiled from this pyproject.toml; run `make requirements`"],
            id="compiled from something else",
        ),
        pytest.param(
            COMPILED.replace("lxml==6.1.3", "lxml==6.0.0"),
            ["lxml: pinned to 6.0.0, pyproject.toml asks for >=6.1.3"],
            id="a pin that is too old",
        ),
        pytest.param(
            COMPILED.replace("flask==", "flask-x=="), ["Flask: is not pinned in requirements.txt"], id="a pin missing"
        ),
        pytest.param(
            "--index-url https://packages.example/simple\n" + COMPILED,
            ["requirements.txt names an address; where packages come from is the machine's own setting"],
            id="an address",
        ),
    ],
)
def test_finds_what_is_out_of_step(compiled: str, expected: list[str]) -> None:
    """One line for each fault."""
    assert requirements.problems(ASKED, compiled) == expected


def test_an_empty_file_lacks_everything() -> None:
    """A fresh checkout without requirements.txt."""
    assert len(requirements.problems(ASKED, "")) == 6
