# SPDX-License-Identifier: Apache-2.0
"""Whole load runs, as a person starts them: short ones, on a testbed that was started for them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.builders.load_commands import ROOT, begun, report, run_folder
from tests.builders.loopback_process import free_port

pytestmark = pytest.mark.local

PLANTED = ROOT / "tests" / "mutants" / "values-of-the-person-beside.patch"
SMALL = ("--start", "--providers", "6", "--schools", "20")
PARTS = ("federation", "certs", "party", "proxy", "idp_simulators", "sp_stub", "testbed", "loadtests")


def no_process_is_left(command_line: str) -> bool:
    """Tell whether no process has `command_line` in its own; what is ending has a moment."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not any(command_line in text for text in _command_lines()):
            return True
        time.sleep(0.1)
    return False


def _command_lines() -> Sequence[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(entry.read_text("utf-8", "replace"))
        except OSError:
            continue
    return found


def test_a_master_and_two_workers_do_the_whole_schedule_once(tmp_path: Path) -> None:
    """Everybody comes, ends as the model says, and is seen by the service as themselves; nothing is left running."""
    process = begun(tmp_path, "steady", *SMALL, "--peak", "4", "--minutes", "0.1", "--workers", "2")
    output, _ = process.communicate(timeout=150)

    folder = run_folder(tmp_path)
    run, records = folder.read_run(), folder.records()
    assert process.returncode in {0, 1}, output  # a budget may break on a machine that is busy
    assert [record.number for record in records] == list(range(run.scheduled))
    assert {record.worker for record in records} == {0, 1}
    assert (run.ended_early, run.invalid_because, run.workers) == (False, None, 2)
    assert report(tmp_path)["wrong_session"] == 0
    assert {sample.part for sample in folder.samples()} == {
        *("proxy", "idp", "publisher", "portal"),
        *("generator-0", "generator-1", "generator-master"),
    }
    assert no_process_is_left(str(tmp_path))


def test_takes_workers_that_come_from_elsewhere(tmp_path: Path) -> None:
    """A master that listens begins once no further worker comes, and each of them does its own part."""
    port = free_port()
    arguments = ("steady", *SMALL, "--peak", "4", "--minutes", "0.1", "--listen", f"127.0.0.1:{port}")
    process = begun(tmp_path, *arguments)
    command = [sys.executable, "-m", "locust", "-f", str(ROOT / "loadtests" / "locustfile.py"), "--worker"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    workers = [
        subprocess.Popen(  # noqa: S603 -- our own command, arguments written here
            [*command, "--master-host", "127.0.0.1", "--master-port", str(port)],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    output, _ = process.communicate(timeout=150)

    run = run_folder(tmp_path).read_run()
    assert process.returncode in {0, 1}, output  # a budget may break on a machine that is busy
    assert (run.ended_early, run.invalid_because, run.workers) == (False, None, 2)
    assert {record.worker for record in run_folder(tmp_path).records()} == {0, 1}
    assert [worker.wait(20) for worker in workers] == [0, 0]


def test_ctrl_c_ends_a_run_early_with_its_report(tmp_path: Path) -> None:
    """What has ended by then counts, and no process is left."""
    process = begun(tmp_path, "steady", *SMALL, "--peak", "5")
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline and not list(tmp_path.glob("load/*/records-0.jsonl")):
        time.sleep(0.1)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)

    found = report(tmp_path)
    assert process.returncode in {0, 1}, output
    assert found["ended_early"] is True
    assert found["invalid_because"] is None
    assert 0 < found["logins"] < found["scheduled"]
    assert no_process_is_left(str(tmp_path))


def test_one_dead_identity_provider_leaves_all_others_right(tmp_path: Path) -> None:
    """Its own people get no further than their login page, everybody else ends as the model says."""
    process = begun(tmp_path, "steady", *SMALL, "--peak", "5", "--minutes", "0.2", "--trouble", "idp-dead@0.4")
    output, _ = process.communicate(timeout=150)

    (trouble,) = report(tmp_path)["trouble"]
    assert process.returncode == 1, output
    assert trouble["what"] == "idp-dead"
    assert trouble["others_after"]["logins"] > 0
    assert trouble["others_after"]["wrong_outcome"] == 0
    assert trouble["others_after"]["wrong_session"] == 0
    failed = [record for record in run_folder(tmp_path).records() if record.failure is not None]
    assert {(record.provider, record.failure) for record in failed} == {(trouble["where"], "connection at home-page")}


def test_a_variable_that_logins_share_is_found(tmp_path: Path) -> None:
    """The fault of November 2019: what a step knows of a person is kept where two logins share it. The run ends at once."""
    tree, state = tmp_path / "tree", tmp_path / "state"
    for part in PARTS:
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    # /tmp may lie in somebody's checkout, which is none of this tree's
    alone = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    subprocess.run(["git", "apply", str(PLANTED)], cwd=tree, check=True, env=alone)  # noqa: S603, S607 -- as above

    process = begun(state, "steady", *SMALL, "--peak", "30", tree=tree)
    output, _ = process.communicate(timeout=200)

    found = report(state)
    assert process.returncode == 1, output
    assert "SOMEBODY ELSE'S" in output
    assert found["wrong_session"] >= 1
    assert found["ended_early"] is True


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(("first-belll",), 2, "No such command", id="a scenario that there is not"),
        pytest.param(("steady", "--peak", "0"), 3, "no testbed runs from", id="nothing runs"),
        pytest.param(("steady", "--trouble", "idp-slwo"), 2, "did you mean", id="a trouble that there is not"),
        pytest.param(("steady", "--target", "load.example"), 2, "--token", id="a target without its token"),
        pytest.param(("steady", "--listen", "5557"), 2, "an address and a port", id="nowhere to listen"),
        pytest.param(("report", "nowhere"), 2, "run.json", id="a folder that is no run's"),
        pytest.param(("capacity", "--first", "90", "--highest", "10"), 2, "the first not above", id="no stair"),
    ],
)
def test_says_what_is_wrong_and_begins_nothing(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    """Exit codes as everywhere: 2 the input is wrong, 3 something is missing."""
    state = () if arguments[0] == "report" else ("--state", str(tmp_path))
    result = subprocess.run(  # noqa: S603 -- as above
        [sys.executable, "-m", "testbed", "load", *arguments, *state],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (result.returncode, says in result.stderr) == (code, True), result.stderr
    assert not (tmp_path / "load").exists()
