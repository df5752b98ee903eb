# SPDX-License-Identifier: Apache-2.0
"""`up`, `status`, `down` as a person runs them: real processes, real signals, nothing left."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.builders.stacks import SHIPPED

more_than_a_smoke = pytest.mark.local

Testbed = Callable[..., subprocess.CompletedProcess[str]]

SECONDS = 60


@pytest.fixture
def state(tmp_path: Path, keys_folder: Path) -> Path:
    """Return a state folder that has the session's keys already."""
    for folder in ("keys", "secrets"):
        shutil.copytree(keys_folder / folder, tmp_path / "state" / folder)
    return tmp_path / "state"


@pytest.fixture
def testbed(state: Path) -> Iterator[Testbed]:
    """Run the command line as a process, on the test's own state folder; whatever runs at the end is stopped."""

    def run(verb: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 -- our own command line
            command(state, verb, *options), capture_output=True, text=True, timeout=SECONDS, check=False
        )

    yield run
    run("down")


@pytest.fixture
def port_base() -> int:
    """Return the first of four ports that are free now."""
    while True:
        # below the range that the kernel takes ports of outgoing connections from, and beside the other tests' stacks
        base = random.randrange(12_000, 20_000, 4)  # noqa: S311 -- a guess at free ports
        if not any(is_taken(port) for port in range(base, base + 4)):
            return base


