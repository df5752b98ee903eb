# SPDX-License-Identifier: Apache-2.0
"""What the README prints is what is printed: its commands are typed here, and the output held against the page.

In the page `…` stands for what differs from run to run, and a line of it alone for any lines.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from federation.endpoints import Endpoints, Origins
from testbed.cli import main
from testbed.up import greeting
from tests.builders.stacks import SHIPPED, shipped_federation

README = SHIPPED.parent / "README.md"

_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def printed_after(command: str) -> str:
    """Return what the README prints after a command, up to the next one."""
    blocks = (block for block in _BLOCK.findall(README.read_text(encoding="utf-8")) if f"$ {command}\n" in block)
    after = next(blocks).partition(f"$ {command}\n")[2]
    return re.split(r"^\$ ", after, maxsplit=1, flags=re.MULTILINE)[0].rstrip()


def fits(printed: str, output: str) -> bool:
    """Return whether the output is what is printed, `…` aside."""
    pattern = re.escape(printed).replace(re.escape("…"), ".*?")
    return re.fullmatch(pattern, output.rstrip(), re.DOTALL) is not None


@pytest.mark.parametrize(
    ("printed", "output", "fit"),
    [
        ("taken in … ms", "taken in 85 ms\n", True),
        ("first\n…\nlast", "first\n1\n2\nlast\n", True),
        ("first\n…", "second\n1\n", False),
        ("all of it", "all of it and more\n", False),
    ],
)
def test_compares_what_is_printed_with_what_comes(printed: str, output: str, fit: bool):  # noqa: FBT001  # a row
    """Every word counts but where the page has `…`."""
    assert fits(printed, output) is fit


def test_a_login_prints_what_the_page_says(tmp_path: Path):
    """The refused login, hop by hop, with its exit code."""
    command = "testbed login demo_u0034 --expect refused:school-not-activated"

    result = CliRunner().invoke(
        main, [*shlex.split(command)[1:], "--federation", str(SHIPPED), "--state", str(tmp_path)]
    )

    assert result.exit_code == 0, result.output
    assert fits(printed_after(command), result.output), result.output


def test_up_greets_as_the_page_says(tmp_path: Path):
    """Addresses, people to try and how to stop stand in the first block as `up` gives them."""
    greeted = greeting(shipped_federation(), Endpoints(Origins.local()), tmp_path, tmp_path, is_detached=False)

    assert greeted.strip("\n") in printed_after("make up")


@pytest.mark.thorough
def test_the_first_apply_makes_as_many_files_as_the_page_says(tmp_path: Path):
    """Keys, secrets and files of a fresh state folder."""
    result = CliRunner().invoke(main, ["apply", "--federation", str(SHIPPED), "--state", str(tmp_path / ".testbed")])

    (line,) = (line for line in printed_after("make up").splitlines() if "keys made" in line)
    assert fits(line, result.output), result.output
