# SPDX-License-Identifier: Apache-2.0
"""Figures, budgets and records from recorded data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from federation.errors import InputError
from loadtests.budgets import SHIPPED, Budgets, Exceeded, LatencyBudget, exceeded, read_budgets
from loadtests.figures import figures
from loadtests.records import STEPS, Record, read_records

RECORD = Record(
    number=0,
    provider="mansikkala",
    behaviour="ordinary",
    scheduled=1.0,
    started=1.01,
    finished=1.5,
    steps=dict.fromkeys(STEPS, 0.08),
    is_right_person=True,
)


def morning(count: int, seconds: float = 0.5) -> list[Record]:
    """Return logins that come every tenth of a second and take so long each."""
    return [
        replace(RECORD, number=n, scheduled=n / 10, started=n / 10, finished=n / 10 + seconds) for n in range(count)
    ]


def test_a_record_comes_back_from_its_line():
    """What is written is what is read."""
    assert Record.from_json(RECORD.to_json()) == RECORD


def test_a_half_written_last_line_is_left_out():
    """A run that was broken off keeps what was whole."""
    lines = [RECORD.to_json() + "\n", RECORD.to_json()[:40]]
    assert list(read_records(lines, "records.jsonl")) == [RECORD]


def test_a_broken_line_in_the_middle_is_told_with_its_number():
    """It is not the end of a run that was broken off, but a file that somebody changed."""
    lines = [RECORD.to_json() + "\n", "{}\n", RECORD.to_json() + "\n"]
    with pytest.raises(InputError, match=r"records\.jsonl:2: not the record of a login"):
        list(read_records(lines, "records.jsonl"))


def test_latency_counts_from_the_scheduled_moment():
    """Who had to wait to begin waited (no coordinated omission)."""
    late = replace(RECORD, scheduled=1.0, started=4.0, finished=4.5)
    assert figures([late], 1).latencies["login"].p50 == pytest.approx(3.5)


def test_percentiles_are_values_that_were_seen():
    """Nearest rank: of a hundred values the 95th and the 99th."""
    records = [replace(RECORD, scheduled=0, started=0, finished=n / 100) for n in range(1, 101)]
    latency = figures(records, 100).latencies["login"]
    assert (latency.p50, latency.p95, latency.p99, latency.longest) == (0.5, 0.95, 0.99, 1.0)


def test_counts_what_ended_otherwise():
    """A broken login, a wrong outcome, and somebody else's session, each by its name."""
    records = [
        *morning(7),
        replace(RECORD, failure="status 502 at the picker", is_right_outcome=False),
        replace(RECORD, outcome="refused", because="no-school-data", is_right_outcome=False),
        replace(RECORD, is_right_person=False, is_right_outcome=False, failure="wrong session"),
    ]
    found = figures(records, 12)
    assert (found.scheduled, found.logins, found.wrong_outcome, found.wrong_session) == (12, 10, 3, 1)
    assert found.failures["no-school-data instead of session"] == 1
    assert found.failures["status 502 at the picker"] == 1


def test_a_generator_that_fell_behind_makes_the_run_invalid():
    """It says so rather than flattering the system."""
    records = [replace(record, started=record.scheduled + 0.3) for record in morning(50)]
    assert "fell behind its schedule" in str(figures(records, 50).invalid_because)
    assert figures(morning(50), 50).invalid_because is None
    assert figures([], 50).invalid_because == "no login ended"


def test_the_peak_is_the_busiest_second_of_logins_that_ended_well():
    """Ten a second came, ten a second ended."""
    assert figures(morning(100), 100).peak_per_second == 10


def test_names_what_was_exceeded_and_by_how_much():
    """Each budget by its name; what has none is not judged."""
    found = figures(morning(20, seconds=2.0), 20)
    budgets = Budgets(login=LatencyBudget(p50=1.0, p95=3.0), steps={"picker": LatencyBudget(p99=0.04)})
    assert [str(one) for one in exceeded(found, budgets)] == [
        "login p50: 2, allowed 1 (2.0 times)",
        "picker p99: 0.08, allowed 0.04 (2.0 times)",
    ]


def test_one_wrong_session_exceeds_any_budget():
    """Of these there may be none."""
    found = figures([replace(RECORD, is_right_person=False)], 1)
    assert exceeded(found, Budgets(failure_share=1))[0] == Exceeded("wrong_session", 1, 0)


def test_the_shipped_budgets_hold_for_a_quick_morning():
    """They are read, and every step has one."""
    budgets = read_budgets(SHIPPED)
    assert set(budgets.steps) == set(STEPS)
    assert exceeded(figures(morning(50), 50), budgets) == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("login: {p50: fast}", r"budgets\.yaml: login\.p50: "),
        ("login: {p5: 1}", r"login\.p5: Extra"),
        ("logins: {}", "logins: Extra"),
        ("steps: {piker: {p95: 1}}", r"steps\.piker: .*picker"),
        ("login: {p50: -1}", r"login\.p50: "),
        ("failure_share: 2", "failure_share: "),
        ("login: [", "is no YAML"),
        ("- 1", "the file: "),
    ],
)
def test_says_where_a_budget_file_is_wrong(tmp_path: Path, text: str, says: str):
    """File, place, what was found."""
    path = tmp_path / "budgets.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        read_budgets(path)


def test_a_budget_file_that_is_not_there_is_told(tmp_path: Path):
    """By its path."""
    with pytest.raises(InputError, match="cannot be read"):
        read_budgets(tmp_path / "none.yaml")
