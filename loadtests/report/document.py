# SPDX-License-Identifier: Apache-2.0
"""The shape of `report.json`: what a script may rely on, and its JSON Schema.

Times are seconds, from the start of the schedule where they are moments; CPU is in milliseconds where a name says so,
memory in bytes. A new key may come with any version; `format` grows where one changes its meaning or goes.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", from_attributes=True, json_schema_serialization_defaults_required=True
    )


class LatencyFigures(_Part):
    """How long something took, in seconds; percentiles are values that were seen (nearest rank)."""

    count: int
    p50: float
    p95: float
    p99: float
    longest: float


class NoiseBand(_Part):
    """Where a p95 lies by chance alone, in seconds."""

    low: float
    high: float


class BudgetJudgement(_Part):
    """A budget, what was measured, and whether it held."""

    name: str = Field(description="wrong_session, failure_share, or a step (or login) and a percentile")
    found: float
    allowed: float
    held: bool


class FailureCount(_Part):
    """How often logins ended otherwise than they should for one reason, and whose people they were."""

    reason: str
    count: int
    providers: dict[str, int]


class GroupFigures(_Part):
    """What the logins of some people came to."""

    logins: int
    wrong_outcome: int
    wrong_session: int
    outcomes: dict[str, int] = Field(description="how they ended: session, a reason id, or how the login broke off")
    failures: dict[str, int] = Field(description="what ended otherwise than it should, by reason")
    p95: float | None = Field(description="of the whole login, broken ones left out")
    band: NoiseBand | None = Field(description="of the p95; null below 100 logins or 20 seconds")


class TroubleFigures(_Part):
    """What was done to the system, and what became of those whom it should not touch."""

    at_seconds: float
    done_seconds: float | None = Field(description="when it was done; null where the run does not tell")
    what: str
    where: str
    own_before: GroupFigures = Field(description="whom it concerns, logins that ended before it")
    own_after: GroupFigures = Field(description="whom it concerns, logins that began after it was done")
    others_before: GroupFigures
    others_after: GroupFigures
    others_within_noise: bool | None = Field(description="null where there are too few logins to tell")


class LevelFigures(_Part):
    """A stretch on which the rate was level."""

    start: float
    end: float
    rate: float = Field(description="logins a second that were scheduled")
    logins: int
    p95: float | None
    held: bool
    exceeded: list[str] = Field(description="names of budgets")


class CourseFigures(_Part):
    """The medians of the first and the last tenth of the samples, and the most."""

    first: int
    last: int
    most: int


class PartFigures(_Part):
    """What a part used."""

    cpu_seconds: float
    cpu_ms_per_login: float | None = Field(description="CPU seconds of the whole run, over all logins that ended")
    cores_most: float = Field(description="the most CPU it used over five seconds, in cores")
    memory: CourseFigures = Field(description="bytes")
    open_files: CourseFigures


class MachineFigures(_Part):
    """Where the generator ran."""

    cores: int
    memory: int


class Report(_Part):
    """A load run's figures, and whether they held."""

    format: Literal[1]
    valid: bool = Field(description="whether the run says anything of the system")
    invalid_because: str | None
    held: bool = Field(description="whether the run is valid, nobody saw another's session and every budget held")
    ended_early: bool

    scenario: str
    service: str
    stack: str
    targets: dict[str, str]
    started: AwareDatetime
    ended: AwareDatetime | None
    seconds: float = Field(description="from the start of the schedule to the end of the last login")
    points: list[tuple[float, float]] = Field(description="the shape: moment, share of the peak")
    peak: float = Field(description="logins a second that were asked for at the peak")
    compression: float
    seed: int
    workers: int
    declaration_sha256: str
    versions: dict[str, str]
    machine: MachineFigures

    scheduled: int = Field(description="logins that should have begun")
    logins: int = Field(description="logins that ended in any way")
    missing: int = Field(description="logins that should have begun and left no record")
    compared: int = Field(description="logins of which the service told whom it saw, compared with who signed in")
    wrong_session: int = Field(description="services that saw somebody else than who signed in")
    wrong_outcome: int = Field(description="logins that ended otherwise than the declaration says")
    failure_share: float
    peak_per_second: int = Field(description="the most logins that ended well in one second")
    late: float = Field(description="what 99 of a hundred logins began at most too late, in seconds")
    held_per_second: float | None = Field(description="the highest level rate that held before any broke")
    levels: list[LevelFigures]

    latencies: dict[str, LatencyFigures] = Field(description="login: the whole one; and each step")
    noise: NoiseBand | None = Field(description="of the p95 of the whole login")
    budgets: list[BudgetJudgement]
    failures: list[FailureCount]
    providers: dict[str, GroupFigures]
    trouble: list[TroubleFigures]

    parts: dict[str, PartFigures]
    generator_ms_per_login: float | None = Field(description="CPU of all generator workers, over all logins")
    limiting_part: str | None = Field(
        description="a part, or machine where its cores were full first; null where nothing was at its limit"
    )
    limiting_from: float | None = Field(description="the second from which on it was at its limit")
    limiting_because: str


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of `report.json`; the same for every run."""
    schema = Report.model_json_schema(mode="serialization")
    return schema | {"$schema": DIALECT, "title": "The report of a load run of the MPASSid testbed"}
