# SPDX-License-Identifier: Apache-2.0
"""Many people at once: whoever signs in gets their own values, never those of the person beside them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

import pytest

from certs.keys import Keys
from proxy.store import MemoryStore
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.stacks.in_process import InProcessStack, in_process_stack
from tests.builders.stacks import NOW, shipped_federation

pytestmark = pytest.mark.thorough

PEOPLE: Final = (
    "demo_u0001",
    "demo_u0002",
    "demo_u0003",
    "demo_u0031",
    "aino.kiertavainen",
    "oona.oppilas",
    "elsa.elev",
    "ludvig.larare",
)
SERVICES: Final = ("publisher", "portal", "publisher", "portal")
"""In one browser: the first by signing in, the others by the proxy's session."""
ROUNDS: Final = 3


class MeetingStore(MemoryStore):
    """Holds every login up in the middle of its way through the proxy, until all of them are just there."""

    def __init__(self) -> None:
        """Begin with everybody alone."""
        super().__init__()
        self.meeting = threading.Barrier(1)

    def consume(self, request_id: str, now: datetime, until: datetime) -> bool:
        """Wait for the others, then record."""
        self.meeting.wait(timeout=60)
        return super().consume(request_id, now, until)

    def put_session(self, name: str, sealed: bytes, idle_end: datetime, end: datetime) -> None:
        """Wait for the others, then keep."""
        self.meeting.wait(timeout=60)
        super().put_session(name, sealed, idle_end, end)

    def use_session(self, name: str, now: datetime, idle_end: datetime) -> bytes | None:
        """Wait for the others, then resume."""
        self.meeting.wait(timeout=60)
        return super().use_session(name, now, idle_end)


def received(stack: InProcessStack, person: str) -> list[dict[str, list[str]]]:
    """Return what the services receive of a person who goes through all of them in one browser."""
    with stack.client() as browser:
        plans = [LoginPlan(find_person(stack.federation, person), service) for service in SERVICES]
        return [login(stack, plan, browser).attributes for plan in plans]


def test_gives_each_of_many_at_once_their_own_values(keys: Keys):
    """Eight people at the same step of their logins at the same time, at both services: nobody is anybody else."""
    store = MeetingStore()
    stack = in_process_stack(shipped_federation(), keys, NOW, store=store)
    alone = [received(stack, person) for person in PEOPLE]
    store.meeting = threading.Barrier(len(PEOPLE))
    with ThreadPoolExecutor(len(PEOPLE)) as threads:
        rounds = [list(threads.map(lambda person: received(stack, person), PEOPLE)) for _ in range(ROUNDS)]

    assert len({str(logins[0]["uid"]) for logins in alone}) == len(PEOPLE)
    assert rounds == [alone] * ROUNDS
