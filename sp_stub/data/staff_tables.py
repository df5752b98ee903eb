# SPDX-License-Identifier: Apache-2.0
"""The tables of customer service: who works there now, what they decided, and what was counted.

A subject is who or what an act was about, as its kind and its id (`school` and `30076`, `user` and `12`). Nothing here
names a person but by that id: who empties the table of users leaves ids that lead nowhere.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from sp_stub.data.tables import HASH_LENGTH, METADATA, UtcDateTime

KEY_LENGTH: Final = 61
SUBJECT_LENGTH: Final = 61

STAFF_SESSIONS: Final = Table(
    "staff_sessions",
    METADATA,
    Column("id", String(HASH_LENGTH), primary_key=True),
    Column("staff", String(KEY_LENGTH), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Index("staff_sessions_ends_at", "ends_at"),
)

BUSINESS_CHANGES: Final = Table(
    "business_changes",
    METADATA,
    Column("kind", String(20), nullable=False),
    Column("subject", String(SUBJECT_LENGTH), nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("kind", "subject"),
)
"""What customer service decided otherwise than the declaration; a row goes when it is as declared again."""

STAMPS: Final = Table(
    "stamps",
    METADATA,
    Column("name", String(20), primary_key=True),
    Column("stamp", String(HASH_LENGTH), nullable=False),
)
"""What a worker compares to know whether what it remembers is still so."""

AUDIT_TRAIL: Final = Table(
    "audit_trail",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("staff", String(KEY_LENGTH), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject_kind", String(20), nullable=False),
    Column("subject", String(SUBJECT_LENGTH), nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Index("audit_trail_subject", "subject_kind", "subject"),
    Index("audit_trail_action", "action"),
)
"""Append-only: the database itself refuses to change or remove a row (`sp_stub.data.append_only`)."""

SUPPORT_VIEWS: Final = Table(
    "support_views",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("staff", String(KEY_LENGTH), nullable=False),
    Column("staff_session", String(HASH_LENGTH), nullable=False),
    Column("user_id", Integer, nullable=False),
    Column("message", Integer, nullable=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Index("support_views_staff_session", "staff_session"),
    Index("support_views_user", "user_id"),
    Index("support_views_ends_at", "ends_at"),
)

GRANTS: Final = Table(
    "grants",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("user_id", Integer, nullable=False),
    Column("product", String(KEY_LENGTH), nullable=False),
    Column("school", String(5), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    UniqueConstraint("user_id", "product", "school", name="grants_once"),
    Index("grants_school", "school"),
)
"""Products of a school that customer service gave to a single person: an itinerant teacher without MPASS."""

OPENINGS: Final = Table(
    "openings",
    METADATA,
    Column("day", Date, nullable=False),
    Column("customer", String(KEY_LENGTH), nullable=False),
    Column("school", String(5), nullable=False),
    Column("product", String(KEY_LENGTH), nullable=False),
    Column("pseudonym", String(HASH_LENGTH), nullable=False),
    Column("count", Integer, nullable=False),
    PrimaryKeyConstraint("day", "customer", "school", "product", "pseudonym"),
)
"""How often a product was opened on a day; a pseudonym is random, and who it is stands in the table of users alone."""
