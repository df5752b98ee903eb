# SPDX-License-Identifier: Apache-2.0
"""The services' PostgreSQL server, as `up` finds it before anything runs.

A part that cannot use its database would be waited for in vain; who started it is told why at once, in one line.
"""

from __future__ import annotations

from collections.abc import Mapping

from federation.errors import InputError, MissingError
from sp_stub.data.database import Database
from sp_stub.data.engine import read_database_url
from sp_stub.data.faults import DatabaseNotOursError, DatabaseUnavailableError, place_of
from sp_stub.data.place import PARTS_WITH_DATABASE, named_database, schema_of


def server_place(environ: Mapping[str, str]) -> str:
    """Return where the database is that the environment names, without who asks; empty where it names none.

    Raises `InputError` for what is no PostgreSQL URL.
    """
    url = named_database(environ)
    return "" if url is None else place_of(read_database_url(url))


def check_server(environ: Mapping[str, str]) -> str:
    """Return where the database is that the environment names, if any, when every service can use it.

    Raises `InputError` for a URL or a database that is not for this version, `MissingError` where nobody answers.
    """
    url = named_database(environ)
    for part in PARTS_WITH_DATABASE if url is not None else ():
        database = Database(url or "", schema_of(part))
        try:
            database.check()
        except DatabaseNotOursError as error:
            raise InputError(str(error)) from error
        except DatabaseUnavailableError as error:
            raise MissingError(str(error)) from error
        finally:
            database.close()
    return server_place(environ)
