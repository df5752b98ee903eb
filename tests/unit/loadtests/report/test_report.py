# SPDX-License-Identifier: Apache-2.0
"""The figures of a recorded run, its verdict, and the files that say so."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from federation.errors import InputError
from loadtests.records import Record
from loadtests.report.assembly import report_of
from loadtests.report.document import Report, json_schema
from loadtests.report.junit import junit_xml
from loadtests.report.recorded import RecordedRun
from loadtests.report.verdict import Verdict
from loadtests.report.writing import report_files, write_report
from loadtests.run_folder import Run, TroubleSeen
from tests.builders.load_runs import RECORD, STARTED, dead, records_of, run_of, samples_of, trouble, write_run

MORNING = run_of()
LOGINS = records_of(MORNING, strength=60.0)


def recorded(records: list[Record], run: Run = MORNING) -> RecordedRun:
    """Return a run with these logins and what the parts used."""
    return RecordedRun(run, tuple(records), tuple(samples_of(records, 125)), "0" * 64)


def test_a_good_morning_holds():
    """Every budget held, nobody saw another's session, no part was at its limit."""
    report = report_of(recorded(LOGINS))

    assert (report.valid, report.held, report.wrong_session, report.wrong_outcome) == (True, True, 0, 0)
    assert (report.scheduled, report.logins, report.missing) == (815, 815, 0)
    assert (report.limiting_part, report.held_per_second) == (None, 24.0)
    assert Verdict.of(report) == Verdict(
        valid=True,
        exit_code=0,
        lines=(
            "first-bell: 815 of 815 logins, at most 42 in a second ended well; the highest level rate that held: 24 a second",
            "right session: in all 815 logins that could be compared, the service saw who signed in",
            "budgets: all 17 held",
            "limiting part: none – No part was at its limit.",
        ),
    )


def test_one_wrong_session_fails_the_run():
    """However quick it was."""
    report = report_of(recorded([*LOGINS[:-1], replace(LOGINS[-1], is_right_person=False)]))

    assert not report.held
    assert "right session: 1 login ended in SOMEBODY ELSE'S session" in Verdict.of(report).lines
    assert "  wrong_session: 1, allowed 0" in Verdict.of(report).lines


def test_what_was_exceeded_is_named_and_by_how_much():
    """A queue of half a minute."""
    verdict = Verdict.of(report_of(recorded(records_of(MORNING, strength=6.0))))

    assert (verdict.valid, verdict.exit_code) == (True, 1)
    assert any(re.fullmatch(r"  login p95: \d+\.\d+, allowed 3 \(\d+\.\d times\)", line) for line in verdict.lines)


def test_parts_are_told_by_their_cost_of_a_login():
    """CPU of the whole run over all logins, idle time with it; the generator in a row of its own."""
    report = report_of(recorded(LOGINS))

    assert {part: round(figures.cpu_ms_per_login or 0, 1) for part, figures in report.parts.items()} == {
        "generator-0": 3.7,
        "idp": 4.7,
        "portal": 1.0,
        "proxy": 5.8,
        "publisher": 6.7,
    }
    assert report.generator_ms_per_login == pytest.approx(3.7, abs=0.05)
    assert report.parts["proxy"].memory.most > report.parts["proxy"].memory.first


def test_one_dead_identity_provider_leaves_the_others_right_and_as_quick():
    """The dead one's people fail by reason and provider; of the others nothing changes but by chance."""
    run = run_of(trouble=(trouble(60.0, "stops answering", "vesilahti"),))
    report = report_of(recorded(dead(LOGINS, "vesilahti", 60.0), run))

    (seen,) = report.trouble
    assert (seen.others_after.wrong_outcome, seen.others_after.wrong_session, seen.others_within_noise) == (0, 0, True)
    assert seen.others_before.logins + seen.others_after.logins + report.providers["vesilahti"].logins == 815
    assert [(one.reason, list(one.providers)) for one in report.failures] == [
        ("home-page: connection refused", ["vesilahti"])
    ]
    assert report.providers["vesilahti"].wrong_outcome == report.wrong_outcome > 0
    assert [key for key, group in report.providers.items() if group.wrong_outcome] == ["vesilahti"]


def test_whom_a_turn_concerns_is_counted_before_and_after_it():
    """Who was under way meanwhile is in neither: either ending was right."""
    run = run_of(
        trouble=(TroubleSeen(at_seconds=10.0, done_seconds=12.0, what="activate-school", where="04647"),), scheduled=30
    )
    own = [
        replace(
            RECORD,
            number=n,
            scheduled=float(n),
            started=float(n),
            finished=n + 0.5,
            turned_by="activate-school:04647" if n % 2 else "",
            outcome="session" if n > 10 else "refused",
            because=None if n > 10 else "school-not-activated",
        )
        for n in range(20)
    ]
    (seen,) = report_of(recorded(own, run)).trouble

    assert seen.own_before.outcomes == {"school-not-activated": 5}
    assert seen.own_after.outcomes == {"session": 4}
    assert (seen.others_before.logins, seen.others_after.logins) == (5, 5)


