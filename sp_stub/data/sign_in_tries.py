# SPDX-License-Identifier: Apache-2.0
"""Locked names: after too many wrong passwords for one name, nobody signs in with it for a while.

The rules:
- Five tries without the right password within ten minutes lock a name for five minutes.
- A try counts before its password is looked at, so that tries at the same time, in any worker, are no way around.
- A name that nobody has is locked like any other: a lock says nothing of who exists.
- The right password begins the count anew.

Names are kept as keyed hashes; a row whose time has come goes with the tries that follow it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from sp_stub.data.database import Database
from sp_stub.data.hashing import keyed_hash
from sp_stub.data.people_tables import SIGN_IN_TRIES

MOST_WRONG: Final = 5
COUNTED_TIME: Final = timedelta(minutes=10)
LOCKED_TIME: Final = timedelta(minutes=5)


class SignInTries:
    """Counts tries with a password, by name."""

    def __init__(self, database: Database, secret: bytes) -> None:
        """Count them in `database`, names hashed with `secret`."""
        self._database = database
        self._secret = secret

    def admit(self, name: str, now: datetime) -> datetime | None:
        """Count a try; returns `None` when its password may be looked at, else until when the name is locked."""
        try:
            return self._admit(self._hash(name), now)
        except IntegrityError:
            # another worker counted the first try of this name a moment ago
            return self._admit(self._hash(name), now)

    def forget(self, name: str) -> None:
        """Begin the count of a name anew."""
        with self._database.begin() as connection:
            connection.execute(delete(SIGN_IN_TRIES).where(SIGN_IN_TRIES.c.name == self._hash(name)))

    def _admit(self, name: str, now: datetime) -> datetime | None:
        tries = SIGN_IN_TRIES.c
        of_name = tries.name == name
        with self._database.begin() as connection:
            connection.execute(delete(SIGN_IN_TRIES).where(tries.first_at <= now - COUNTED_TIME - LOCKED_TIME))
            row = connection.execute(
                select(tries.first_at, tries.locked_until).where(of_name).with_for_update()
            ).one_or_none()
            if row is not None and row.locked_until is not None and now < row.locked_until:
                until: datetime = row.locked_until
                return until
            if row is None:
                connection.execute(insert(SIGN_IN_TRIES).values(name=name, first_at=now, count=1))
                return None
            if row.locked_until is not None or now - row.first_at > COUNTED_TIME:
                connection.execute(
                    update(SIGN_IN_TRIES).where(of_name).values(first_at=now, count=1, locked_until=None)
                )
                return None
            connection.execute(update(SIGN_IN_TRIES).where(of_name).values(count=tries.count + 1))
            connection.execute(
                update(SIGN_IN_TRIES).where(of_name, tries.count >= MOST_WRONG).values(locked_until=now + LOCKED_TIME)
            )
            return None

    def _hash(self, name: str) -> str:
        return keyed_hash(self._secret, f"sign-in\n{name}")
