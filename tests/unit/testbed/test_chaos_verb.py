# SPDX-License-Identifier: Apache-2.0
"""What `testbed chaos` says without an engine; what it does is tested with one (`tests/containers/`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from testbed.chaos.faults import FAULTS

Run = Callable[..., Result]


def test_lists_every_fault_and_what_must_hold(run: Run):
    """For people a line each, for scripts an object each."""
    lines, document = run("chaos", "--list").stdout, json.loads(run("chaos", "--list", "--json").stdout)

    assert [line.split()[0] for line in lines.splitlines()] == [*(fault.name for fault in FAULTS), "mend"]
    assert document["faults"][0] == {
        "name": "kill-proxy",
        "sentence": "a replica of the proxy is killed, as by a machine that loses its power",
        "survives": "a login goes on at the other replica",
        "lasts": True,
    }


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param([], "NAME is missing: the name of a fault, or mend;", id="no name"),
        pytest.param(["kill-proxi"], 'there is none of this name; did you mean "kill-proxy"?', id="a slip"),
        pytest.param(["restart-proxies", "--for", "5s"], "--for: restart-proxies does not last", id="nothing to end"),
        pytest.param(["mend", "--for", "5s"], "--for: mend does not last", id="mending for a while"),
        pytest.param(["cut-data", "--for", "long"], "'long' is no span of time", id="no span"),
    ],
)
def test_ends_with_2_for_what_makes_no_sense(run: Run, options: list[str], says: str):
    """Before any engine is asked."""
    result = run("chaos", *options)

    assert (result.exit_code, says in result.stderr) == (2, True)


def test_ends_with_3_where_nothing_runs_in_containers(run: Run, small_federation: Path, tmp_path: Path):
    """The message says how to start it."""
    result = run("chaos", "kill-proxy", "--federation", small_federation, "--state", tmp_path / "state")

    assert result.exit_code == 3
    assert "`testbed up --stack compose` starts one" in result.stderr
