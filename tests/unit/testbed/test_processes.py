# SPDX-License-Identifier: Apache-2.0
"""Processes are known by id and start time, and stopped with everything they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace

from testbed.stacks.processes import Process, stop

MARKER = "marker-of-this-test"

STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
other = os.fork()
if other:
    print(other, flush=True)
time.sleep(60)
"""


def start(program: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start a program that prints a number when it is up; return both."""
    command = [sys.executable, "-c", program, MARKER]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)  # noqa: S603 -- written here
    assert child.stdout is not None
    return child, int(child.stdout.readline())


def test_does_not_take_another_process_for_its_own():
    """An id that was given out anew has another start time."""
    this = Process.of(os.getpid())

    assert this is not None
    assert this.is_alive()
    assert not replace(this, started=this.started + 1).is_alive()


def test_stops_a_group_that_does_not_listen():
    """SIGTERM is ignored by the leader and its child; SIGKILL follows after the grace period."""
    child, other = start(STUBBORN)
    with child:
        leader = Process.of(child.pid)
        assert leader is not None

        stop([leader], MARKER, grace_seconds=0.2)

        assert [Process.of(child.pid), Process.of(other)] == [None, None]


def test_stops_what_is_left_of_a_group_whose_leader_is_gone():
    """The leader was killed; its child is found by session and command line."""
    child, other = start(STUBBORN)
    with child:
        leader = Process.of(child.pid)
        assert leader is not None
        os.kill(child.pid, signal.SIGKILL)
        child.wait()

        stop([leader], MARKER, grace_seconds=0.1)

        assert Process.of(other) is None


def test_leaves_a_stranger_alone():
    """A process that was given the id of one of ours is not touched."""
    child, _ = start("import time; print(0, flush=True); time.sleep(60)")
    with child:
        stranger = Process.of(child.pid)
        assert stranger is not None

        stop([replace(stranger, started=stranger.started - 1)], "another-marker", grace_seconds=0.1)

        assert child.poll() is None
        child.kill()
