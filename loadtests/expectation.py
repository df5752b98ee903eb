# SPDX-License-Identifier: Apache-2.0
"""How a person's login must end, computed from the model: the same pure rules that the parts are built from.

A login that ends otherwise is a failure of the run, however quickly it was answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from federation.gates import SourceGate, check_secret, check_source
from federation.model import Federation
from federation.organisations import OrganisationRegistry
from sp_stub.rules.business import Business
from sp_stub.rules.decision import decide
from sp_stub.rules.person import mpassid_person
from testbed.attribute_path import attribute_path
from testbed.flow.people import PersonRef

ACCOUNT_NOT_CONNECTED: Final = "account-not-connected"
"""The home organisation stops who has no MPASS data, after the proxy's gate and before everything of the person."""


@dataclass(frozen=True)
class Expectation:
    """How a login ends: the uid and the schools that the service must see are empty where it sees none."""

    outcome: Literal["session", "refused"]
    because: str | None = None
    uid: str | None = None
    schools: tuple[str, ...] = ()


@dataclass(frozen=True)
class Window:
    """An expectation, and from when to when it may be the right one, in seconds from the schedule's start."""

    expectation: Expectation
    begins: float
    ends: float

    def meets(self, began: float, ended: float) -> bool:
        """Tell whether a login that was under way for so long may end so."""
        return began <= self.ends and ended >= self.begins


@dataclass
class Expectations:
    """Expected endings at one service, each person's computed once."""

    federation: Federation
    service: str
    business: Business
    _known: dict[PersonRef, Expectation] = field(default_factory=dict)
    _registry: OrganisationRegistry | None = None

    def of(self, person: PersonRef, now: datetime) -> Expectation:
        """Return how the person's login ends when nothing but the declaration decides."""
        if person not in self._known:
            self._registry = self._registry or OrganisationRegistry.of(self.federation)
            self._known[person] = self._computed(person, now, self._registry)
        return self._known[person]

    def _computed(self, person: PersonRef, now: datetime, registry: OrganisationRegistry) -> Expectation:
        provider, declared = person.declared(self.federation)
        gate = SourceGate.of(person.provider, provider)
        at_source = check_source(gate, self.service) or check_secret(gate, now.date())
        if at_source is None and not declared.mpass_data:
            return Expectation("refused", ACCOUNT_NOT_CONNECTED)
        path = attribute_path(self.federation, person, self.service, registry, today=now.date())
        if path.refusal is not None:
            return Expectation("refused", path.refusal.reason_id)
        return expected_at_service(path.released, self.business, now)


def expected_at_service(released: Mapping[str, tuple[str, ...]], business: Business, now: datetime) -> Expectation:
    """Return what the service makes of the attributes that are released to it."""
    person = mpassid_person(released, business.school_names)
    decision = decide(person, business, now)
    return Expectation(
        decision.outcome,
        decision.because,
        uid=person.id or None,
        schools=tuple(school.code for school in decision.schools),
    )
