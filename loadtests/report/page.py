# SPDX-License-Identifier: Apache-2.0
"""`report.html`: one file that fetches nothing and runs nothing, for people; every figure in it is the document's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from loadtests.figures import WHOLE_LOGIN
from loadtests.report import wording
from loadtests.report.assembly import outcome_shares
from loadtests.report.document import BudgetJudgement, GroupFigures, NoiseBand, Report
from loadtests.report.pictures import pictures_of
from loadtests.report.recorded import RecordedRun
from loadtests.report.slices import slices, width_for
from loadtests.report.verdict import right_session, spared

MOST_ROWS: Final = 15
PICTURE_SLICES: Final = 150
TABLE_SLICES: Final = 12
SHARES: Final = ("wrong_session", "failure_share")
PERCENTILES: Final = ("p50", "p95", "p99")
_TEMPLATES: Final = Path(__file__).parent / "templates"


def page_of(report: Report, recorded: RecordedRun) -> str:
    """Return the page; the same report gives the same page."""
    width = width_for(report.seconds, PICTURE_SLICES)
    pictures = pictures_of(report, recorded, slices(recorded.records, report.seconds, width), width)
    word, mood = _word(report)
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            title=_title(report),
            style=Markup((_TEMPLATES / "report.css").read_text(encoding="utf-8")),  # noqa: S704 -- our own file
            word=word,
            mood=mood,
            exceeded=[_exceeded(one) for one in report.budgets if not one.held],
            shares=[one for one in report.budgets if one.name in SHARES],
            budget_rows=_budget_rows(report),
            right_session=right_session(report),
            pictures={name: Markup(svg) for name, svg in pictures.items()},  # noqa: S704 -- drawn and escaped by matplotlib
            width=width,
            rows=slices(recorded.records, report.seconds, width_for(report.seconds, TABLE_SLICES)),
            most_rows=MOST_ROWS,
            providers=_providers(report),
            endings=list(outcome_shares(report).items())[:MOST_ROWS],
            facts=_facts(report),
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters |= {
        "duration": wording.duration,
        "size": wording.size,
        "share": wording.share,
        "grouped": wording.grouped,
        "clock": wording.clock,
        "budget_name": _budget_name,
        "found": lambda budget: _amount(budget, budget.found),
        "allowed": lambda budget: _amount(budget, budget.allowed),
        "p95": _p95,
        "band": _band,
        "spared": spared,
        "providers": _named,
    }
    return environment


def _title(report: Report) -> str:
    return f"{report.scenario}: {wording.grouped(report.logins)} logins in {wording.duration(report.seconds)}"


def _word(report: Report) -> tuple[str, str]:
    if report.wrong_session:
        return "Somebody got somebody else's session", "broken"
    if not report.valid:
        return "Not valid", "invalid"
    if report.held:
        return "It held", "held"
    if report.held_per_second is not None:
        return f"It held {report.held_per_second:.3g} logins a second, and no more", "broken"
    return "It did not hold", "broken"


def _budget_name(name: str) -> str:
    if name == "wrong_session":
        return "somebody else's session"
    if name == "failure_share":
        return "share that ended otherwise"
    return name.replace(WHOLE_LOGIN, "whole login", 1) if name.split(" ", maxsplit=1)[0] == WHOLE_LOGIN else name


def _budget_rows(report: Report) -> list[tuple[str, dict[str, BudgetJudgement | None]]]:
    """Return the budgets of durations: one row for each step, by percentile."""
    found: dict[str, dict[str, BudgetJudgement | None]] = {}
    for one in report.budgets:
        if one.name not in SHARES:
            step, _, percentile = one.name.rpartition(" ")
            found.setdefault(_budget_name(step), dict.fromkeys(PERCENTILES))[percentile] = one
    return list(found.items())


def _exceeded(budget: BudgetJudgement) -> str:
    times = f" ({budget.found / budget.allowed:.3g} times)" if budget.allowed else ""
    return f"{_budget_name(budget.name)}: {_amount(budget, budget.found)}, allowed {_amount(budget, budget.allowed)}{times}"


def _amount(budget: BudgetJudgement, amount: float) -> str:
    if budget.name == "wrong_session":
        return f"{amount:g}"
    return wording.share(amount) if budget.name == "failure_share" else wording.duration(amount)


def _p95(group: GroupFigures) -> str:
    if group.p95 is None:
        return "–"
    return wording.duration(group.p95) + (f" ({_band(group.band)})" if group.band else "")


def _band(band: NoiseBand | None) -> str:
    return "too few" if band is None else f"{wording.duration(band.low)} – {wording.duration(band.high)}"


def _named(providers: Mapping[str, int]) -> str:
    """Return the providers with their counts, the largest first, and how many are left out."""
    ordered = sorted(providers.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{name} {count}" for name, count in ordered[:6])
    return named + (f", and {len(ordered) - 6} more" if len(ordered) > 6 else "")  # noqa: PLR2004 -- what fits a line


def _providers(report: Report) -> list[tuple[str, GroupFigures]]:
    ordered = sorted(report.providers.items(), key=lambda item: (-item[1].wrong_outcome, -item[1].logins, item[0]))
    return ordered[:MOST_ROWS]


def _facts(report: Report) -> list[tuple[str, str]]:
    ended = "not at all" if report.ended is None else f"{report.ended:%Y-%m-%d %H:%M:%S}"
    targets = ", ".join(f"{part} {url}" for part, url in report.targets.items())
    facts = [
        (
            "began – ended",
            f"{report.started:%Y-%m-%d %H:%M:%S} – {ended}{' (ended early)' if report.ended_early else ''}",
        ),
        ("peak asked for", f"{report.peak:g} logins a second"),
        ("time compressed", "not at all" if report.compression == 1 else f"{report.compression:g} times"),
        ("seed", str(report.seed)),
        ("signed in at", report.service),
        ("stack", report.stack),
        ("targets", targets),
        ("machine", f"{report.machine.cores} cores, {wording.size(report.machine.memory)} of memory"),
        ("generator", _generator(report)),
        ("scheduled", f"{wording.grouped(report.scheduled)} logins; {wording.grouped(report.missing)} left no record"),
    ]
    return [(name, value) for name, value in facts if value]


def _generator(report: Report) -> str:
    workers = "1 worker" if report.workers == 1 else f"{report.workers} workers"
    cost = report.generator_ms_per_login
    costs = "" if cost is None else f", {cost:.1f} ms of CPU per login"
    return f"{workers}{costs}; 99 of 100 logins began at most {wording.duration(report.late)} late"
