# SPDX-License-Identifier: Apache-2.0
"""From what was asked for to a run that can begin: its schedule's size, its folder, and the workers' orders."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from certs.folder import PRIVATE, write_file
from federation.endpoints import PARTS
from federation.loader import load
from federation.model import Federation
from loadtests.budgets import SHIPPED, Budgets, read_budgets
from loadtests.orders import Orders, shape_document
from loadtests.roster import Mix, visits
from loadtests.run_folder import Machine, Run, RunFolder
from loadtests.schedule import arrivals
from loadtests.shapes import NATIONAL_PEAK, Shape, shape_called
from loadtests.target import Target
from loadtests.turns import Turn
from party.health import part_version
from party.process import LOCALHOST_VARIABLE, LOOPBACK
from testbed.flow.people import find_simulated_service

FIRST_BELL_MINUTES: Final = 80.0
"""What of the school day `first-bell` has unless asked for more: the starts from 8:00 to 9:00."""
FIRST_BELL_COMPRESSION: Final = 50.0
_LIBRARIES: Final = ("locust", "SATOSA", "lxml", "xmlsec", "cryptography", "Flask", "gunicorn", "SQLAlchemy")


@dataclass(frozen=True)
class Asked:
    """One run as a person asks for it; `minutes` is how much of the shape's own time, `shape` overrides the scenario's.

    `turns` are the declaration's in the middle of it, in the order of time.
    """

    scenario: str = "first-bell"
    peak: float = NATIONAL_PEAK
    compression: float | None = None
    minutes: float | None = None
    seed: int = 1
    service: str = "publisher"
    workers: int = 1
    listen: tuple[str, int] | None = None
    """Where workers come from elsewhere, None where they are started."""
    mix: Mix = field(default_factory=Mix)
    budgets: Path = SHIPPED
    shape: Shape | None = None
    turns: tuple[Turn, ...] = ()

    def shaped(self) -> tuple[Shape, float]:
        """Return the shape as it will come, and by how much its time is compressed; raises `InputError`."""
        shape = self.shape or shape_called(self.scenario)
        is_first_bell = self.shape is None and self.scenario == "first-bell"
        minutes = self.minutes or (FIRST_BELL_MINUTES if is_first_bell else None)
        compression = self.compression or (FIRST_BELL_COMPRESSION if is_first_bell else 1.0)
        if minutes is not None:
            shape = shape.until(minutes * 60)
        return shape.compressed(compression), compression

    def read_budgets(self) -> Budgets:
        """Return what the run may cost; raises `InputError`."""
        return read_budgets(self.budgets)


@dataclass(frozen=True)
class Prepared:
    """A run that can begin."""

    folder: RunFolder
    run: Run
    orders: Orders


def prepare(asked: Asked, declaration: Path, state: Path, target: Target, now: datetime) -> Prepared:
    """Make the folder of a run; raises `InputError` for what cannot be run, before anything is written."""
    shape, compression = asked.shaped()
    budgets = asked.read_budgets()
    federation = load(declaration)
    find_simulated_service(federation, asked.service)
    schedule = arrivals(shape, asked.peak, asked.seed)
    _check_somebody_comes(federation, asked)
    run = Run(
        scenario=asked.scenario,
        points=shape.points,
        peak=asked.peak,
        compression=compression,
        seed=asked.seed,
        workers=asked.workers,
        service=asked.service,
        stack=target.stack,
        targets={part: target.origins.of(part) for part in PARTS},
        started=now,
        scheduled=len(schedule),
        versions=_versions(),
        machine=_machine(),
        budgets=budgets,
    )
    folder = RunFolder.create(state, asked.scenario, now)
    text = declaration.read_text("utf-8")
    write_file(folder.declaration, text.encode("utf-8"), PRIVATE)
    folder.write_run(run)
    orders = Orders(
        declaration=text,
        origins={part: target.origins.of(part) for part in PARTS},
        run_token=target.run_token,
        service=asked.service,
        shape=shape_document(shape),
        peak=asked.peak,
        seed=asked.seed,
        now=now.astimezone(UTC).isoformat(),
        workers=asked.workers,
        mix=asdict(asked.mix),
        ca_certificate=target.ca_certificate,
        turns=tuple(map(asdict, asked.turns)),
        localhost=os.environ.get(LOCALHOST_VARIABLE, LOOPBACK),
    )
    return Prepared(folder, run, orders)


def _check_somebody_comes(federation: Federation, asked: Asked) -> None:
    next(visits(federation, arrivals(Shape("one", ((0.0, 1.0), (60.0, 1.0))), 1.0, asked.seed), asked.seed), None)


def _versions() -> Mapping[str, str]:
    found = {"testbed": part_version(), "python": platform.python_version()}
    return {**found, **{library: version(library) for library in _LIBRARIES}}


def _machine() -> Machine:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(cores=os.cpu_count() or 1, memory=memory)
