# SPDX-License-Identifier: Apache-2.0
"""A load run from containers: one master, two workers, and the report copied out. A few logins only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtests.run_folder import RunFolder
from testbed.stacks.compose.project import ComposeOptions, Project
from testbed.stacks.compose.start import bring_up
from tests.builders import containers
from tests.builders.loopback_process import free_port
from tests.builders.stacks import SHIPPED

pytestmark = pytest.mark.containers


def test_a_master_and_two_workers_send_people_through_the_balancer(tmp_path: Path):
    """Each worker does its own part, everybody is seen as themselves, and the report comes out of the container."""
    engine = containers.engine()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LOAD_SCENARIO", "steady")
        environment.setenv("LOAD_OPTIONS", "--peak 1 --minutes 0.2")
        project = Project(tmp_path / "state", ComposeOptions(str(SHIPPED), port=free_port()))
        load = ("--profile", "load")
        try:
            bring_up(project, engine, lambda _words: None)
            started, said = project.run(*load, "up", "--build", "--detach", "--scale", "load-worker=2", "load-worker")
            assert started == 0, said
            project.run(*load, "wait", "load-master")
            _, log = project.run(*load, "logs", "--no-color", "load-master")
            copied, said = project.run(*load, "cp", "load-master:/state/load", str(tmp_path))
        finally:
            engine.remove(project.name)

    assert copied == 0, f"{said}\n{log}"
    (path,) = (tmp_path / "load").iterdir()
    run, records = RunFolder(path).read_run(), RunFolder(path).records()
    report = json.loads((path / "report.json").read_text("utf-8"))
    assert (run.ended_early, run.invalid_because, run.workers) == (False, None, 2), log
    assert [record.number for record in records] == list(range(run.scheduled))
    assert {record.worker for record in records} == {0, 1}
    assert (report["wrong_session"], report["wrong_outcome"]) == (0, 0)
