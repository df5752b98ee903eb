# SPDX-License-Identifier: Apache-2.0
"""Switching named faults on and off at the simulated identity providers, by the simulators' control endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from federation.errors import InputError, MissingError
from federation.suggestion import did_you_mean, quoted
from idp_simulators.control.endpoint import CONTROL_PATH
from idp_simulators.control.operations import UNTIL_CLEARED
from idp_simulators.faults import FAULTS
from idp_simulators.faults.network import NETWORK_FAULTS
from party.run_token import AUTHORIZATION, bearer
from testbed.flow.people import PersonRef
from testbed.stacks.protocol import Stack

TWIN_SUFFIX: Final = ":twin"

REPLAYED: Final = frozenset({"replayed", "opinsys-replayed"})
"""The faults that are the browser's: the identity provider answers rightly, and the answer is delivered twice."""


@dataclass(frozen=True)
class FaultOrder:
    """What is to be switched on: for the next answer of anybody, unless said otherwise; `times` None stays on."""

    fault: str
    is_twin: bool = False
    person: PersonRef | None = None
    provider: str | None = None
    times: int | None = 1


def arm_fault(stack: Stack, person: PersonRef, fault: str) -> None:
    """Have the next response about this person carry `fault`, or with `:twin` the change within the bounds.

    Raises `InputError` for a fault that does not exist, `MissingError` where the simulators do not answer.
    """
    fault_id = fault.removesuffix(TWIN_SUFFIX)
    if fault_id not in FAULTS:
        message = f"--fault {quoted(fault)}: there is none of this name{did_you_mean(fault_id, FAULTS)}"
        raise InputError(message)
    set_fault(stack, FaultOrder(fault_id, is_twin=fault.endswith(TWIN_SUFFIX), person=person))


def set_fault(stack: Stack, order: FaultOrder) -> Mapping[str, Any]:
    """Switch the fault on and return how it waits.

    Raises `InputError` for what the simulators do not take, `MissingError` where they do not answer.
    """
    names = (*FAULTS, *NETWORK_FAULTS)
    if order.fault not in names:
        message = f"fault {quoted(order.fault)}: there is none of this name{did_you_mean(order.fault, names)}"
        raise InputError(message)
    document = {
        "fault": order.fault,
        "twin": order.is_twin,
        "person": None if order.person is None else str(order.person),
        "provider": order.provider,
        "times": UNTIL_CLEARED if order.times is None else order.times,
    }
    waiting: Mapping[str, Any] = _ask(stack, "POST", document)["waiting"]
    return waiting


def list_faults(stack: Stack) -> Mapping[str, Any]:
    """Return the faults that there are, and those that wait; raises `MissingError` where nobody answers."""
    return _ask(stack, "GET")


def clear_faults(stack: Stack) -> int:
    """Switch every fault off and return how many there were; raises `MissingError` where nobody answers."""
    return int(_ask(stack, "DELETE")["switched_off"])


def _ask(stack: Stack, method: str, document: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    with stack.client() as client:
        try:
            response = client.request(
                method,
                f"{stack.origins.idp}{CONTROL_PATH}",
                json=document,
                headers={AUTHORIZATION: bearer(stack.run_token)},
            )
            answer: Mapping[str, Any] = response.json()
        except (httpx.HTTPError, ValueError) as error:
            message = f"the identity provider simulators do not answer: {error}"
            raise MissingError(message) from error
    if not response.is_success:
        raise InputError(str(answer.get("error", response.status_code)))
    return answer
