# SPDX-License-Identifier: Apache-2.0
"""Where a service's database is: a SQLite file below the state folder, or PostgreSQL where the environment names one.

Publisher and portal may share one PostgreSQL database: each has a schema of its own, and what else is in the database
is left alone. SQLite has no schemas, so there each part has its file, and no URL can name another: one file for both
would mix what their people did.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from certs.folder import PRIVATE
from federation.errors import InputError
from party.process import DATABASE_URL_VARIABLE
from sp_stub.data.database import Database
from sp_stub.data.engine import read_database_url

Part: TypeAlias = Literal["publisher", "portal"]
PARTS_WITH_DATABASE: Final[tuple[Part, ...]] = ("publisher", "portal")


def named_database(environ: Mapping[str, str]) -> str | None:
    """Return the URL that the environment names, None where it names none.

    Raises `InputError` for what is no PostgreSQL URL.
    """
    text = environ.get(DATABASE_URL_VARIABLE, "").strip()
    if not text:
        return None
    try:
        url = read_database_url(text)
    except InputError as error:
        message = f"{DATABASE_URL_VARIABLE}: {error}"
        raise InputError(message) from error
    if url.get_backend_name() != "postgresql":
        message = (
            f"{DATABASE_URL_VARIABLE}: names a SQLite file, expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE; "
            "without the variable each service has a SQLite file of its own below the state folder"
        )
        raise InputError(message)
    return text


def database_file(state: Path, part: Part) -> Path:
    """Return the SQLite file of a part."""
    return state / "data" / f"{part}.sqlite"


def database_url(state: Path, part: Part, environ: Mapping[str, str]) -> str:
    """Return the URL of a part's database; a file is there afterwards, readable by its owner only.

    What people are called stands in it. Raises `InputError` as `named_database`.
    """
    named = named_database(environ)
    if named is not None:
        return named
    path = database_file(state, part)
    path.parent.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
    path.touch(mode=PRIVATE)  # SQLite gives the files beside it the same mode
    return f"sqlite:///{path}"


def existing_database(state: Path, part: Part, environ: Mapping[str, str]) -> Database | None:
    """Return a part's database, None where it would be a file that is not there; makes none.

    Raises `InputError` as `named_database`.
    """
    named = named_database(environ)
    path = database_file(state, part)
    if named is None and not path.is_file():
        return None
    return Database(named or f"sqlite:///{path}", schema_of(part))


def schema_of(part: Part) -> str:
    """Return the schema of a part in a PostgreSQL database."""
    return f"testbed_{part}"
