# SPDX-License-Identifier: Apache-2.0
"""Load runs as a person starts them, and what they leave behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from loadtests.run_folder import RunFolder

ROOT: Final = Path(__file__).parents[2]


def begun(state: Path, *arguments: str, tree: Path = ROOT) -> subprocess.Popen[str]:
    """Return a run of `testbed load` from a tree, under way."""
    return subprocess.Popen(  # noqa: S603 -- our own command, arguments written here
        [sys.executable, "-m", "testbed", "load", *arguments, "--state", str(state)],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def run_folder(state: Path) -> RunFolder:
    """Return the one run's folder."""
    (path,) = (state / "load").iterdir()
    return RunFolder(path)


def report(state: Path) -> dict[str, Any]:
    """Return the one run's report."""
    document: dict[str, Any] = json.loads((run_folder(state).path / "report.json").read_text("utf-8"))
    return document
