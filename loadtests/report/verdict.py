# SPDX-License-Identifier: Apache-2.0
"""What a run comes to, for a terminal and for a script: a few lines and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from loadtests.budgets import Exceeded
from loadtests.report.document import Report

MOST_FAILURES: Final = 5


@dataclass(frozen=True)
class Verdict:
    """`valid` is whether the run says anything of the system, `exit_code` 0 where it is valid and everything held."""

    valid: bool
    exit_code: int
    lines: tuple[str, ...]

    @classmethod
    def of(cls, report: Report) -> Verdict:
        """Return the verdict of a report."""
        return cls(report.valid, 0 if report.held else 1, tuple(_lines(report)))


def right_session(report: Report) -> str:
    """Return in words whether everybody got their own session."""
    if not report.compared:
        return "no session was compared with who signed in"
    if report.wrong_session == 0:
        logins = "the one login" if report.compared == 1 else f"all {report.compared} logins"
        return f"in {logins} that could be compared, the service saw who signed in"
    people = "login" if report.wrong_session == 1 else "logins"
    return f"{report.wrong_session} {people} ended in SOMEBODY ELSE'S session"


def exceeded_budgets(report: Report) -> list[Exceeded]:
    """Return the budgets that did not hold."""
    return [Exceeded(one.name, one.found, one.allowed) for one in report.budgets if not one.held]


def _lines(report: Report) -> Iterator[str]:
    yield _what_came(report)
    if report.invalid_because is not None:
        yield f"invalid: {report.invalid_because}"
    yield f"right session: {right_session(report)}"
    broken = exceeded_budgets(report)
    yield f"budgets: {len(broken)} of {len(report.budgets)} exceeded" if broken else _all_held(report)
    yield from (f"  {one}" for one in broken)
    for failure in report.failures[:MOST_FAILURES]:
        yield f"  {failure.reason}: {failure.count}"
    if len(report.failures) > MOST_FAILURES:
        yield f"  and {len(report.failures) - MOST_FAILURES} more reasons, in the report"
    for trouble in report.trouble:
        yield f"trouble at {trouble.at_seconds:.0f} s, {trouble.what} ({trouble.where}): {spared(trouble.others_within_noise)}"
    yield f"limiting part: {report.limiting_part or 'none'} – {report.limiting_because}"


def spared(is_within_noise: bool | None) -> str:  # noqa: FBT001 -- a yes, a no, and too few to tell
    """Return what became of the p95 of those whom a trouble should not touch."""
    if is_within_noise is None:
        return "too few other logins to tell whether it touched them"
    return "the others' p95 stayed within the noise" if is_within_noise else "the others' p95 rose beyond the noise"


def _what_came(report: Report) -> str:
    early = ", ended early" if report.ended_early else ""
    held = (
        ""
        if report.held_per_second is None
        else f"; the highest level rate that held: {report.held_per_second:g} a second"
    )
    return (
        f"{report.scenario}: {report.logins} of {report.scheduled} logins{early}, at most {report.peak_per_second} in a "
        f"second ended well{held}"
    )


def _all_held(report: Report) -> str:
    return f"budgets: all {len(report.budgets)} held"
