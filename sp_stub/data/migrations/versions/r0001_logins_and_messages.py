# SPDX-License-Identifier: Apache-2.0
"""Logins in progress, answers that were used, sessions, and messages to customer service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sp_stub.data.tables import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables that the database had before it knew its revision."""
    op.create_table(
        "pending_logins",
        sa.Column("relay_state", sa.String(64), primary_key=True),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(100), nullable=False),
        sa.Column("target", sa.String(1000), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
    )
    op.create_index("pending_logins_browser", "pending_logins", ["browser"])
    op.create_index("pending_logins_expires_at", "pending_logins", ["expires_at"])
    op.create_table(
        "consumed_messages",
        sa.Column("message", sa.String(64), primary_key=True),
        sa.Column("expires_at", UtcDateTime, nullable=False),
    )
    op.create_index("consumed_messages_expires_at", "consumed_messages", ["expires_at"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("is_signed_in", sa.Boolean, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("answer", sa.JSON, nullable=False),
    )
    op.create_index("sessions_ends_at", "sessions", ["ends_at"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("reply_to", sa.String(254), nullable=False),
        sa.Column("error_number", sa.Integer, nullable=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("messages_received_at", "messages", ["received_at"])
