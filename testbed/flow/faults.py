# SPDX-License-Identifier: Apache-2.0
"""Switching a named fault on at the person's identity provider, by the simulators' control endpoint."""

from __future__ import annotations

from typing import Final

import httpx

from federation.errors import InputError, MissingError
from federation.suggestion import did_you_mean, quoted
from idp_simulators.control import CONTROL_PATH
from idp_simulators.faults import FAULTS
from party.run_token import AUTHORIZATION, bearer
from testbed.flow.people import PersonRef
from testbed.stacks.protocol import Stack

TWIN_SUFFIX: Final = ":twin"

REPLAYED: Final = "replayed"
"""The one fault that is the browser's: the identity provider answers rightly, and the answer is delivered twice."""


def arm_fault(stack: Stack, person: PersonRef, fault: str) -> None:
    """Have the next response about this person carry `fault`, or with `:twin` the change within the bounds.

    Raises `InputError` for a fault that does not exist, `MissingError` where the simulators do not answer.
    """
    fault_id = fault.removesuffix(TWIN_SUFFIX)
    if fault_id not in FAULTS:
        message = f"--fault {quoted(fault)}: there is none of this name{did_you_mean(fault_id, FAULTS)}"
        raise InputError(message)
    order = {"fault": fault_id, "twin": fault.endswith(TWIN_SUFFIX), "person": str(person)}
    with stack.client() as client:
        try:
            response = client.post(
                f"{stack.origins.idp}{CONTROL_PATH}",
                json=order,
                headers={AUTHORIZATION: bearer(stack.run_token)},
            )
        except httpx.HTTPError as error:
            message = f"the identity provider simulators do not answer: {error}"
            raise MissingError(message) from error
    if not response.is_success:
        message = f"--fault {quoted(fault)}: {response.json().get('error', response.status_code)}"
        raise InputError(message)
