# SPDX-License-Identifier: Apache-2.0
"""What the master tells its workers, so that they need no option, no file and no state of their own. Pure.

Each worker makes the whole schedule from the seed and takes its own part of it, so nothing of the schedule is sent.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from federation.endpoints import Endpoints, Origins
from federation.errors import InputError
from federation.loader import loads
from loadtests.briefing import Briefing, Briefings
from loadtests.roster import Mix, visits
from loadtests.schedule import arrivals, part_of
from loadtests.shapes import Shape
from loadtests.turns import Turn


@dataclass(frozen=True)
class Orders:
    """One run: the declaration as text, the addresses, what opens doors to scripts, and what comes when.

    `ca_certificate` is PEM, None on http; `localhost` is where names below localhost are reached. `turns` are what is
    declared otherwise in the middle, in the order of time.
    """

    declaration: str
    origins: dict[str, str]
    run_token: str
    service: str
    shape: dict[str, Any]
    peak: float
    seed: int
    now: str
    workers: int
    mix: dict[str, float]
    ca_certificate: str | None = None
    localhost: str = "127.0.0.1"
    turns: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> str:
        """Return the orders as one text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; raises `InputError` for anything else."""
        try:
            found = json.loads(text)
            return cls(**{**found, "turns": tuple(found.get("turns", ()))})
        except (ValueError, TypeError, AttributeError) as error:
            message = f"not a load run's orders: {error}"
            raise InputError(message) from error


def shape_document(shape: Shape) -> dict[str, Any]:
    """Return a shape as orders carry it."""
    return {"name": shape.name, "points": shape.points, "clumped": shape.clumped}


def shape_of(document: dict[str, Any]) -> Shape:
    """Return the shape that orders carry."""
    points = tuple((float(at), float(share)) for at, share in document["points"])
    return Shape(str(document["name"]), points, float(document["clumped"]))


def briefings_of(orders: Orders, worker: int) -> list[Briefing]:
    """Return what `worker` (from 0) is to do, in the order of time; raises `InputError` for what cannot be done."""
    federation = loads(orders.declaration.encode("utf-8"), "federation.yaml")
    schedule = arrivals(shape_of(orders.shape), orders.peak, orders.seed)
    who = visits(federation, schedule, orders.seed, Mix(**orders.mix))
    mine = {arrival.number for arrival in part_of(schedule, worker, orders.workers)}
    endpoints = Endpoints(Origins(**orders.origins))
    turns = [Turn(**turn) for turn in orders.turns]
    briefings = Briefings(federation, endpoints, orders.service, datetime.fromisoformat(orders.now), turns)
    return list(briefings.of(visit for visit in who if visit.arrival.number in mine))
