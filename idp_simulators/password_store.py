# SPDX-License-Identifier: Apache-2.0
"""Passwords that people chose at run time, as hashes: in memory, or in a small SQLite file.

The declaration seeds: who is not in here has the documented password (`idp_simulators.passwords`). `apply` never
touches what is here (design 1). Every fault of the file is `PasswordsUnavailableError`, which the app answers with a
page of its own (503).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Protocol

from federation.errors import TestbedError

BUSY_SECONDS: Final = 3.0

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS passwords (provider TEXT NOT NULL, user_name TEXT NOT NULL, hash TEXT NOT NULL, "
    "PRIMARY KEY (provider, user_name)) WITHOUT ROWID"
)


class PasswordsUnavailableError(TestbedError):
    """The passwords that people chose cannot be read or written."""


class PasswordStore(Protocol):
    """The hashes of chosen passwords, by provider and user name."""

    def kept(self, provider: str, user_name: str) -> str | None:
        """Return the hash of the password that the person chose, `None` for who has chosen none.

        Raises `PasswordsUnavailableError`.
        """

    def keep(self, provider: str, user_name: str, password_hash: str) -> None:
        """Put the hash in the place of an older one; raises `PasswordsUnavailableError`."""

    def check(self) -> None:
        """Return when the store answers; raises `PasswordsUnavailableError` when it doesn't."""


class MemoryPasswords:
    """The passwords of one process: in-process stacks and tests."""

    def __init__(self) -> None:
        """Start with nobody having chosen one."""
        self._hashes: dict[tuple[str, str], str] = {}

    def kept(self, provider: str, user_name: str) -> str | None:
        """Return the hash, if there is one."""
        return self._hashes.get((provider, user_name))

    def keep(self, provider: str, user_name: str, password_hash: str) -> None:
        """Put the hash in the place of an older one."""
        self._hashes[provider, user_name] = password_hash

    def check(self) -> None:
        """Return at once: memory always answers."""


class SqlitePasswords:
    """The passwords in a file, kept over restarts; each call opens it anew, which is quick and leaves nothing open."""

    def __init__(self, path: Path) -> None:
        """Open or make the file, readable by its owner only; raises `PasswordsUnavailableError`."""
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
        except OSError as error:
            raise self._unavailable(error) from error
        with self._connection() as connection:
            connection.execute(_TABLE)

    def kept(self, provider: str, user_name: str) -> str | None:
        """Return the hash, if there is one."""
        with self._connection() as connection:
            row = connection.execute(
                "SELECT hash FROM passwords WHERE provider = ? AND user_name = ?", (provider, user_name)
            ).fetchone()
        return None if row is None else str(row[0])

    def keep(self, provider: str, user_name: str, password_hash: str) -> None:
        """Put the hash in the place of an older one, on the disk when this returns."""
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO passwords (provider, user_name, hash) VALUES (?, ?, ?) "
                "ON CONFLICT (provider, user_name) DO UPDATE SET hash = excluded.hash",
                (provider, user_name, password_hash),
            )

    def check(self) -> None:
        """Return when the file can be read."""
        self.kept("", "")

    def count(self) -> int:
        """Return how many people have chosen one."""
        with self._connection() as connection:
            return int(connection.execute("SELECT count(*) FROM passwords").fetchone()[0])

    def forget_all(self) -> None:
        """Leave everybody with the documented password; no hash can be read from the file afterwards."""
        with self._connection() as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("DELETE FROM passwords")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in one transaction, committed and closed at the end."""
        try:
            with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS)) as connection, connection:
                yield connection
        except sqlite3.Error as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> PasswordsUnavailableError:
        return PasswordsUnavailableError(f"{self._path}: the chosen passwords cannot be used ({error})")
