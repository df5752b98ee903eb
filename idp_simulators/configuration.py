# SPDX-License-Identifier: Apache-2.0
"""What the simulators read at start: the rendered `config.json`, as a value that is both written and read here.

It holds what a login page and an assertion need and no more: no services, no rules, and of schools only the codes that
computed people are at.
"""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import Field, StringConstraints

from federation.endpoints import Endpoints, IdentityProviderEndpoints, flow_name
from federation.generated_people import SchoolPlace
from federation.model import (
    Declared,
    EducationProvider,
    Federation,
    GeneratedPeople,
    IdentityProvider,
    IdpKind,
    Key,
    Names,
    Person,
    PersonKey,
    SchoolCode,
)
from federation.people import PeopleRegistry


class Municipality(Declared):
    """One simulated identity provider and the people its registry holds, by user name."""

    name: Names
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
    idp: IdentityProvider
    people: dict[PersonKey, Person] = Field(default_factory=dict)
    generated_people: GeneratedPeople | None = None
    schools: tuple[SchoolPlace, ...] = ()
    """Where computed people are at; empty where there are none."""
    school_names: dict[SchoolCode, str] = Field(default_factory=dict)
    """Names of its schools by code, for a kind that tells them; empty for the others."""

    @classmethod
    def of(cls, provider: EducationProvider) -> Municipality:
        """Return what the simulators need to know of a declared education provider."""
        people = PeopleRegistry.of(provider)
        return cls(
            name=provider.name,
            colour=provider.colour,
            idp=provider.idp,
            people=dict(people.declared),
            generated_people=people.generated,
            schools=people.schools,
            school_names=_school_names(provider) if provider.idp.kind is IdpKind.OPINSYS else {},
        )

    def registry(self) -> PeopleRegistry:
        """Return everybody its registry holds."""
        return PeopleRegistry(self.people, self.generated_people, self.schools)


def _school_names(provider: EducationProvider) -> dict[str, str]:
    return {school.code: school.name.fi for school in provider.schools}


class SimulatorConfiguration(Declared):
    """The whole of `config.json`: where the simulators answer, and as whom."""

    origin: str
    providers: dict[Key, Municipality]

    def to_bytes(self) -> bytes:
        """Return the file's content: sorted and stable."""
        content = self.model_dump(mode="json", exclude_defaults=True)
        return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()

    def endpoints(self, provider: str) -> IdentityProviderEndpoints:
        """Return the addresses of one provider."""
        return IdentityProviderEndpoints(self.origin, provider, self.providers[provider].idp.kind)

    def flow(self, provider: str) -> str:
        """Return the proxy's name for this source, the word that events use."""
        return flow_name(self.providers[provider].idp.kind, provider)


def configuration(federation: Federation, endpoints: Endpoints) -> SimulatorConfiguration:
    """Return what the simulators need to know of `federation` on a stack with `endpoints`."""
    return SimulatorConfiguration(
        origin=endpoints.origins.idp,
        providers={
            key: Municipality.of(provider)
            for key, provider in federation.education_providers.items()
            if not provider.idp.is_own
        },
    )
