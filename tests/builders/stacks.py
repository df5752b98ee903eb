# SPDX-License-Identifier: Apache-2.0
"""Stacks for tests: the shipped declaration and variants of it, on keys made once per test session."""

from __future__ import annotations

import contextlib
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from certs.keys import Keys
from federation.endpoints import PARTS
from federation.errors import MissingError
from federation.loader import load
from federation.model import Federation
from testbed.stacks.addresses import LocalAddresses
from testbed.stacks.in_process import InProcessStack, in_process_stack
from testbed.stacks.launching import Launcher
from testbed.stacks.local import LocalStack, running_stack
from testbed.stacks.readiness import wait_until_ready
from testbed.stacks.start import StartOptions, starting
from testbed.state_folder import StateFolder

SHIPPED: Final = Path(__file__).parents[2] / "federation.yaml"

NOW: Final = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)
"""A school morning; where the clocks of the in-process stacks stand."""


def shipped_federation() -> Federation:
    """Return what federation.yaml declares."""
    return load(SHIPPED)


def strict_federation() -> Federation:
    """Return it with every switch at its strict end: own schools only, no test learner ids at the portal."""
    federation = shipped_federation()
    portal = federation.services["portal"].model_copy(update={"allow_test_learner_ids": False})
    return federation.model_copy(
        update={
            "rules": federation.rules.model_copy(update={"strict_school_ownership": True}),
            "services": {**federation.services, "portal": portal},
        }
    )


def in_process(federation: Federation, keys: Keys) -> InProcessStack:
    """Return a fresh in-process stack whose clocks stand at `NOW`."""
    return in_process_stack(federation, keys, NOW)


@contextmanager
def local(
    federation: Federation, state: Path, keys_from: Path, *, is_tls: bool = False, ahead: timedelta = timedelta()
) -> Iterator[LocalStack]:
    """Run the real processes from `state` on four free ports, with the keys of `keys_from`; none is left afterwards.

    Every part's clock is `ahead` of this machine's, as `up --clock` sets it.
    """
    for folder in ("keys", "secrets"):
        shutil.copytree(keys_from / folder, state / folder, dirs_exist_ok=True)
    for port_base in random.sample(range(20_000, 32_000, 4), 20):
        options = StartOptions(LocalAddresses(port_base, is_tls), dict.fromkeys(PARTS, ahead))
        with contextlib.ExitStack() as stack:
            try:
                started = stack.enter_context(_running(federation, state, options))
            except MissingError:  # a port of this base is taken
                continue
            yield started
            return
    message = "no four free ports in twenty tries"
    raise MissingError(message)


@contextmanager
def _running(federation: Federation, state: Path, options: StartOptions) -> Iterator[LocalStack]:
    with (
        Launcher(state, is_detached=False) as launcher,
        starting(state, "federation.yaml", options, launcher) as start,
    ):
        StateFolder(state).apply(federation, options.origins, datetime.now(UTC))
        wait_until_ready(state, start.start())
        try:
            yield running_stack(state, federation)
        finally:
            start.stop()
