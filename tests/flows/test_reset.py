# SPDX-License-Identifier: Apache-2.0
"""`testbed reset` on a testbed that runs: it goes on, and nobody is left of those who were there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from testbed.cli import main
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from tests.builders import stacks


@pytest.mark.local
def test_leaves_a_running_testbed_as_declared(tmp_path: Path, keys_folder: Path) -> None:
    """Sessions of both services are gone, no process had to be stopped, and people sign in as before."""
    federation, state = stacks.shipped_federation(), tmp_path / "state"
    person = find_person(federation, "demo_u0031")
    with stacks.local(federation, state, keys_folder) as stack:
        before = [login(stack, LoginPlan(person, service)).outcome for service in ("publisher", "portal")]
        told = CliRunner().invoke(main, ["reset", "--state", str(state), "--yes", "--json"], catch_exceptions=False)
        left = CliRunner().invoke(main, ["reset", "--state", str(state), "--json"], catch_exceptions=False)
        after = [login(stack, LoginPlan(person, service)).outcome for service in ("publisher", "portal")]

    cleared = {(each["part"], each["kind"]) for each in json.loads(told.stdout)["cleared"]}
    assert {("publisher", "sessions"), ("portal", "sessions")} <= cleared
    assert json.loads(left.stdout) == {"cleared": []}
    assert before == after == ["session", "session"]
