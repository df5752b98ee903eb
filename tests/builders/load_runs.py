# SPDX-License-Identifier: Apache-2.0
"""Invented load runs: a school morning at a chain of a given strength, as the generator would have left it.

The logins are those of the real schedule; how long each takes follows from a queue in front of the proxy. The same
arguments give the same run.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from loadtests.budgets import SHIPPED, read_budgets
from loadtests.records import Record
from loadtests.run_folder import DECLARATION, Machine, Run, RunFolder, Sample, TroubleSeen, append
from loadtests.schedule import arrivals
from loadtests.shapes import FIRST_BELL, Shape

STARTED: Final = datetime(2026, 8, 12, 4, 45, tzinfo=UTC)
PROVIDERS: Final = {
    "mansikkala": 34,
    "kuusikoski": 28,
    "lehtiharju": 16,
    "vesilahti": 12,
    "kivisalmi": 7,
    "harjunpaa": 3,
}
"""Education providers, and of a hundred logins how many are theirs."""
WALKED: Final = ("service-start", "picker", "home-page", "home-answer", "proxy-answer", "session")
"""The steps of everybody who signs in."""
COSTS: Final = {"proxy": 0.0052, "idp": 0.0041, "publisher": 0.0061, "portal": 0.0004, "generator-0": 0.0031}
"""CPU seconds of each part for one login."""
MORNING: Final = FIRST_BELL.until(80 * 60).compressed(40)
DECLARED: Final = b"# the declaration of an invented run\n"

RECORD: Final = Record(
    number=0,
    provider="mansikkala",
    behaviour="ordinary",
    scheduled=1.0,
    started=1.01,
    finished=1.5,
    steps=dict.fromkeys(WALKED, 0.08),
    is_right_person=True,
)


def run_of(shape: Shape = MORNING, peak: float = 24.0, **changes: object) -> Run:
    """Return what `run.json` of such a run says."""
    run = Run(
        scenario=shape.name,
        points=shape.points,
        peak=peak,
        compression=40.0,
        seed=1,
        targets={"publisher": "http://localhost:8002", "proxy": "http://localhost:8000"},
        started=STARTED,
        ended=STARTED + timedelta(seconds=shape.seconds + 5),
        scheduled=len(arrivals(shape, peak, 1)),
        versions={"testbed": "0.1.0", "python": "3.11.2", "SATOSA": "8.6.0", "locust": "2.47.0"},
        machine=Machine(cores=2, memory=8_000_000_000),
        budgets=read_budgets(SHIPPED),
    )
    return run.model_copy(update=changes)


def records_of(run: Run, strength: float = 30.0) -> list[Record]:
    """Return the logins of a run at a chain that ends at most `strength` logins a second."""
    shape = Shape(run.scenario, run.points, FIRST_BELL.clumped if run.scenario == "first-bell" else 0.0)
    chance = random.Random(run.seed)  # noqa: S311 -- a run that can be repeated, not a secret
    names, shares = list(PROVIDERS), list(PROVIDERS.values())
    free, found, of_class = 0.0, [], dict[int, str]()
    for arrival in arrivals(shape, run.peak, run.seed):
        (provider,) = chance.choices(names, shares)
        if arrival.class_number is not None:
            provider = of_class.setdefault(arrival.class_number, provider)
        started = arrival.at + chance.uniform(0.0005, 0.004)
        free = max(free, started) + 1 / strength
        wait = free - started - 1 / strength
        steps = {
            step: chance.lognormvariate(-3.6, 0.35) + wait * share for step, share in zip(WALKED, _SHARES, strict=True)
        }
        record = replace(
            RECORD,
            number=arrival.number,
            provider=provider,
            scheduled=arrival.at,
            started=started,
            finished=started + sum(steps.values()),
            steps=steps,
            worker=arrival.number % run.workers,
        )
        found.append(_ending(record, chance.random()))
    return found


def dead(records: Sequence[Record], provider: str, at: float) -> list[Record]:
    """Return the records as they would be had a provider's identity provider died: its people go no further."""
    return [
        replace(
            record,
            failure="home-page: connection refused",
            is_right_outcome=False,
            is_right_person=None,
            steps={step: record.steps[step] for step in WALKED[:2]},
        )
        if record.provider == provider and record.scheduled >= at
        else record
        for record in records
    ]


def samples_of(records: Sequence[Record], seconds: int, costs: dict[str, float] | None = None) -> list[Sample]:
    """Return what the parts used of a run: their cost for each login that ended, and a little when idle."""
    costs = costs or COSTS
    ended = [0] * (seconds + 1)
    for record in records:
        ended[min(seconds, int(record.finished))] += 1
    done, found = 0, []
    for at in range(seconds + 1):
        done += ended[at]
        for number, (part, cost) in enumerate(costs.items()):
            memory = 60_000_000 + 15_000_000 * number + 900 * done
            found.append(
                Sample(float(at), part, round(done * cost + at * 0.004, 4), memory, 20 + 3 * number + ended[at])
            )
    return found


def write_run(folder: Path, run: Run, records: Sequence[Record], samples: Sequence[Sample] = ()) -> Path:
    """Write a run's folder as the generator does, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    written = RunFolder(folder)
    written.write_run(run)
    (folder / DECLARATION).write_bytes(DECLARED)
    for worker in range(run.workers):
        append(written.records_path(worker), list(_lines(records, worker)))
    append(written.samples_path, [sample.to_json() for sample in samples])
    return folder


def trouble(at: float, what: str, where: str) -> TroubleSeen:
    """Return what was done to the system."""
    return TroubleSeen(at_seconds=at, what=what, where=where)


_SHARES: Final = (0.05, 0.2, 0.1, 0.1, 0.4, 0.15)


def _lines(records: Sequence[Record], worker: int) -> Iterator[str]:
    return (record.to_json() for record in records if record.worker == worker)


def _ending(record: Record, chance: float) -> Record:
    """Return the record with another ending that the model knows, for the few who have one."""
    if chance < 0.06:
        return replace(record, outcome="refused", because="school-not-activated", expected="school-not-activated")
    if chance < 0.08:
        return replace(record, outcome="refused", because="no-school-data", expected="no-school-data")
    return record
