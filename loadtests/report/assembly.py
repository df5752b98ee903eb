# SPDX-License-Identifier: Apache-2.0
"""The report of a recorded run: every figure of it, computed without looking at anything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from loadtests.budgets import judged
from loadtests.figures import Figures, figures, reason_of
from loadtests.records import Record
from loadtests.report.document import (
    BudgetJudgement,
    CourseFigures,
    FailureCount,
    GroupFigures,
    LatencyFigures,
    LevelFigures,
    MachineFigures,
    NoiseBand,
    PartFigures,
    Report,
    TroubleFigures,
)
from loadtests.report.growth import growth_of
from loadtests.report.levels import Level, held_per_second, levels
from loadtests.report.limit import GENERATOR, WINDOW_SECONDS, limit_of
from loadtests.report.noise import noise_band
from loadtests.report.providers import Group, by_provider, parted
from loadtests.report.recorded import RecordedRun
from loadtests.report.usage import Course, Usage, smoothed, usages
from loadtests.run_folder import Run


def report_of(recorded: RecordedRun) -> Report:
    """Return the report of a run."""
    run, records = recorded.run, recorded.records
    found = figures(records, run.scheduled)
    missing = max(0, run.scheduled - len({record.number for record in records}))
    invalid = _invalid_because(recorded, found, missing)
    budgets = [
        BudgetJudgement(name=one.name, found=one.found, allowed=one.allowed, held=one.has_held)
        for one in judged(found, run.budgets)
    ]
    used = usages(recorded.samples)
    limit = limit_of(used, run.machine.cores, growth_of(records, run.service))
    stretches = levels(run.points, run.peak, records, run.budgets)
    parts = {part: _part(usage, found.logins) for part, usage in used.items()}
    generated = [part.cpu_ms_per_login for name, part in parts.items() if name.startswith(GENERATOR)]
    return Report(
        format=1,
        valid=invalid is None,
        invalid_because=invalid,
        held=invalid is None and all(one.held for one in budgets),
        ended_early=run.ended_early,
        scenario=run.scenario,
        service=run.service,
        stack=run.stack,
        targets=dict(sorted(run.targets.items())),
        started=run.started,
        ended=run.ended,
        seconds=found.seconds,
        points=list(run.points),
        peak=run.peak,
        compression=run.compression,
        seed=run.seed,
        workers=run.workers,
        declaration_sha256=recorded.declaration_sha256,
        versions=dict(sorted(run.versions.items())),
        machine=MachineFigures(cores=run.machine.cores, memory=run.machine.memory),
        scheduled=run.scheduled,
        logins=found.logins,
        missing=missing,
        compared=sum(record.is_right_person is not None for record in records),
        wrong_session=found.wrong_session,
        wrong_outcome=found.wrong_outcome,
        failure_share=found.failure_share,
        peak_per_second=found.peak_per_second,
        late=found.late,
        held_per_second=held_per_second(stretches),
        levels=[_level(level) for level in stretches],
        latencies={name: LatencyFigures(**asdict(latency)) for name, latency in found.latencies.items()},
        noise=_band(records),
        budgets=budgets,
        failures=_failures(records),
        providers={key: _group(group) for key, group in by_provider(records).items()},
        trouble=_trouble(run, records),
        parts=parts,
        generator_ms_per_login=sum(ms for ms in generated if ms is not None) if any(generated) else None,
        limiting_part=limit.part,
        limiting_from=limit.at,
        limiting_because=limit.because,
    )


def _invalid_because(recorded: RecordedRun, found: Figures, missing: int) -> str | None:
    """Return why the run says nothing of the system: the generator's own reason first."""
    run = recorded.run
    if run.invalid_because or found.invalid_because:
        return run.invalid_because or found.invalid_because
    if recorded.twice:
        numbers = ", ".join(map(str, recorded.twice))
        return f"more than one worker recorded the same login ({numbers}): the schedule was not split, but repeated"
    sessions = [record for record in recorded.records if record.outcome == "session" and record.failure is None]
    if sessions and all(record.is_right_person is None for record in sessions):
        return "of no session it was told who had it, so nothing shows that everybody got their own"
    if run.ended is None:
        return "the run has no end in run.json: the generator broke off, or is running still"
    if missing and not run.ended_early:
        return (
            f"{missing} of {run.scheduled} scheduled logins left no record: what is missing may be what took longest, "
            "so the figures would flatter"
        )
    return None


def _band(records: Sequence[Record]) -> NoiseBand | None:
    band = noise_band((record.scheduled, record.latency) for record in records if record.failure is None)
    return None if band is None else NoiseBand(low=band.low, high=band.high)


def _failures(records: Sequence[Record]) -> list[FailureCount]:
    found: dict[str, Counter[str]] = {}
    for record in records:
        if not record.is_right_outcome:
            found.setdefault(reason_of(record), Counter())[record.provider] += 1
    ordered = sorted(found.items(), key=lambda item: (-item[1].total(), item[0]))
    return [
        FailureCount(reason=reason, count=providers.total(), providers=dict(sorted(providers.items())))
        for reason, providers in ordered
    ]


def _group(group: Group) -> GroupFigures:
    return GroupFigures(**asdict(group))


def _trouble(run: Run, records: Sequence[Record]) -> list[TroubleFigures]:
    rest = [record for record in records if not any(trouble.concerns(record) for trouble in run.trouble)]
    found = []
    for trouble in run.trouble:
        spared = parted(rest, trouble.at_seconds)
        done = trouble.at_seconds if trouble.done_seconds is None else trouble.done_seconds
        own = [record for record in records if trouble.concerns(record)]
        found.append(
            TroubleFigures(
                at_seconds=trouble.at_seconds,
                what=trouble.what,
                where=trouble.where,
                done_seconds=trouble.done_seconds,
                own_before=_group(Group.of([record for record in own if record.finished < trouble.at_seconds])),
                own_after=_group(Group.of([record for record in own if record.started >= done])),
                others_before=_group(spared.before),
                others_after=_group(spared.after),
                others_within_noise=spared.is_within_noise,
            )
        )
    return found


def _level(level: Level) -> LevelFigures:
    return LevelFigures(
        start=level.start,
        end=level.end,
        rate=level.rate,
        logins=level.logins,
        p95=level.p95,
        held=level.has_held,
        exceeded=list(level.exceeded),
    )


def _part(usage: Usage, logins: int) -> PartFigures:
    most = max((cores for _, cores in smoothed(usage.cores, WINDOW_SECONDS)), default=0.0)
    return PartFigures(
        cpu_seconds=usage.cpu_seconds,
        cpu_ms_per_login=usage.cpu_seconds * 1000 / logins if logins else None,
        cores_most=most,
        memory=_course(usage.memory),
        open_files=_course(usage.open_files),
    )


def _course(values: Sequence[tuple[float, int]]) -> CourseFigures:
    return CourseFigures.model_validate(Course.of(values))


def outcome_shares(report: Report) -> Mapping[str, float]:
    """Return how all logins ended, by outcome or reason, as shares."""
    counted: Counter[str] = Counter()
    for group in report.providers.values():
        counted.update(group.outcomes)
    return {outcome: count / report.logins for outcome, count in counted.most_common()}
