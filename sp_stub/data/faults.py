# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a service's database, in words that quote neither a password nor a row."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from federation.errors import TestbedError

_CAUSES: Final = {
    r"password authentication failed|no password supplied": "it refuses the user name or the password",
    r'role ".*" does not exist|no pg_hba\.conf entry': "it refuses the user name or the password",
    r'database ".*" does not exist': "it has no such database",
    r"permission denied for (database|schema)": "the user may not make tables (GRANT CREATE ON DATABASE)",
    r"Connection refused|No such file or directory": "nobody answers there",
    r"translate host name|resolve host|Name or service not known": "there is no such host",
    r"timeout expired|timed out|does not answer in time": "it does not answer in time",
    r"too many (clients|connections)|remaining connection slots": "it takes no more connections",
    r"is starting up|is shutting down|terminating connection|server closed the connection": "it is starting or stopping",
    r"unable to open database file": "the file cannot be opened",
    r"file is not a database": "the file is no SQLite database",
    r"database (table )?is locked": "another process holds it",
    r"disk is full": "the disk is full",
    r"readonly database": "the file may not be written",
}
"""What drivers and servers say, and what it means; their own text is not passed on, since it may quote a row."""


class DatabaseUnavailableError(TestbedError):
    """The service's database does not answer, or cannot be used."""


class DatabaseNotOursError(DatabaseUnavailableError):
    """The database is newer than this code, or somebody else's; nothing in it was changed."""


def unavailable(error: SQLAlchemyError, url: URL) -> DatabaseUnavailableError:
    """Return the error for a fault of the database at `url`, without the password in it."""
    return DatabaseUnavailableError(f"the database does not answer ({place_of(url)}: {_cause(error)})")


def place_of(url: URL) -> str:
    """Return where a database is, without who asks: the file, or host, port and name."""
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    host = f"[{url.host}]" if url.host and ":" in url.host else url.host
    return f"{host or 'localhost'}:{url.port or 5432}/{url.database or ''}"


def _cause(error: SQLAlchemyError) -> str:
    said = str(getattr(error, "orig", None) or "")
    return next((meaning for sign, meaning in _CAUSES.items() if re.search(sign, said)), type(error).__name__)
