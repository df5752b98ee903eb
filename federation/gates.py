# SPDX-License-Identifier: Apache-2.0
"""The checks that stop a whole login at the proxy (design 6).

Before the login page, `check_source`:

- the education provider has joined MPASSid, else `source-not-available`;
- it allows the service, else `service-not-allowed` (facts-mpassid 9; the publisher's activation is a gate of its own);
- by `check_secret`, its client secret or signing certificate has not expired, else `source-secret-expired`
  (facts-mpassid 7: an expired one stops every login of that provider).

After it, `check_person`, in this order:

- a learner id is there, else `learner-id-missing`;
- it has the form `1.2.246.562.` + `24` or `98` + `.` + 11 digits, else `learner-id-invalid`; the check digit is not
  enforced, because published test persons fail it;
- a test person's (98) is taken by the service, else `test-learner-id-not-allowed`;
- with `strict_school_ownership`, every known school is the source's own, else `school-of-another-provider`.

A person without a user id is not stopped here: nothing is sent of them, and the service refuses (design 6).
A refusal names organisations and rules, never a person's data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from federation.home import HomeValues, single
from federation.model import EducationProvider, Rules, Service
from federation.multivalue import split_values
from federation.organisations import OrganisationRegistry
from federation.reasons import Refusal
from federation.source import Source

_LEARNER_ID: Final = re.compile(r"1\.2\.246\.562\.(24|98)\.[0-9]{11}")
_TEST_PERSON: Final = "98"

AllowedServices: TypeAlias = Literal["all"] | tuple[str, ...]


@dataclass(frozen=True)
class SourceGate:
    """What an education provider lets happen: whether it has joined, and the services it allows."""

    provider: str
    mpass: bool
    allowed_services: AllowedServices
    secret_expires: str | None = None
    """The last day of its client secret or signing certificate, as ISO 8601 writes it."""

    @classmethod
    def of(cls, provider_key: str, provider: EducationProvider) -> SourceGate:
        """Return the gate of a declared education provider."""
        return cls(provider_key, provider.mpass, provider.allowed_services, provider.idp.secret_expires)

    def allows(self, service: str) -> bool:
        """Tell whether the service is allowed."""
        return self.allowed_services == "all" or service in self.allowed_services


@dataclass(frozen=True)
class PersonRules:
    """What one service and the federation's switches make of a person."""

    allow_test_learner_ids: bool = True
    strict_school_ownership: bool = False

    @classmethod
    def of(cls, service: Service, rules: Rules) -> PersonRules:
        """Return the rules for a declared service."""
        return cls(service.allow_test_learner_ids, rules.strict_school_ownership)


def check_source(gate: SourceGate, service: str) -> Refusal | None:
    """Return why nobody of this source may sign in to `service`, `None` when they may."""
    if not gate.mpass:
        return Refusal("source-not-available", found=gate.provider)
    if not gate.allows(service):
        return Refusal("service-not-allowed", found=service, expected=", ".join(gate.allowed_services))
    return None


def check_secret(gate: SourceGate, today: date) -> Refusal | None:
    """Return why nobody of this source may sign in today, `None` while what it proves itself with holds."""
    if gate.secret_expires is not None and today.isoformat() > gate.secret_expires:
        return Refusal(
            "source-secret-expired", found=f"{gate.provider}: {gate.secret_expires}", expected=f"{today} or later"
        )
    return None


def check_person(
    home: HomeValues, source: Source, registry: OrganisationRegistry, rules: PersonRules
) -> Refusal | None:
    """Return why this person's login stops at the proxy, `None` when it goes on."""
    return _check_learner_id(single(home.learner_id), rules) or (
        _check_ownership(home, source, registry) if rules.strict_school_ownership else None
    )


def _check_learner_id(learner_id: str | None, rules: PersonRules) -> Refusal | None:
    if learner_id is None:
        return Refusal("learner-id-missing")
    form = _LEARNER_ID.fullmatch(learner_id)
    if form is None:
        return Refusal("learner-id-invalid", expected="1.2.246.562.24 or 1.2.246.562.98, a dot and 11 digits")
    if form[1] == _TEST_PERSON and not rules.allow_test_learner_ids:
        return Refusal("test-learner-id-not-allowed", found="class 98", expected="class 24")
    return None


def _check_ownership(home: HomeValues, source: Source, registry: OrganisationRegistry) -> Refusal | None:
    for code in split_values(home.school_codes):
        organisation = registry.find(code)
        if organisation is not None and organisation.parent_oid != source.oid:
            return Refusal("school-of-another-provider", found=organisation.parent_oid, expected=source.oid)
    return None
