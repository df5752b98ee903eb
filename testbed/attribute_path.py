# SPDX-License-Identifier: Apache-2.0
"""The way of one person's values from the registry through the proxy to a service, by the pure rules alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from federation.drop_rules import Dropped
from federation.gates import PersonRules, SourceGate, check_person, check_secret, check_source
from federation.home import HomeValues
from federation.model import Federation
from federation.organisations import OrganisationRegistry
from federation.reasons import Refusal
from federation.release import release
from federation.source import Source
from federation.values import build_attributes
from testbed.arriving import arriving_values
from testbed.flow.people import PersonRef, find_service


@dataclass(frozen=True)
class AttributePath:
    """What is held, built, released and dropped; `refusal` is set where the login stops at the proxy."""

    person: PersonRef
    service: str
    registry: Mapping[str, tuple[str, ...]]
    built: Mapping[str, tuple[str, ...]]
    released: Mapping[str, tuple[str, ...]]
    dropped: tuple[Dropped, ...]
    refusal: Refusal | None

    def as_json(self) -> dict[str, Any]:
        """Return the object that `attributes --json` prints."""
        return {
            "person": str(self.person),
            "service": self.service,
            "registry": self.registry,
            "built": self.built,
            "released": self.released,
            "dropped": [asdict(each) for each in self.dropped],
            "refused": self.refusal.reason_id if self.refusal else None,
        }


def attribute_path(
    federation: Federation,
    person: PersonRef,
    service_name: str,
    registry: OrganisationRegistry | None = None,
    *,
    today: date | None = None,
) -> AttributePath:
    """Return the whole way; raises `InputError` for a person or service that is not declared.

    A login that is refused releases nothing, whatever would have been built. `registry` is the federation's, for
    whoever asks about many people; it is made where it is not given. Without `today` no secret has expired.
    """
    service = find_service(federation, service_name)
    provider, declared = person.declared(federation)
    held = HomeValues.of(person.user_name, declared)
    home = arriving_values(provider, person.user_name, declared)
    source = Source.of(person.provider, provider)
    registry = registry or OrganisationRegistry.of(federation)
    built = build_attributes(home, source, registry, federation.rules)
    gate = SourceGate.of(person.provider, provider)
    refusal = (
        check_source(gate, service_name)
        or (None if today is None else check_secret(gate, today))
        or check_person(home, source, registry, PersonRules.of(service, federation.rules))
    )
    return AttributePath(
        person=person,
        service=service_name,
        registry={name: values for name, value in asdict(held).items() if (values := _values(value))},
        built=built.values,
        released={} if refusal else release(built.values, service.receives),
        dropped=built.dropped,
        refusal=refusal,
    )


def _values(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
