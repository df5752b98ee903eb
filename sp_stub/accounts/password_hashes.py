# SPDX-License-Identifier: Apache-2.0
"""Passwords as hashes: argon2id (RFC 9106), few at a time.

The rules:
- The cost is OWASP's least for argon2id: 19 MiB, two passes, one lane, about 20 ms of one core. It is written in each
  hash, and a hash of another cost still verifies.
- One password is computed at a time and two wait: of the eight threads of a process at most three are ever busy with
  passwords, so that a storm of them keeps nobody from signing in by MPASSid. Who comes beyond that is told at once.
- Where there is no hash to compare with, one of nothing is computed: an account that does not exist takes as long as a
  wrong password.
- A password is compared in NFC, so that the same letters typed on another keyboard are the same password (RFC 8265).
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from federation.errors import TestbedError

LONGEST: Final = 128
"""Characters of a password; what is longer is nobody's, and not worth computing."""


@dataclass(frozen=True)
class HashCost:
    """What one hash costs: memory in KiB, and passes over it."""

    memory: int = 19 * 1024
    passes: int = 2


class PasswordsBusyError(TestbedError):
    """More passwords are being computed than this process may."""


class PasswordHashes:
    """The hashes of one process."""

    def __init__(self, cost: HashCost | None = None, *, at_once: int = 1, waiting: int = 2) -> None:
        """Compute `at_once` hashes at a time while `waiting` wait."""
        cost = cost or HashCost()
        self._hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory, parallelism=1)
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)

    def hash(self, password: str) -> str:
        """Return what is kept of `password`, salted anew; raises `PasswordsBusyError`."""
        with self.turn():
            return self._hasher.hash(_bytes(password))

    def verify(self, kept: str | None, typed: str) -> bool:
        """Tell whether `kept` was made of `typed`, at the same cost where nothing is kept; raises `PasswordsBusyError`.

        What is longer than any password is wrong without being computed.
        """
        if len(typed) > LONGEST:
            return False
        with self.turn():
            of_nobody = self._of_nobody
            try:
                is_right = self._hasher.verify(kept or of_nobody, _bytes(typed))
            except (VerificationError, InvalidHashError):
                return False
        return is_right and kept is not None

    def check_place(self) -> None:
        """Raise `PasswordsBusyError` where too many passwords are under way for one more."""
        self._take_place()
        self._places.release()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn to compute; raises `PasswordsBusyError` at once where too many wait already."""
        self._take_place()
        try:
            with self._turns:
                yield
        finally:
            self._places.release()

    def _take_place(self) -> None:
        if not self._places.acquire(blocking=False):
            message = "too many passwords are being checked at once"
            raise PasswordsBusyError(message)

    @cached_property
    def _of_nobody(self) -> str:
        """What nothing is compared with; made in somebody's turn."""
        return self._hasher.hash("")


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogateescape")
