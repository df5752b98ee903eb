# SPDX-License-Identifier: Apache-2.0
"""The business as it is declared, and with what staff did over it."""

from __future__ import annotations

from datetime import UTC, datetime

from federation.publisher import Contract
from sp_stub.rules.business import Changes
from tests.builders.sp_business import business_of

NOON = datetime(2026, 8, 12, 9, 0, tzinfo=UTC)
ONE_O_CLOCK = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)


def test_activates_and_closes_schools_over_the_declaration():
    """What staff never touched follows the declaration."""
    business = business_of().with_changes(Changes(activated={"99905": True, "30076": False}))

    open_schools = [code for code in ("30076", "99904", "99905", "30079") if business.is_activated(code)]

    assert open_schools == ["99904", "99905"]


def test_ends_a_contract_from_a_moment_on():
    """At once, not at the end of the day."""
    business = business_of().with_changes(Changes(contract_ends={"mansikkala": NOON}))

    assert not business.has_contract("mansikkala", NOON)
    assert business.has_contract("mansikkala", NOON.replace(hour=8))
    assert business.has_contract("demola", ONE_O_CLOCK)


def test_lets_a_contract_go_on_that_is_declared_as_ended():
    """Staff may renew it."""
    declared = business_of(contracts={"mansikkala": Contract(ends="2026-08-11")})

    assert not declared.has_contract("mansikkala", NOON)
    assert declared.with_changes(Changes(contract_ends={"mansikkala": None})).has_contract("mansikkala", NOON)


def test_has_a_contract_with_a_school_of_nobody():
    """A school that no declaration knows has no customer whose contract could be over."""
    assert business_of().customer_of("12345") is None
    assert business_of().has_contract(None, NOON)
