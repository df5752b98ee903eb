# SPDX-License-Identifier: Apache-2.0
"""Expected endings are what the chain really does, for everybody who is declared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from certs.keys import Keys
from federation.model import Federation
from loadtests.expectation import Expectation, Expectations
from sp_stub.config import ServiceConfig
from sp_stub.rules.business import Business, Changes
from testbed.assembly import rendered_files
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import PersonRef
from testbed.stacks.in_process import ORIGINS, InProcessStack

NOON = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


def declared_business(federation: Federation, keys: Keys, service: str) -> Business:
    files = rendered_files(federation, ORIGINS, keys.pairs)
    return Business.of(ServiceConfig.from_json(files[f"{service}/config.json"]))


@pytest.mark.thorough
@pytest.mark.parametrize("service", ["publisher", "portal"])
def test_expects_what_the_chain_does(in_process: InProcessStack, keys: Keys, service: str):
    """Outcome, reason and schools of every declared person, computed and seen."""
    expectations = Expectations(in_process.federation, service, declared_business(in_process.federation, keys, service))
    wrong = {}
    for key, provider in in_process.federation.education_providers.items():
        for user_name in provider.people:
            person = PersonRef(key, user_name)
            result = login(in_process, LoginPlan(person, service))
            uid = result.attributes.get("uid", [None])[0]
            seen = Expectation(result.outcome, result.because, uid, tuple(result.schools))
            if seen != expectations.of(person, NOON):
                wrong[str(person)] = (seen, expectations.of(person, NOON))
    assert wrong == {}


def test_expects_what_staff_changed(in_process: InProcessStack, keys: Keys):
    """A school that staff activated gives a session, where the declaration alone would end in error 105."""
    business = declared_business(in_process.federation, keys, "publisher")
    changed = business.with_changes(Changes(activated={"30080": True}))
    person = PersonRef("mansikkala", "demo_u0034")

    before, after = (
        Expectations(in_process.federation, "publisher", each).of(person, NOON) for each in (business, changed)
    )

    assert before.because == "school-not-activated"
    assert after.schools == ("30080",)
