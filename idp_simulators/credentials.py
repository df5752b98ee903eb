# SPDX-License-Identifier: Apache-2.0
"""Whether a typed password is the person's: the one they chose, else the documented one; and whether they are locked.

Every refused try costs the same, one scrypt, whether the user name exists or not, whether its password was changed or
not; a locked name is refused before anything is looked at. So neither time nor text tells who exists. The documented
password costs nothing, because load runs sign in with it.

Who holds the run's token drives a script (`testbed login`): such a try is neither counted nor stopped by a lock, so
that what a person does at the running testbed never blocks the scripted tests, nor they a person.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Final

from idp_simulators.lockout import Lockout
from idp_simulators.password_hashes import SALT_BYTES, hash_password, is_password_of_hash
from idp_simulators.password_store import PasswordStore
from idp_simulators.passwords import is_password_of
from idp_simulators.provider import HomeProvider

MAX_PASSWORD: Final = 200


class Verdict(Enum):
    """What became of a try that was looked at."""

    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True)
class Locked:
    """The user name is locked, whoever it is."""

    until: datetime


@dataclass(frozen=True)
class Credentials:
    """The passwords of all municipalities of one app."""

    store: PasswordStore
    lockout: Lockout

    def judge(
        self, provider: HomeProvider, user_name: str, typed: str, now: datetime, *, is_scripted: bool = False
    ) -> Verdict | Locked:
        """Return what becomes of signing in with this password; raises `PasswordsUnavailableError`."""
        if is_scripted:
            return Verdict.RIGHT if self._fits(provider, user_name, typed) else Verdict.WRONG
        until = self.lockout.admit(provider.key, user_name, now)
        if until is not None:
            return Locked(until)
        if self._fits(provider, user_name, typed):
            self.lockout.forget(provider.key, user_name)
            return Verdict.RIGHT
        until = self.lockout.locked_until(provider.key, user_name, now)
        return Verdict.WRONG if until is None else Locked(until)

    def change(self, provider: HomeProvider, user_name: str, password: str) -> None:
        """Make `password` the person's only one, and unlock them; raises `PasswordsUnavailableError`."""
        self.store.keep(provider.key, user_name, hash_password(password, secrets.token_bytes(SALT_BYTES)))
        self.lockout.forget(provider.key, user_name)

    def _fits(self, provider: HomeProvider, user_name: str, typed: str) -> bool:
        typed = typed[: MAX_PASSWORD + 1]
        exists = provider.people.person(user_name) is not None
        kept = self.store.kept(provider.key, user_name)
        if kept is None and exists and is_password_of(user_name, typed):
            return True
        fits = is_password_of_hash(_nobodys() if kept is None else kept, typed)
        return fits and exists and kept is not None and len(typed) <= MAX_PASSWORD


@cache
def _nobodys() -> str:
    """Return what a try is compared with where nothing is kept: it costs the time, and its outcome does not count."""
    return hash_password(secrets.token_hex(), bytes(SALT_BYTES))
