# SPDX-License-Identifier: Apache-2.0
"""Each named fault of an identity provider through the whole chain, and its twin beside it (design 9)."""

from __future__ import annotations

import pytest

from certs.keys import Keys
from idp_simulators.faults import FAULTS
from idp_simulators.faults.fault import Fault
from testbed.flow.faults import REPLAYED, arm_fault
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.in_process import InProcessStack
from tests.builders.service_requests import asking

every_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.id)


def log_in(stack: InProcessStack, keys: Keys, fault: Fault, *, twin: bool) -> LoginResult:
    """Log in with the fault or its twin, at a service that asks for a fresh sign-in where the fault needs that."""
    person = find_person(stack.federation, "demo_u0001")
    arm_fault(stack, person, f"{fault.id}:twin" if twin else fault.id)
    plan = LoginPlan(person, replays_response=fault.id == REPLAYED and not twin)
    if not fault.needs_force_authn:
        return login(stack, plan)
    with stack.client() as browser, asking(browser, keys.pairs["sp-publisher"], force_authn):
        return login(stack, plan, browser)


def force_authn(request: str) -> str:
    """Ask for a fresh sign-in."""
    return request.replace(" ID=", ' ForceAuthn="true" ID=', 1)


@every_fault
def test_is_refused_by_the_proxy_by_its_reason(in_process: InProcessStack, keys: Keys, fault: Fault) -> None:
    """The faulty answer stops at the proxy, with the fault's reason, and the service is told that it failed."""
    result = log_in(in_process, keys, fault, twin=False)

    assert (result.outcome, result.at, result.because) == ("refused", "proxy", fault.because)
    assert result.saml_status == ("Responder", "AuthnFailed")
    assert result.attributes == {}


@every_fault
def test_has_a_twin_that_ends_in_a_session(in_process: InProcessStack, keys: Keys, fault: Fault) -> None:
    """The same change with a value inside the bounds is accepted."""
    result = log_in(in_process, keys, fault, twin=True)

    assert (result.outcome, result.schools) == ("session", ("30076",)), result.because
