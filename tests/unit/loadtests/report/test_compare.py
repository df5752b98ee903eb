# SPDX-License-Identifier: Apache-2.0
"""Better, worse or noise, from several runs with their spread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from federation.errors import InputError
from loadtests.report.assembly import report_of
from loadtests.report.compare import compare
from loadtests.report.document import LatencyFigures, NoiseBand, Report
from loadtests.report.recorded import RecordedRun
from loadtests.report.stored import read_report
from tests.builders.load_runs import records_of, run_of, samples_of

RUN = run_of()
RECORDS = records_of(RUN, strength=60.0)
REPORT = report_of(RecordedRun(RUN, tuple(RECORDS), tuple(samples_of(RECORDS, 125)), "0" * 64))


def run_with(seconds: float, **changes: object) -> Report:
    """Return a run whose login took so long: p95 so many seconds, half of it p50, twice p99, a narrow noise band."""
    latency = LatencyFigures(count=815, p50=seconds / 2, p95=seconds, p99=2 * seconds, longest=3 * seconds)
    noise = NoiseBand(low=seconds * 0.97, high=seconds * 1.03)
    return REPORT.model_copy(update={"latencies": {**REPORT.latencies, "login": latency}, "noise": noise, **changes})


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        pytest.param((1.0, 1.1, 1.2), (1.0, 1.15, 1.3), "noise", id="the spreads overlap"),
        pytest.param((1.0, 1.1, 1.2), (1.3, 1.4, 1.5), "worse", id="every run took longer than any before"),
        pytest.param((1.3, 1.4, 1.5), (1.0, 1.1, 1.2), "better", id="every run took less than any before"),
        pytest.param((1.0, 1.01, 1.02), (1.03, 1.04, 1.05), "noise", id="apart, and by less than 5 %"),
        pytest.param((1.0,), (1.15,), "noise", id="a single run, and less than 20 %"),
        pytest.param((1.0,), (1.3,), "worse", id="a single run, and more than 20 %"),
        pytest.param((0.004,), (0.006,), "noise", id="two milliseconds are nothing"),
    ],
)
def test_tells_better_and_worse_from_noise(before: Sequence[float], after: Sequence[float], change: str):
    """By spreads that have nothing in common, and medians that are far enough apart."""
    comparison = compare([run_with(seconds) for seconds in before], [run_with(seconds) for seconds in after])

    assert comparison.change == change
    assert comparison.exit_code == (1 if change == "worse" else 0)


def test_a_single_runs_p95_has_its_own_noise():
    """A third more is nothing where the run's band reaches it."""
    wide = run_with(1.0, noise=NoiseBand(low=0.7, high=1.4))
    comparison = compare([wide], [run_with(1.38)])

    (row,) = [row for row in comparison.rows if row.name == "login p95"]
    assert (row.change, row.before.low, row.before.high) == ("noise", 0.7, 1.4)


def test_one_wrong_session_is_worse_whatever_else_became_better():
    """A step back is not made good by a step forward."""
    comparison = compare([run_with(2.0)] * 3, [run_with(1.0, wrong_session=1)] * 3)

    changes = {row.name: row.change for row in comparison.rows}
    assert (changes["wrong_session"], changes["login p95"], comparison.change) == ("worse", "better", "worse")


def test_more_logins_a_second_are_better():
    """Of a capacity search the rate that held decides."""
    before, after = ([run_with(1.0, held_per_second=rate + n) for n in range(3)] for rate in (40.0, 60.0))

    assert compare(before, after).change == "better"


def test_a_part_that_costs_more_is_shown_and_decides_nothing():
    """People do not feel milliseconds of CPU."""
    parts = {**REPORT.parts, "proxy": REPORT.parts["proxy"].model_copy(update={"cpu_ms_per_login": 12.0})}
    comparison = compare([run_with(1.0)] * 3, [run_with(1.0, parts=parts)] * 3)

    assert [row.name for row in comparison.rows if row.change == "worse"] == ["proxy CPU"]
    assert comparison.change == "noise"


def test_says_it_in_lines_with_the_spread():
    """The figures of both sides, what else differs, and the word at the end."""
    lines = compare(
        [run_with(seconds) for seconds in (1.0, 1.1, 1.2)],
        [run_with(seconds, stack="compose") for seconds in (1.3, 1.4, 1.5)],
    ).lines

    assert "login p95              1.1 s (1 s – 1.2 s)        1.4 s (1.3 s – 1.5 s)      worse" in lines
    assert lines[-2:] == ("note: the runs are of different stacks", "worse")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param([], [REPORT], "at least one run", id="a side is empty"),
        pytest.param([REPORT], [run_with(1.0, scenario="spike")], 'another scenario .*"spike"', id="another scenario"),
        pytest.param([REPORT], [run_with(1.0, peak=48.0)], 'another peak .*"48', id="another peak"),
        pytest.param([REPORT], [run_with(1.0, points=[])], "another points", id="another shape"),
        pytest.param(
            [REPORT], [run_with(1.0, valid=False, invalid_because="no login ended")], "no login ended", id="not valid"
        ),
    ],
)
def test_refuses_what_cannot_be_compared(before: list[Report], after: list[Report], says: str):
    """With the run and the reason."""
    with pytest.raises(InputError, match=says):
        compare(before, after)


def test_reads_a_report_from_its_file_or_its_folder(tmp_path: Path):
    """Either names the run."""
    (tmp_path / "report.json").write_text(REPORT.model_dump_json())

    assert read_report(tmp_path) == read_report(tmp_path / "report.json") == REPORT


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "cannot be read"),
        ("{", "the file: Invalid JSON"),
        ("{}", "format: Field required; another version"),
        (REPORT.model_dump_json().replace('"format":1', '"format":2'), "format: Input should be 1"),
    ],
)
def test_says_what_is_wrong_with_a_report(tmp_path: Path, text: str | None, says: str):
    """File, key, what was expected."""
    if text is not None:
        (tmp_path / "report.json").write_text(text)

    with pytest.raises(InputError, match=rf"report\.json: {says}"):
        read_report(tmp_path)
