# SPDX-License-Identifier: Apache-2.0
"""Where rate limits are counted: in this process's memory, by the service's own clock, never more than so many.

What `limits` brings for memory goes by the machine's time, starts a thread for each count and grows as long as somebody
sends new keys.
"""

from __future__ import annotations

import threading
from typing import Any, Final

from limits.storage import Storage

from party.clock import Clock

SCHEME: Final = "clocked"
MAX_KEYS: Final = 20_000
"""Keys counted at once; beyond that those whose window ends first are forgotten."""


class ClockedStorage(Storage):
    """Counts by key, each gone when its window is over; `limits` finds it by its scheme."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 -- `limits` declares it as a list

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,  # noqa: FBT001, FBT002 -- the signature of `limits`
        **options: Any,  # noqa: ANN401 -- as above; ours is `clock`
    ) -> None:
        """Count by `options["clock"]`."""
        super().__init__(uri, wrap_exceptions)
        self._clock: Clock = options["clock"]
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        """What of our own to wrap: nothing here fails."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count `amount` more for `key`, in a window of `expiry` seconds from its first count; return the sum."""
        now = self._clock().timestamp()
        with self._lock:
            count, ends_at = self._counts.get(key, (0, 0.0))
            if ends_at <= now:
                self._make_room(now)
                count, ends_at = 0, now + expiry
            self._counts[key] = (count + amount, ends_at)
            return count + amount

    def get(self, key: str) -> int:
        """Return the count of `key`."""
        count, ends_at = self._counts.get(key, (0, 0.0))
        return count if ends_at > self._clock().timestamp() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window of `key` ends, in seconds since the epoch; now, where it has none."""
        return self._counts.get(key, (0, self._clock().timestamp()))[1]

    def check(self) -> bool:
        """Memory always answers."""
        return True

    def reset(self) -> int:
        """Forget everything; return how many keys there were."""
        with self._lock:
            forgotten = len(self._counts)
            self._counts.clear()
        return forgotten

    def clear(self, key: str) -> None:
        """Forget `key`."""
        with self._lock:
            self._counts.pop(key, None)

    def _make_room(self, now: float) -> None:
        if len(self._counts) < MAX_KEYS:
            return
        by_end = sorted(self._counts.items(), key=lambda item: item[1][1])
        over = sum(ends_at <= now for _, (_, ends_at) in by_end)
        for key, _ in by_end[: max(over, MAX_KEYS // 10)]:
            del self._counts[key]