def command(state: Path, verb: str, *options: str) -> list[str]:
    declaration = [] if verb in {"status", "down"} else ["--federation", str(SHIPPED)]
    return [sys.executable, "-m", "testbed", verb, "--state", str(state), *declaration, *options]


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def processes_of(state: Path) -> list[str]:
    """Return the command lines of the live processes that were started for this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_text()
            is_zombie = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            continue
        if str(state) in line and "launcher" in line and not is_zombie:
            found.append(line)
    return found


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def up(state: Path, port_base: int) -> Iterator[subprocess.Popen[str]]:
    """Run `up` in the foreground until it has said how to stop it."""
    with subprocess.Popen(  # noqa: S603 -- our own command line
        command(state, "up", "--port-base", str(port_base)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = iter(process.stdout.readline, "")
        assert any("stop: Ctrl-C" in line for line in said)
        yield process
        process.kill()


def test_runs_detached_until_it_is_told_to_stop(testbed: Testbed, state: Path, port_base: int) -> None:
    """`up --detach` returns when everything is ready for a login, and `down` leaves no process and no port."""
    started = testbed("up", "--detach", "--port-base", str(port_base))
    status = testbed("status", "--json")
    login = testbed("login", "demo_u0001", "--stack", "local", "--json")
    stopped = testbed("down")

    assert started.returncode == 0, started.stderr
    assert f"http://localhost:{port_base + 2}/kirjaudu" in started.stdout
    assert [(part["part"], part["status"]) for part in json.loads(status.stdout)["parts"]] == [
        ("proxy", "ok"),
        ("idp", "ok"),
        ("publisher", "ok"),
        ("portal", "ok"),
    ]
    assert json.loads(status.stdout)["control"] == {
        "page": f"http://localhost:{port_base + 1}/control",
        "token_file": str(state / "secrets/run-token"),
    }
    assert [(each["provider"], each["state"]) for each in json.loads(status.stdout)["secrets"]] == [
        ("suvantojoki", "ok"),
        ("hiidenlampi", "expired"),
    ]
    assert (json.loads(login.stdout)["outcome"], json.loads(login.stdout)["schools"]) == ("session", ["30076"])
    assert stopped.stdout == "stopped; no process is left\n"
    assert processes_of(state) == []
    assert [port for port in range(port_base, port_base + 4) if is_taken(port)] == []


@more_than_a_smoke
def test_keeps_what_people_did_to_the_owner(testbed: Testbed, state: Path, port_base: int) -> None:
    """Nobody else on the machine reads sessions, messages or logs, nor looks into a folder that `up` made."""
    shutil.rmtree(state)
    testbed("up", "--detach", "--port-base", str(port_base))
    testbed("login", "demo_u0001", "--stack", "local")

    written = [*(state / "data").iterdir(), *(state / "run").glob("*.log")]
    assert {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in written} == {
        path.name: "0o600" for path in written
    }
    assert {"proxy.sqlite", "publisher.sqlite", "portal.sqlite", "publisher.sqlite-wal"} <= {p.name for p in written}
    folders = (state, state / "data", state / "run", state / "keys", state / "secrets")
    assert [oct(stat.S_IMODE(folder.stat().st_mode)) for folder in folders] == ["0o700"] * len(folders)


@more_than_a_smoke
def test_believes_no_client_about_what_stands_in_front(testbed: Testbed, port_base: int) -> None:
    """Headers of a reverse proxy count for nothing, because there is none: the path stays what was asked for."""
    testbed("up", "--detach", "--port-base", str(port_base))
    headers = {"SCRIPT_NAME": "/idp", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}

    plain, dressed_up = (
        httpx.get(f"http://localhost:{port_base}/idp/profile/Logout", headers=h) for h in ({}, headers)
    )

    assert (dressed_up.status_code, dressed_up.text) == (plain.status_code, plain.text)
    assert dressed_up.status_code == httpx.codes.OK


@more_than_a_smoke
def test_moves_the_clock_of_a_part(testbed: Testbed, port_base: int) -> None:
    """A publisher ten minutes ahead asks from the future."""
    testbed("up", "--detach", "--port-base", str(port_base), "--clock", "publisher=+10m")

    result = testbed("login", "demo_u0001", "--stack", "local", "--expect", "refused:request-not-yet-valid")

    assert result.returncode == 0, result.stderr


@more_than_a_smoke
def test_says_that_it_runs_already(testbed: Testbed, up: subprocess.Popen[str], port_base: int) -> None:
    """A second `up` from the same folder changes nothing and ends with 3, whatever port it is given."""
    second = testbed("up", "--port-base", str(port_base + 100))

    assert second.returncode == 3
    assert f"already: http://localhost:{port_base + 2}" in second.stderr
    assert up.poll() is None


@more_than_a_smoke
def test_says_who_holds_a_port(testbed: Testbed, state: Path, port_base: int) -> None:
    """A taken port ends the start with 3 and the number of the process, and nothing runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port_base + 1))
        taken.listen()

        result = testbed("up", "--port-base", str(port_base))

    assert result.returncode == 3
    assert f"port {port_base + 1} is taken by process {os.getpid()} (" in result.stderr
    assert processes_of(state) == []


@more_than_a_smoke
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stops_everything_when_it_is_asked_to_end(
    up: subprocess.Popen[str], state: Path, port_base: int, number: signal.Signals
) -> None:
    """Ctrl-C, a plain kill and a closed terminal end `up` with 0, without processes or ports left."""
    up.send_signal(number)

    assert up.wait(SECONDS) == 0
    assert processes_of(state) == []
    assert [port for port in range(port_base, port_base + 4) if is_taken(port)] == []


@more_than_a_smoke
def test_leaves_nothing_when_it_is_killed(up: subprocess.Popen[str], state: Path) -> None:
    """The kernel tells the parts that their supervisor is gone."""
    up.kill()
    up.wait(SECONDS)

    wait_until(lambda: processes_of(state) == [])


@more_than_a_smoke
def test_ends_when_a_part_dies(up: subprocess.Popen[str], state: Path) -> None:
    """A part that is gone is named, and the others are stopped."""
    publisher = json.loads((state / "run/testbed.json").read_text())["parts"]["publisher"]["pid"]

    os.kill(publisher, signal.SIGKILL)

    assert up.wait(SECONDS) == 1
    assert processes_of(state) == []
