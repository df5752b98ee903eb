# SPDX-License-Identifier: Apache-2.0
"""A stamp: what a worker compares to know whether what it remembers of the database is still so.

A stamp is random and not a counter, because a counter that begins anew after `testbed reset` comes back to numbers that
a worker may remember.
"""

from __future__ import annotations

import secrets
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, bindparam, insert, select, update

from sp_stub.data.staff_tables import STAMPS

StampName: TypeAlias = Literal["changes"]

NEVER: Final = ""
"""The stamp of what nobody has changed yet."""

_READ: Final = select(STAMPS.c.stamp).where(STAMPS.c.name == bindparam("name"))
"""Put together once: every page asks it."""


def read_stamp(connection: Connection, name: StampName) -> str:
    """Return the stamp as it stands."""
    return connection.scalar(_READ, {"name": name}) or NEVER


def renew_stamp(connection: Connection, name: StampName) -> None:
    """Make every worker read anew what hangs on the stamp, once this transaction is committed."""
    stamp = secrets.token_hex(16)
    renewed = connection.execute(update(STAMPS).where(STAMPS.c.name == name).values(stamp=stamp))
    if not renewed.rowcount:
        connection.execute(insert(STAMPS).values(name=name, stamp=stamp))
