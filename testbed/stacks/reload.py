# SPDX-License-Identifier: Apache-2.0
"""Letting the parts that run take up what has been applied, without stopping them.

gunicorn starts new workers on SIGHUP and lets the old ones finish what they answer. Logins go on, because their state is
in the browser and in the store; only what the simulators hold in memory (half-typed logins, faults) is forgotten.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

from federation.endpoints import PARTS
from federation.errors import InputError
from testbed.stacks.addresses import LocalAddresses
from testbed.stacks.launching import MODULE
from testbed.stacks.processes import members, wait_for_end
from testbed.stacks.readiness import wait_until_ready
from testbed.stacks.running import has_configuration, read_record

_SECONDS: Final = 15.0


def check_addresses(state: Path, addresses: LocalAddresses) -> None:
    """Raise `InputError` where a testbed runs from `state` on others: its addresses must not change under it."""
    running = read_record(state)
    if running is not None and running.is_alive and running.addresses != addresses:
        message = (
            f"a testbed runs from {state} with {running.addresses.options}, got {addresses.options}; "
            f"say {running.addresses.options}, or stop it by `testbed down`"
        )
        raise InputError(message)


def reload_parts(state: Path, parts: Collection[str]) -> tuple[str, ...]:
    """Let those of `parts` that run from `state` read their folder anew; return their names when they have.

    A part that has no folder any more goes on as it is, because without a part `up` would end.

    Raises `TestbedError` with the end of the log of a part that cannot.
    """
    running = read_record(state)
    if running is None:
        return ()
    reloaded = {
        part: process
        for part, process in running.parts.items()
        if part in parts and process.is_alive() and has_configuration(state, part)
    }
    old = [worker for process in reloaded.values() for worker in members(process, MODULE)]
    for process in reloaded.values():
        process.signal(signal.SIGHUP)
    deadline = time.monotonic() + _SECONDS
    for worker in old:
        wait_for_end(worker, max(0.0, deadline - time.monotonic()))
    if reloaded:
        wait_until_ready(state, running)
    return tuple(reloaded)


def parts_for_the_next_start(state: Path) -> tuple[str, ...]:
    """Return the parts that what runs from `state` lacks, or has too many; none where nothing runs."""
    running = read_record(state)
    if running is None or not running.is_alive:
        return ()
    return tuple(part for part in PARTS if has_configuration(state, part) != (part in running.parts))
