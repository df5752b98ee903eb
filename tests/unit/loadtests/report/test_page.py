# SPDX-License-Identifier: Apache-2.0
"""`report.html`: fetches nothing, runs nothing, shows what the document says, and escapes what it was given."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from loadtests.report import wording
from loadtests.report.assembly import report_of
from loadtests.report.palette import VARIABLES
from loadtests.report.pictures import thinned, times_taken, together
from loadtests.report.recorded import RecordedRun
from loadtests.report.slices import slices, width_for
from loadtests.report.writing import report_files
from loadtests.shapes import Shape
from tests.builders.load_runs import RECORD, dead, records_of, run_of, samples_of, trouble

ROOT = Path(__file__).resolve().parents[4]
HOSTILE = '<script>alert("$1^2$")</script> & \N{LATIN SMALL LETTER A WITH DIAERESIS}'


@pytest.fixture(scope="module")
def page() -> str:
    """Return the page of a morning on which something was amiss everywhere."""
    run = run_of(trouble=(trouble(60.0, HOSTILE, "vesilahti"),), versions={HOSTILE: "1"})
    records = dead(records_of(run, strength=20.0), "vesilahti", 60.0)
    records[7] = replace(records[7], failure=HOSTILE, provider=HOSTILE, is_right_outcome=False)
    recorded = RecordedRun(run, tuple(records), tuple(samples_of(records, 125)), "0" * 64)
    return report_files(report_of(recorded), recorded)["report.html"].decode()


def test_fetches_and_runs_nothing(page: str):
    """No address but the targets' names as text, no script, and a policy that allows none."""
    assert not re.search(r"<(script|link|iframe|object|embed|img|base|form)\b", page)
    assert not re.search(r"\bon[a-z]+=|@import|url\((?!#)", page)
    assert set(re.findall(r'(?:href|src)="([^"]*)"', page)) - {"#content"} == set(
        re.findall(r'xlink:href="(#[^"]*)"', page)
    )
    assert "default-src 'none'" in page


def test_escapes_what_it_was_given(page: str):
    """In words and in pictures; nothing of it is read as a formula."""
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "$1^2$" in page


def test_no_id_stands_twice(page: str):
    """Pictures lie beside one another in one document."""
    ids = Counter(re.findall(r'\bid="([^"]+)"', page))

    assert [one for one, count in ids.items() if count > 1] == []
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_pictures_take_their_colours_from_the_style(page: str):
    """Each stand-in became a variable that the style defines light, dark and for paper."""
    assert not re.search("|".join(VARIABLES), page)
    style = page[page.index("<style>") : page.index("</style>")]
    for variable in VARIABLES.values():
        assert len(re.findall(rf"{variable}: #", style)) in (3, 2), variable


def test_every_picture_has_both_sizes_and_says_what_it_shows(page: str):
    """Seven pictures, once for a screen and once for a telephone."""
    labels = re.findall(r'<svg class="picture (wide|narrow)" role="img" aria-label="([^"]+)"', page)

    assert Counter(size for size, _ in labels) == {"wide": 7, "narrow": 7}
    assert labels[0][1] == "815 logins over 121 s; in the busiest second 21 ended well"


def test_says_the_three_answers(page: str):
    """How many, what breaks first, and whether anybody got another's session."""
    assert re.findall(r'<span class="figure[^"]*">([^<]+)</span>', page) == ["21 in a second", "proxy", "no"]


def test_slices_count_by_arrival_and_by_end():
    """A login that came in the first slice and ended in the third."""
    waited = replace(RECORD, scheduled=1.0, started=1.0, finished=4.5)
    failed = replace(RECORD, scheduled=3.0, started=3.0, finished=3.5, is_right_outcome=False, failure="status 502")

    found = slices([waited, failed], 5.0, 2)

    assert [(one.at, one.arrived, one.well, one.otherwise) for one in found] == [
        (0, 1, 0, 0),
        (2, 1, 0, 1),
        (4, 0, 1, 0),
    ]
    assert found[0].latency is not None
    assert (found[0].latency.p95, found[1].latency) == (3.5, None)


def test_slices_are_as_narrow_as_they_may_be():
    """A hundred and fifty at most, of an hour too."""
    assert [width_for(seconds, 150) for seconds in (0, 120, 151, 3600)] == [1, 1, 2, 30]


def test_what_is_drawn_is_thinned_by_means():
    """An hour of samples becomes two hundred points; several parts become one by their sums."""
    assert len(thinned([(float(at), 1.0) for at in range(3600)], 3600.0)) == 201
    assert thinned([(0.0, 1.0), (1.0, 3.0)], 2.0) == [(0.0, 1.0), (1.0, 3.0)]
    assert together([[(0.0, 1.0), (1.0, 2.0)], [(1.0, 3.0)]]) == [(0.0, 1.0), (1.0, 5.0)]


def test_a_login_that_broke_off_has_its_steps_and_no_whole():
    """What it did not reach is not counted as quick."""
    taken = times_taken([replace(RECORD, steps={"picker": 0.2}, failure="status 502")])

    assert (taken["picker"], taken["session"], taken["login"]) == ([0.2], [], [])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0004, "0.4 ms"),
        (0.048, "48 ms"),
        (0.1, "0.1 s"),
        (0.625, "0.62 s"),
        (12.4, "12 s"),
        (179, "179 s"),
        (180, "3 min"),
    ],
)
def test_durations_have_two_or_three_digits(seconds: float, words: str):
    """From a fraction of a millisecond to minutes."""
    assert wording.duration(seconds) == words


def test_a_small_share_never_reads_as_none():
    """One in a million is not 0 %."""
    assert [wording.share(part) for part in (0, 0.000001, 0.001, 0.5)] == ["0 %", "below 0.01 %", "0.10 %", "50 %"]


def test_matplotlib_is_loaded_for_a_page_alone():
    """A verb that makes none does not wait for it."""
    script = "import sys, loadtests.report.writing; print('matplotlib' in sys.modules)"
    ended = subprocess.run(  # noqa: S603 -- ours
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert ended.stdout == "False\n"


@pytest.mark.parametrize(
    ("strength", "word"),
    [(60.0, "It held"), (14.0, "It held 12 logins a second, and no more"), (3.0, "It did not hold")],
)
def test_a_run_that_climbs_says_how_far_it_held(strength: float, word: str):
    """A search for the capacity ends where a budget breaks, and that is no bad news."""
    stair = Shape("capacity", ((0.0, 0.25), (20.0, 0.25), (20.0, 0.5), (40.0, 0.5), (40.0, 1.0), (60.0, 1.0)))
    run = run_of(stair, peak=24.0)
    recorded = RecordedRun(run, tuple(records_of(run, strength)), (), "0" * 64)

    page = report_files(report_of(recorded), recorded)["report.html"].decode()

    assert re.findall(r'<p class="word">(.*?)</p>', page) == [word]


def test_where_no_part_was_at_its_limit_the_most_frequent_failure_is_said():
    """What breaks first may be an identity provider that somebody switched off."""
    run = run_of()
    records = dead(records_of(run, 60.0), "vesilahti", 60.0)
    recorded = RecordedRun(run, tuple(records), tuple(samples_of(records, 125)), "0" * 64)

    page = report_files(report_of(recorded), recorded)["report.html"].decode()

    assert re.findall(r'<span class="figure">no part</span>\s*<span class="why">(.*?)</span>', page) == [
        "No part was at its limit. Most of what ended otherwise: home-page: connection refused (70)."
    ]
