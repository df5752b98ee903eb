# SPDX-License-Identifier: Apache-2.0
"""Data services of real processes that are slow, trickle or break off, and what `testbed fault` says of their kinds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from federation.errors import InputError
from idp_simulators.faults import FAULTS
from idp_simulators.faults.named import AnyFault
from testbed.flow.faults import FaultOrder, clear_faults, set_fault
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.local import LocalStack

pytestmark = pytest.mark.local

PEOPLE = {"wilma": "veera.virta", "opinsys": "oona.oja"}

with_sockets = pytest.mark.parametrize(
    ("fault", "person"),
    [
        pytest.param(fault, PEOPLE[kind], id=f"{fault.id} at {kind}")
        for fault in FAULTS.values()
        for kind in sorted(fault.kinds)
        if fault.needs_sockets
    ],
)


@pytest.fixture
def stack(local: LocalStack) -> Iterator[LocalStack]:
    """Return the running stack, without faults before and after."""
    clear_faults(local)
    yield local
    clear_faults(local)


def log_in(stack: LocalStack, fault: AnyFault, person: str, *, twin: bool) -> tuple[LoginResult, list[object]]:
    """Log in with the fault or its twin; return what came of it, and why there was no data."""
    who, before = find_person(stack.federation, person), len(missing_data(stack))
    set_fault(stack, FaultOrder(fault.id, is_twin=twin, person=who))
    result = login(stack, LoginPlan(who))
    return result, missing_data(stack)[before:]


def missing_data(stack: LocalStack) -> list[object]:
    """Return why there was no data so far; one part tells it, so that the order is that of time."""
    return [event.fields["because"] for event in stack.events() if event.name == "home-data-missing"]


@with_sockets
def test_ends_for_want_of_a_learner_id(stack: LocalStack, fault: AnyFault, person: str) -> None:
    """The person is told so within a few seconds, and the event names the cause."""
    result, told = log_in(stack, fault, person, twin=False)

    assert (result.outcome, result.at, result.because) == ("refused", "proxy", "learner-id-missing")
    assert told == [fault.recorded]


@with_sockets
def test_has_a_twin_that_ends_in_a_session(stack: LocalStack, fault: AnyFault, person: str) -> None:
    """An answer that takes its time within the bounds is an answer."""
    result, told = log_in(stack, fault, person, twin=True)

    assert (result.outcome, told) == ("session", [])


def test_keeps_nobody_else_waiting(stack: LocalStack) -> None:
    """While a Wilma is slow, others sign in at an Opinsys."""
    set_fault(stack, FaultOrder("data-slow", provider="koivuranta", times=None))
    with ThreadPoolExecutor(1) as thread:
        met = thread.submit(login, stack, LoginPlan(find_person(stack.federation, "veera.virta")))
        started = time.monotonic()
        others = login(stack, LoginPlan(find_person(stack.federation, "oona.oja")))
        seconds = time.monotonic() - started
        result = met.result(timeout=60)

    assert (others.outcome, result.because) == ("session", "learner-id-missing")
    assert seconds < 2 * 3.0


@pytest.mark.parametrize(
    ("order", "told"),
    [
        pytest.param(
            FaultOrder("wilma-wrong-nonce", provider="harmaasalmi"),
            "wilma-wrong-nonce exists for kind wilma; harmaasalmi is of kind opinsys",
            id="a Wilma's at an Opinsys",
        ),
        pytest.param(
            FaultOrder("wrong-audience", provider="koivuranta"),
            "wrong-audience exists for kind adfs, entra, google, saml; koivuranta is of kind wilma",
            id="a SAML message's at a Wilma",
        ),
        pytest.param(
            FaultOrder("data-another-person", provider="koivuranta"),
            "data-another-person exists for kind opinsys; koivuranta is of kind wilma",
            id="an Opinsys's at a Wilma",
        ),
    ],
)
def test_refuses_a_fault_of_another_kind(stack: LocalStack, order: FaultOrder, told: str) -> None:
    """Whoever switches on what can never strike is told so, and nothing waits."""
    with pytest.raises(InputError, match=told):
        set_fault(stack, order)

    assert clear_faults(stack) == 0
