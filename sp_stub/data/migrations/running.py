# SPDX-License-Identifier: Apache-2.0
"""Running Alembic on a connection that somebody else opened."""

from __future__ import annotations

import threading
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from sp_stub.data.migrations import FOLDER

CONNECTION: Final = "connection"
_ONE_AT_A_TIME: Final = threading.Lock()
"""Alembic's `op` and `context` are global to the process."""


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the database of `connection` to `revision`, within the transaction that is open there."""
    with _ONE_AT_A_TIME:
        command.upgrade(configuration(connection), revision)


def configuration(connection: Connection) -> Config:
    """Return what Alembic is to know: where the migrations lie, and the connection."""
    config = Config(attributes={CONNECTION: connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
