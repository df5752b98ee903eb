# SPDX-License-Identifier: Apache-2.0
"""What Alembic runs to migrate: in the connection and the transaction that it is given."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from sp_stub.data.all_tables import METADATA
from sp_stub.data.migrations.running import CONNECTION
from sp_stub.data.tables import UtcDateTime


def written(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Return our own column type as a migration writes it; False leaves everything else to Alembic."""
    return "UtcDateTime" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes[CONNECTION],
    target_metadata=METADATA,
    # SQLite cannot change a column in place: such a migration copies the table
    render_as_batch=True,
    # ours is begun already, and SQLite takes table changes back like any other
    transactional_ddl=True,
    render_item=written,
)
context.run_migrations()
