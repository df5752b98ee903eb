# SPDX-License-Identifier: Apache-2.0
"""Counts by a clock that a test moves, in memory that does not grow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from party.clock import MovableClock
from sp_stub.web.limit_storage import MAX_KEYS, ClockedStorage
from tests.builders.sp_response import NOW


@pytest.fixture
def clock() -> MovableClock:
    """Return a clock that stands still."""
    return MovableClock(NOW)


@pytest.fixture
def storage(clock: MovableClock) -> ClockedStorage:
    """Return a storage that counts by `clock`."""
    return ClockedStorage(clock=clock)


def test_counts_until_the_window_ends(storage: ClockedStorage, clock: MovableClock):
    """A window begins with its first count and ends for good."""
    counts = [storage.incr("a", 60), storage.incr("a", 60, 3)]
    clock.advance(timedelta(seconds=59))
    counts.append(storage.incr("a", 60))
    ends_at = storage.get_expiry("a")
    clock.advance(timedelta(seconds=1))

    assert (counts, ends_at) == ([1, 4, 5], NOW.timestamp() + 60)
    assert (storage.get("a"), storage.incr("a", 60)) == (0, 1)


def test_counts_every_one_of_many_threads(storage: ClockedStorage):
    """No count is lost."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: storage.incr("a", 60), range(2000)))

    assert storage.get("a") == 2000


def test_never_holds_more_than_so_many_keys(storage: ClockedStorage):
    """Whoever sends a new key each time pushes out the oldest, and the newest still count."""
    for number in range(MAX_KEYS + 50):
        storage.incr(str(number), 60 + number)

    assert (storage.get("0"), storage.get(str(MAX_KEYS + 49))) == (0, 1)
    assert storage.reset() <= MAX_KEYS


def test_forgets_one_key_or_all(storage: ClockedStorage):
    """As Flask-Limiter asks for."""
    for key in "abc":
        storage.incr(key, 60)
    storage.clear("a")

    assert (storage.get("a"), storage.get("b"), storage.reset(), storage.get("b")) == (0, 1, 2, 0)
    assert storage.check()
