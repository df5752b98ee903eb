# SPDX-License-Identifier: Apache-2.0
"""Budgets: what a run may cost, read from a file, and what of it was exceeded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from federation.errors import InputError
from federation.suggestion import did_you_mean
from loadtests.figures import WHOLE_LOGIN, Figures
from loadtests.records import STEPS

SHIPPED: Final = Path(__file__).parent / "budgets.yaml"
_MOST_BYTES: Final = 100_000

Seconds = Annotated[float, Field(gt=0, le=3600)]


class LatencyBudget(BaseModel):
    """The most that so many in a hundred logins may take, in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    p50: Seconds | None = None
    p95: Seconds | None = None
    p99: Seconds | None = None


class Budgets(BaseModel):
    """All budgets of a run; what is not named has none, but of wrong sessions there may never be one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    login: LatencyBudget = LatencyBudget()
    steps: dict[str, LatencyBudget] = Field(default_factory=dict)
    failure_share: Annotated[float, Field(ge=0, le=1)] = 0.0


@dataclass(frozen=True)
class Judged:
    """One budget: its name, the measured figure, what was allowed."""

    name: str
    found: float
    allowed: float

    @property
    def has_held(self) -> bool:
        """Tell whether no more was found than is allowed."""
        return self.found <= self.allowed


@dataclass(frozen=True)
class Exceeded:
    """One budget that did not hold: its name, the measured figure, what was allowed."""

    name: str
    found: float
    allowed: float

    def __str__(self) -> str:
        """Say it with by how much."""
        if self.allowed == 0:
            return f"{self.name}: {self.found:g}, allowed 0"
        return f"{self.name}: {self.found:.4g}, allowed {self.allowed:g} ({self.found / self.allowed:.1f} times)"


def read_budgets(path: Path) -> Budgets:
    """Return the budgets of a file; raises `InputError` that says where it is wrong."""
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror})"
        raise InputError(message) from error
    if len(content) > _MOST_BYTES:
        message = f"{path}: found {len(content)} bytes, expected at most {_MOST_BYTES}"
        raise InputError(message)
    try:
        found = YAML(typ="safe", pure=True).load(content.decode("utf-8"))
        budgets = Budgets.model_validate(found or {})
    except (UnicodeDecodeError, YAMLError) as error:
        message = f"{path}: is no YAML ({str(error).splitlines()[0]})"
        raise InputError(message) from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"])) or "the file"
        message = f"{path}: {place}: {fault['msg']}"
        raise InputError(message) from error
    for step in budgets.steps:
        if step not in STEPS:
            message = f"{path}: steps.{step}: no step of a login has this name{did_you_mean(step, STEPS)}"
            raise InputError(message)
    return budgets


def judged(figures: Figures, budgets: Budgets) -> tuple[Judged, ...]:
    """Return every budget with what was measured, wrong sessions first; what no login reached is not judged."""
    found = [
        Judged("wrong_session", figures.wrong_session, 0),
        Judged("failure_share", figures.failure_share, budgets.failure_share),
    ]
    for name, budget in {WHOLE_LOGIN: budgets.login, **budgets.steps}.items():
        latency = figures.latencies.get(name)
        if latency is not None:
            allowed = budget.model_dump(exclude_none=True)
            found += [Judged(f"{name} {share}", getattr(latency, share), most) for share, most in allowed.items()]
    return tuple(found)


def exceeded(figures: Figures, budgets: Budgets) -> tuple[Exceeded, ...]:
    """Return every budget that did not hold, wrong sessions first."""
    return tuple(Exceeded(one.name, one.found, one.allowed) for one in judged(figures, budgets) if not one.has_held)
