# SPDX-License-Identifier: Apache-2.0
"""The tables of a service's database, for SQLite and PostgreSQL alike.

The browser holds a random id; the tables hold only its keyed hash, so that who reads a table cannot sign in with it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import JSON, Boolean, Column, DateTime, Dialect, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite keeps no time zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Return the moment in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Return the moment with its time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


HASH_LENGTH: Final = 64

METADATA: Final = MetaData()

PENDING_LOGINS: Final = Table(
    "pending_logins",
    METADATA,
    Column("relay_state", String(HASH_LENGTH), primary_key=True),
    Column("browser", String(HASH_LENGTH), nullable=False),
    Column("request_id", String(100), nullable=False),
    Column("target", String(1000), nullable=False),
    Column("language", String(2), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("pending_logins_browser", "browser"),
    Index("pending_logins_expires_at", "expires_at"),
)

CONSUMED_MESSAGES: Final = Table(
    "consumed_messages",
    METADATA,
    Column("message", String(HASH_LENGTH), primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("consumed_messages_expires_at", "expires_at"),
)

SESSIONS: Final = Table(
    "sessions",
    METADATA,
    Column("id", String(HASH_LENGTH), primary_key=True),
    Column("is_signed_in", Boolean, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("user_id", Integer, nullable=True),
    Column("notices", JSON, nullable=True),
    Index("sessions_ends_at", "ends_at"),
    Index("sessions_user_id", "user_id"),
)

MESSAGES: Final = Table(
    "messages",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("received_at", UtcDateTime, nullable=False),
    Column("browser", String(HASH_LENGTH), nullable=False),
    Column("reply_to", String(254), nullable=False),
    Column("error_number", Integer, nullable=True),
    Column("text", Text, nullable=False),
    Column("user_id", Integer, nullable=True),
    Column("handled_at", UtcDateTime, nullable=True),
    Column("handled_by", String(61), nullable=True),
    Column("outcome", String(20), nullable=True),
    Index("messages_received_at", "received_at"),
    Index("messages_user", "user_id"),
)
