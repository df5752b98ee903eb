# SPDX-License-Identifier: Apache-2.0
"""What a municipality's change of keys does to logins: the key in the metadata counts, not the certificate around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from certs.keys import Keys, make_key_pair
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.in_process import InProcessStack
from tests.builders import stacks

ENTITY = "idp-mansikkala"
TWENTY_YEARS = timedelta(days=7300)


def with_pair_of(keys: Keys, offset: timedelta) -> Keys:
    """Return the keys with a pair of Mansikkala's whose certificate began then, and holds for ten years."""
    return replace(keys, pairs={**keys.pairs, ENTITY: make_key_pair(ENTITY, stacks.NOW + offset)})


def log_in(stack: InProcessStack) -> LoginResult:
    return login(stack, LoginPlan(find_person(stack.federation, "demo_u0001")))


@pytest.mark.parametrize(
    "offset", [-TWENTY_YEARS, TWENTY_YEARS], ids=["expired ten years ago", "begins in twenty years"]
)
def test_accepts_a_key_whose_certificate_is_out_of_date(keys: Keys, offset: timedelta) -> None:
    """A certificate in metadata only carries the key; its dates mean nothing (saml2int IIP-MD12, catalogue KY03)."""
    stack = stacks.in_process(stacks.shipped_federation(), with_pair_of(keys, offset))

    assert log_in(stack).outcome == "session"


def test_refuses_the_key_that_was_withdrawn_from_the_metadata(keys: Keys) -> None:
    """A municipality that goes on signing with its old key, after its metadata has the new one, signs nobody in."""
    rolled_over = stacks.in_process(stacks.shipped_federation(), with_pair_of(keys, timedelta()))
    behind = stacks.in_process(stacks.shipped_federation(), keys)
    mixed = replace(rolled_over, parts={**rolled_over.parts, "idp": behind.parts["idp"]})
    result = log_in(mixed)

    assert (result.outcome, result.at, result.because) == ("refused", "proxy", "response-signature-invalid")
