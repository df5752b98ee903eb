# SPDX-License-Identifier: Apache-2.0
"""What counts as a skip that hides something."""

from pathlib import Path

import pytest

from tests.builders.scripts import ci_script

skips = ci_script("skips")

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" tests="2">
<testcase classname="tests.flows.test_login" name="test_a" time="0.1" />
<testcase classname="tests.browser.test_pages" name="test_b[fi]" time="0.1">{inside}</testcase>
</testsuite></testsuites>
"""


def report(tmp_path: Path, inside: str) -> Path:
    """Write a report of two tests, the second with something inside."""
    path = tmp_path / "report.xml"
    path.write_text(REPORT.format(inside=inside))
    return path


def test_tests_that_ran_are_no_problem(tmp_path: Path) -> None:
    """A failure is pytest's own to tell."""
    assert skips.problems([report(tmp_path, "")]) == []
    assert skips.problems([report(tmp_path, '<failure message="assert 1 == 2">…</failure>')]) == []


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        pytest.param(
            '<skipped type="pytest.skip" message="needs Chromium: none found">…</skipped>',
            "needs Chromium: none found",
            id="a skip",
        ),
        pytest.param('<skipped type="pytest.xfail" message="not yet" />', "not yet", id="an expected failure"),
        pytest.param('<skipped type="pytest.skip" />', "no reason", id="a skip without a reason"),
    ],
)
def test_a_skip_is_a_problem(tmp_path: Path, inside: str, reason: str) -> None:
    """Nothing is allowed unless it is on the list."""
    assert skips.problems([report(tmp_path, inside)]) == [f"tests.browser.test_pages::test_b[fi]: skipped: {reason}"]


def test_an_allowed_reason_is_no_problem(tmp_path: Path) -> None:
    """A pattern on the list matches the whole reason."""
    path = report(tmp_path, '<skipped message="needs a container engine: none found" />')

    assert skips.problems([path], allowed=["needs a container engine: .*"]) == []
    assert skips.problems([path], allowed=["needs a container"]) != []


def test_a_report_that_is_missing_or_empty_is_a_problem(tmp_path: Path) -> None:
    """Tests that were never run must not look like tests that passed."""
    (tmp_path / "empty.xml").write_text("<testsuites><testsuite /></testsuites>")

    assert skips.problems([tmp_path / "none.xml", tmp_path / "empty.xml"]) == [
        f"{tmp_path}/none.xml: there is no such report",
        f"{tmp_path}/empty.xml: no test ran",
    ]
