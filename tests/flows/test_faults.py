# SPDX-License-Identifier: Apache-2.0
"""Each named fault of an identity provider through the whole chain, and its twin beside it (design 9)."""

from __future__ import annotations

import pytest

from idp_simulators.faults import FAULTS
from idp_simulators.faults.fault import Fault
from testbed.flow.faults import REPLAYED, arm_fault
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.stacks.in_process import InProcessStack

every_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.id)


@every_fault
def test_is_refused_by_the_proxy_by_its_reason(in_process: InProcessStack, fault: Fault) -> None:
    """The faulty answer stops at the proxy, with the fault's reason, and the service is told that it failed."""
    person = find_person(in_process.federation, "demo_u0001")
    arm_fault(in_process, person, fault.id)

    result = login(in_process, LoginPlan(person, replays_response=fault.id == REPLAYED))

    assert (result.outcome, result.at, result.because) == ("refused", "proxy", fault.because)
    assert result.saml_status == ("Responder", "AuthnFailed")
    assert result.attributes == {}


@every_fault
def test_has_a_twin_that_ends_in_a_session(in_process: InProcessStack, fault: Fault) -> None:
    """The same change with a value inside the bounds is accepted."""
    person = find_person(in_process.federation, "demo_u0001")
    arm_fault(in_process, person, f"{fault.id}:twin")

    result = login(in_process, LoginPlan(person))

    assert (result.outcome, result.schools) == ("session", ("30076",)), result.because
