# SPDX-License-Identifier: Apache-2.0
"""What people and staff did while a testbed ran, seen from outside: what there is of it, and taking it back.

The declaration seeds; `apply` never touches this. It lies in the services' databases and, of the identity providers,
in the passwords that people chose. What the proxy remembers of sign-ons ends by itself within an hour and is left
alone: it is also what keeps an answer from being used twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from federation.errors import InputError, MissingError
from idp_simulators.password_store import PasswordsUnavailableError, SqlitePasswords
from party.process import DATABASE_URL_VARIABLE
from sp_stub.data.database import Database
from sp_stub.data.faults import DatabaseNotOursError, DatabaseUnavailableError
from sp_stub.data.place import PARTS_WITH_DATABASE, existing_database
from sp_stub.data.run_time_state import found_in
from testbed.databases import server_place
from testbed.stacks.running import read_record

Keeper: TypeAlias = Literal["publisher", "portal", "idp"]
KEEPERS: Final[tuple[Keeper, ...]] = (*PARTS_WITH_DATABASE, "idp")
"""The parts that keep what people did."""


@dataclass(frozen=True)
class Difference:
    """Where a part's run-time state differs from the declaration: a number, and no person.

    `kind` is for machines, `says` for people; `subjects` are keys and codes of the declaration. What `passes` goes by
    itself within a day.
    """

    part: Keeper
    kind: str
    count: int
    says: str
    subjects: tuple[str, ...] = ()
    passes: bool = False

    def __str__(self) -> str:
        """Return it as one line."""
        subjects = f": {', '.join(self.subjects)}" if self.subjects else ""
        return f"{self.part}: {self.says}{subjects}"

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            "part": self.part,
            "kind": self.kind,
            "count": self.count,
            "says": self.says,
            "subjects": list(self.subjects),
        }


def differences(state: Path, environ: Mapping[str, str], parts: tuple[Keeper, ...] = KEEPERS) -> tuple[Difference, ...]:
    """Return what differs, part by part; changes nothing and makes no file.

    Raises `InputError` for a database that is not for this version, `MissingError` for one that does not answer.
    """
    found: list[Difference] = []
    for part in parts:
        with _answering(part):
            found += _of_identity_providers(state) if part == "idp" else _of_service(state, part, environ)
    return tuple(found)


def clear(state: Path, environ: Mapping[str, str], parts: tuple[Keeper, ...] = KEEPERS) -> None:
    """Leave the parts as the declaration says, whether they run or not; raises as `differences` does."""
    for part in parts:
        with _answering(part):
            if part == "idp":
                passwords = _passwords(state)
                if passwords is not None:
                    passwords.forget_all()
                continue
            database = existing_database(state, part, environ)
            if database is not None:
                with _closed(database):
                    database.clear()


def check_is_the_same_database(state: Path, environ: Mapping[str, str]) -> None:
    """Raise `InputError` where a testbed runs from `state` with another database than the environment names."""
    running = read_record(state)
    named = server_place(environ)
    if running is None or not running.is_alive or running.database == named:
        return
    used, asked = (place or "SQLite files" for place in (running.database, named))
    message = (
        f"the testbed that runs from {state} keeps what people did in {used}, by {DATABASE_URL_VARIABLE} this command "
        f"would look in {asked}; set it as `up` had it, or stop the testbed by `testbed down`"
    )
    raise InputError(message)


def _of_service(state: Path, part: Literal["publisher", "portal"], environ: Mapping[str, str]) -> Iterator[Difference]:
    database = existing_database(state, part, environ)
    if database is None:
        return
    with _closed(database), database.look() as (age, connection):
        if age == "older":
            yield Difference(
                part, "older-database", 1, "a database of an older version; the next `up` brings it up to date"
            )
        for found in found_in(connection) if age == "today" else ():
            yield Difference(part, found.kind, found.count, found.says, found.subjects, found.passes)


def _of_identity_providers(state: Path) -> Iterator[Difference]:
    passwords = _passwords(state)
    count = 0 if passwords is None else passwords.count()
    if count:
        says = "1 password that somebody chose" if count == 1 else f"{count} passwords that people chose"
        yield Difference("idp", "passwords", count, says)


def _passwords(state: Path) -> SqlitePasswords | None:
    """Return the identity providers' chosen passwords, None where none was ever kept."""
    path = state / "data" / "idp.sqlite"
    return SqlitePasswords(path) if path.is_file() else None


@contextmanager
def _closed(database: Database) -> Iterator[None]:
    try:
        yield
    finally:
        database.close()


@contextmanager
def _answering(part: Keeper) -> Iterator[None]:
    try:
        yield
    except DatabaseNotOursError as error:
        message = f"{part}: {error}"
        raise InputError(message) from error
    except (DatabaseUnavailableError, PasswordsUnavailableError) as error:
        message = f"{part}: {error}"
        raise MissingError(message) from error
