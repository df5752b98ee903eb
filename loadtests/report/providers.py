# SPDX-License-Identifier: Apache-2.0
"""What became of each education provider's people, and whether a trouble reached those whom it should not touch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from loadtests.figures import WHOLE_LOGIN, figures
from loadtests.records import Record
from loadtests.report.noise import Band, noise_band


@dataclass(frozen=True)
class Group:
    """What some logins came to: how they ended by outcome or reason, what was wrong by reason, p95 with its noise."""

    logins: int
    wrong_outcome: int
    wrong_session: int
    outcomes: Mapping[str, int]
    failures: Mapping[str, int]
    p95: float | None
    band: Band | None

    @classmethod
    def of(cls, records: Sequence[Record]) -> Group:
        """Return it for some records, which may be none."""
        found = figures(records, len(records))
        whole = found.latencies.get(WHOLE_LOGIN)
        return cls(
            logins=found.logins,
            wrong_outcome=found.wrong_outcome,
            wrong_session=found.wrong_session,
            outcomes=dict(sorted(Counter(_ended(record) for record in records).items())),
            failures=found.failures,
            p95=whole.p95 if whole else None,
            band=noise_band((record.scheduled, record.latency) for record in records if record.failure is None),
        )


@dataclass(frozen=True)
class Others:
    """Those whom a trouble should not touch, who came before it and from it on."""

    before: Group
    after: Group

    @property
    def is_within_noise(self) -> bool | None:
        """Tell whether their p95 rose by no more than chance explains; `None` where there are too few to tell."""
        if self.before.band is None or self.after.band is None:
            return None
        return self.after.band.low <= self.before.band.high


def by_provider(records: Iterable[Record]) -> dict[str, Group]:
    """Return each education provider's people, in the order of keys."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.provider, []).append(record)
    return {key: Group.of(found[key]) for key in sorted(found)}


def parted(spared: Sequence[Record], at: float) -> Others:
    """Return those whom no trouble concerns as who came before, and who from `at` seconds on."""
    return Others(
        Group.of([record for record in spared if record.scheduled < at]),
        Group.of([record for record in spared if record.scheduled >= at]),
    )


def _ended(record: Record) -> str:
    if record.failure is not None:
        return record.failure
    return record.because or record.outcome