def test_a_trouble_that_slows_everybody_is_beyond_the_noise():
    """Of a steady load, so that nothing else changed."""
    steady = [
        replace(RECORD, number=n, scheduled=n / 5, started=n / 5, finished=n / 5 + 0.3 + n % 7 / 50) for n in range(600)
    ]
    slowed = [replace(one, finished=one.finished + 1.0) if one.scheduled >= 60 else one for one in steady]
    run = run_of(trouble=(trouble(60.0, "slow", "kivisalmi"),), scheduled=600)

    assert report_of(recorded(steady, run)).trouble[0].others_within_noise is True
    assert report_of(recorded(slowed, run)).trouble[0].others_within_noise is False


def test_too_few_others_are_said_to_be_too_few():
    """A trouble at the first second has nothing before it."""
    run = run_of(trouble=(trouble(0.0, "dead", "vesilahti"),))
    report = report_of(recorded(LOGINS, run))

    assert report.trouble[0].others_within_noise is None
    assert "too few other logins" in "\n".join(Verdict.of(report).lines)


@pytest.mark.parametrize(
    ("records", "run", "because"),
    [
        pytest.param(LOGINS, run_of(invalid_because="a worker died"), "a worker died", id="the generator says so"),
        pytest.param(LOGINS[:-1], MORNING, "1 of 815 scheduled logins left no record", id="a login left no record"),
        pytest.param(
            [replace(one, is_right_person=None) for one in LOGINS],
            MORNING,
            "of no session",
            id="no session was compared",
        ),
        pytest.param(LOGINS, run_of(ended=None), "no end in run.json", id="it never ended"),
        pytest.param([], MORNING, "no login ended", id="nothing was recorded"),
        pytest.param(
            [*LOGINS, replace(LOGINS[3], worker=1)],
            MORNING,
            r"the same login \(3\)",
            id="two workers did the same login",
        ),
        pytest.param(
            [replace(one, started=one.started + 0.4, finished=one.finished + 0.4) for one in LOGINS],
            MORNING,
            "fell behind its schedule",
            id="the generator fell behind",
        ),
    ],
)
def test_a_run_that_would_flatter_is_not_valid(records: list[Record], run: Run, because: str):
    """It says why, ends with 1, and claims no held budget in junit.xml."""
    report = report_of(recorded(records, run))

    assert re.search(because, str(report.invalid_because))
    assert (report.held, Verdict.of(report).valid, Verdict.of(report).exit_code) == (False, False, 1)
    cases = ET.fromstring(junit_xml(report)).findall("testcase")  # noqa: S314 -- our own
    assert [case.get("name") for case in cases if case.find("failure") is not None] == ["valid"]
    assert all(case.find("skipped") is not None for case in cases[1:])


def test_a_run_that_was_ended_early_is_a_valid_part():
    """Ctrl-C: what was under way is missing and nobody is blamed."""
    run = run_of(ended_early=True, ended=STARTED + timedelta(seconds=40))
    report = report_of(recorded(LOGINS[:300], run))

    assert (report.valid, report.held, report.missing, report.ended_early) == (True, True, 515, True)
    assert Verdict.of(report).lines[0].startswith("first-bell: 300 of 815 logins, ended early,")


def test_junit_has_a_case_for_each_budget_the_right_session_and_validity():
    """A failed one says by how much."""
    broken = [replace(LOGINS[0], is_right_outcome=False, failure="picker: status 502 \x00"), *LOGINS[1:]]
    suite = ET.fromstring(junit_xml(report_of(recorded(broken))))  # noqa: S314 -- our own

    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("18", "1", "0")
    assert [case.get("name") for case in suite][:4] == [
        "valid",
        "right session",
        "budget failure_share",
        "budget login p50",
    ]
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "failure_share: 0.001227, allowed 0.001 (1.2 times)"


def test_report_json_is_what_its_schema_describes():
    """What is written is read back whole, and every key is described as required."""
    report = report_of(recorded(LOGINS))

    assert Report.model_validate_json(report.model_dump_json()) == report
    schema = json_schema()
    assert set(schema["required"]) == set(json.loads(report.model_dump_json()))
    assert {"valid", "logins", "wrong_session", "wrong_outcome", "peak_per_second", "budgets"} <= set(
        schema["required"]
    )


def test_writes_the_three_files_privately_and_the_same_each_time(tmp_path: Path):
    """Beside the run's own; they hold what a declaration's people did."""
    folder = write_run(tmp_path, MORNING, LOGINS, samples_of(LOGINS, 125))

    verdict = write_report(folder)
    first = {name: (folder / name).read_bytes() for name in ("report.json", "report.html", "junit.xml")}
    write_report(folder)

    assert verdict.exit_code == 0
    assert {name: (folder / name).read_bytes() for name in first} == first
    assert {(folder / name).stat().st_mode & 0o777 for name in first} == {0o600}
    assert json.loads(first["report.json"])["peak_per_second"] == 42


def test_a_broken_folder_is_left_as_it_was(tmp_path: Path):
    """Nothing is half written."""
    folder = write_run(tmp_path, MORNING, LOGINS)
    (folder / "samples.jsonl").write_text("{}\n")
    before = sorted(path.name for path in folder.iterdir())

    with pytest.raises(InputError, match=r"samples\.jsonl:1"):
        write_report(folder)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_the_page_holds_even_where_there_is_nothing_to_draw():
    """No login, no sample, no level: still a page that says so."""
    empty = RecordedRun(run_of(points=(), ended=None), (), (), "0" * 64)
    page = report_files(report_of(empty), empty)["report.html"].decode()

    assert "no login ended" in page
    assert "<svg" not in page
