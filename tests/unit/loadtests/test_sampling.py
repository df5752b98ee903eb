# SPDX-License-Identifier: Apache-2.0
"""What processes have used, read from a /proc of our own."""

from __future__ import annotations

import os
from pathlib import Path

from loadtests.sampling import NOTHING, Usage, own_sample, usage_of, usage_of_sessions

TICKS = os.sysconf("SC_CLK_TCK")


def a_process(proc: Path, pid: int, session: int, seconds: int, kibibytes: int, files: int) -> None:
    """Write down a process whose name is an unpleasant one."""
    folder = proc / str(pid)
    (folder / "fd").mkdir(parents=True)
    for number in range(files):
        (folder / "fd" / str(number)).touch()
    user, system, buried = seconds * TICKS, TICKS, 2 * TICKS
    (folder / "stat").write_text(f"{pid} (a) b ) S 1 1 {session} 0 0 0 0 0 0 0 {user} {system} {buried} 0 20 0")
    (folder / "smaps_rollup").write_text(f"Rss: 99999 kB\nPss:  {kibibytes} kB\nPss_Dirty: 1 kB\n")


def test_a_process_counts_with_the_children_it_has_buried(tmp_path: Path) -> None:
    """A part that starts processes does not look cheap."""
    a_process(tmp_path, 10, session=10, seconds=5, kibibytes=2, files=3)

    assert usage_of(10, tmp_path) == Usage(8.0, 2048, 3)


def test_the_workers_of_a_part_count_with_it(tmp_path: Path) -> None:
    """Gunicorn's workers are in its session; other processes are not."""
    a_process(tmp_path, 10, session=10, seconds=5, kibibytes=2, files=3)
    a_process(tmp_path, 11, session=10, seconds=7, kibibytes=4, files=1)
    a_process(tmp_path, 20, session=20, seconds=9, kibibytes=8, files=1)

    found = usage_of_sessions([10, 30], tmp_path)

    assert found == {10: Usage(18.0, 6144, 4), 30: NOTHING}


def test_a_process_that_is_gone_used_nothing(tmp_path: Path) -> None:
    """It ended between two looks."""
    assert usage_of(10, tmp_path) == NOTHING


def test_the_generator_samples_itself() -> None:
    """A run says what it cost to generate."""
    sample = own_sample(-0.2, "0")

    assert (sample.at, sample.part) == (0.0, "generator-0")
    assert sample.cpu_seconds > 0
    assert sample.memory_bytes > 1_000_000
    assert sample.open_files > 2
