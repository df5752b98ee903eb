# SPDX-License-Identifier: Apache-2.0
"""What is said of a run while it runs."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from loadtests.progress import Progress, Tail
from loadtests.records import Record
from loadtests.run_folder import RunFolder, append
from loadtests.view import bar, view
from tests.builders.load_runs import run_of


def a_record(number: int, *, finished: float = 1.5, right: bool = True) -> Record:
    """Return a login that was to begin half a second before it ended."""
    return Record(number, "mansikkala", "ordinary", finished - 0.5, finished - 0.5, finished, is_right_outcome=right)


def test_reads_each_record_once_and_half_a_line_when_it_is_whole(tmp_path: Path) -> None:
    """The files grow while they are read."""
    folder = RunFolder(tmp_path)
    tail, second = Tail(folder), a_record(1).to_json()
    append(folder.records_path(0), [a_record(0).to_json()])
    with folder.records_path(0).open("a") as file:
        file.write(second[:20])
    first_look = list(tail.read())
    with folder.records_path(0).open("a") as file:
        file.write(second[20:] + "\n")

    second_look = list(tail.read())

    assert first_look == [a_record(0)]
    assert second_look == [a_record(0), a_record(1)]


def test_says_how_a_run_goes() -> None:
    """Rate and p95 are those of the last five seconds."""
    records = [a_record(number, finished=100 + number) for number in range(10)] + [a_record(10, right=False)]

    words = str(Progress.of(run_of(scheduled=400), records, 109.0))

    assert words.startswith("  109 of ")
    assert " · 11 of 400 logins · 1.0 a second · p95 0.50 s · 1 wrong" in words


def test_says_a_line_every_ten_seconds_where_there_is_no_terminal() -> None:
    """A log is to be read afterwards."""
    out = StringIO()
    with view(Console(file=out, width=200)) as show:
        for at in range(25):
            show(Progress(at, 30.0, 100, at, 0, 0, 1.0, None))

    lines = [line.split(" · ")[1] for line in out.getvalue().splitlines()]
    assert lines == ["10 of 100 logins", "20 of 100 logins"]


def test_the_bar_is_full_at_the_end() -> None:
    """A run may take longer than its schedule."""
    assert bar(Progress(45.0, 30.0, 1, 1, 0, 0, 0.0, None)) == "█" * 30
