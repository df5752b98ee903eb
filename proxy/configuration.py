# SPDX-License-Identifier: Apache-2.0
"""What the proxy reads at start: the rendered `config.json`, as a value that is both written and read here.

Everything in it follows from the declaration and the stack's origins; keys and metadata documents lie beside it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Literal

from pydantic import BaseModel, ConfigDict

from federation.endpoints import Endpoints
from federation.entra_helpers import EntraHelpers
from federation.gates import PersonRules, SourceGate
from federation.home_names import home_names
from federation.model import EducationProvider, Federation, IdpKind, MayBeOwn, Names, Rules, SchoolType
from federation.organisations import Organisation, OrganisationRegistry
from federation.source import Source


class _Configured(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PickerSchool(_Configured):
    """One line of the school picker."""

    code: str
    name: Names
    type: SchoolType


class SourceConfiguration(_Configured):
    """One education provider as the proxy knows it.

    `home_names` maps a registry field (`federation.home.HomeValues`) to the attribute name it arrives by.
    """

    kind: IdpKind = IdpKind.SAML
    base_url: str | None = None
    """What the addresses of one that speaks no SAML begin with; another one's stand in its metadata."""
    source: Source
    gate: SourceGate
    name: Names
    tags: tuple[str, ...]
    home_names: dict[str, str]
    helpers: EntraHelpers = EntraHelpers()
    schools: tuple[PickerSchool, ...]


class ServiceConfiguration(_Configured):
    """One service: the attributes it receives and how its logins are judged."""

    service: str
    receives: tuple[str, ...]
    sign: Literal["both", "response", "assertion"]
    person_rules: PersonRules


class ProxyConfiguration(_Configured):
    """The whole of `config.json`."""

    origin: str
    redirect_origins: tuple[str, ...]
    """Where trusted parties lead a browser on to, beyond the addresses in their metadata."""
    sources: tuple[SourceConfiguration, ...]
    services: tuple[ServiceConfiguration, ...]
    organisations: tuple[Organisation, ...]
    rules: Rules

    def to_bytes(self) -> bytes:
        """Return the file's content: sorted and stable."""
        return (json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def configuration(
    federation: Federation, endpoints: Endpoints, services: Collection[str], sources: Collection[str]
) -> ProxyConfiguration:
    """Return what the proxy needs to know of `federation` on a stack with `endpoints`.

    It trusts only those whose metadata there is: `services`, and of `sources` the education providers; and those that
    speak no SAML and have none. The schools of the others stay known, because the organisation registry is national
    (facts-mpassid 4).
    """
    providers = {
        key: provider
        for key, provider in federation.education_providers.items()
        if key in sources or not provider.idp.kind.is_saml
    }
    parties: list[MayBeOwn] = [
        *(service for key, service in federation.services.items() if key in services),
        *(provider.idp for provider in providers.values()),
    ]
    return ProxyConfiguration(
        origin=endpoints.origins.proxy,
        redirect_origins=tuple(sorted({origin for party in parties for origin in party.redirects_to})),
        sources=tuple(_source(key, provider, endpoints) for key, provider in providers.items()),
        services=tuple(
            ServiceConfiguration(
                service=key,
                receives=service.receives,
                sign=service.sign,
                person_rules=PersonRules.of(service, federation.rules),
            )
            for key, service in federation.services.items()
            if key in services
        ),
        organisations=OrganisationRegistry.of(federation).organisations,
        rules=federation.rules,
    )


def _source(key: str, provider: EducationProvider, endpoints: Endpoints) -> SourceConfiguration:
    kind = provider.idp.kind
    return SourceConfiguration(
        kind=kind,
        base_url=None if kind.is_saml else endpoints.identity_provider(key, kind).base_url,
        source=Source.of(key, provider),
        gate=SourceGate.of(key, provider),
        name=provider.name,
        tags=provider.tags,
        home_names=home_names(provider.idp),
        helpers=EntraHelpers.of(provider.idp),
        schools=tuple(
            PickerSchool(code=school.code, name=school.name, type=school.type)
            for school in provider.schools
            if school.in_picker and school.active and school.type is not SchoolType.OFFICE
        ),
    )
