# SPDX-License-Identifier: Apache-2.0
"""What is said where there is no container engine; what one does is tested with one (`tests/containers/`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from testbed.stacks.compose.engine import unusable

Run = Callable[..., Result]


def up(run: Run, small_federation: Path, state: Path) -> Result:
    return run("up", "--stack", "compose", "--detach", "--federation", small_federation, "--state", state)


def test_says_that_no_engine_answers(run: Run, small_federation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`up` ends with 3 and says what to do; nothing is written."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no-such.sock")

    result = up(run, small_federation, tmp_path / "state")

    assert result.exit_code == 3
    assert result.stderr.startswith("no container engine answers; install and start Docker (docs/containers.md)")
    assert not (tmp_path / "state").exists()


def test_says_that_an_engine_is_not_this_users():
    """An engine without permission is another trouble than none, with another way out."""
    assert "join the group docker" in str(unusable(PermissionError(13, "Permission denied")))
    assert "install and start Docker" in str(unusable(FileNotFoundError(2, "No such file or directory")))


def test_says_what_is_wrong_with_the_declaration_first(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A declaration is read before any engine is asked for."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no-such.sock")
    declaration = tmp_path / "federation.yaml"
    declaration.write_text("services: 7\n", "utf-8")

    result = up(run, declaration, tmp_path / "state")

    assert (result.exit_code, "services" in result.stderr) == (2, True)


def test_finds_no_stack_where_none_was_brought_up(run: Run, small_federation: Path, tmp_path: Path):
    """A login in containers needs a stack from this state folder."""
    options = ["--federation", small_federation, "--state", tmp_path / "state"]

    result = run("login", "demo_u0001", "--stack", "compose", *options)

    assert result.exit_code == 3
    assert "`testbed up --stack compose` starts one" in result.stderr
