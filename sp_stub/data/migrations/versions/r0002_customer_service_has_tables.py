# SPDX-License-Identifier: Apache-2.0
"""Customer service: its sessions, what it decided, the audit trail, support views, grants, statistics."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sp_stub.data.append_only import append_only_statements
from sp_stub.data.tables import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of customer service, and say of a message what became of it."""
    op.create_table(
        "audit_trail",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("staff", sa.String(length=61), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=61), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("audit_trail", schema=None) as batch_op:
        batch_op.create_index("audit_trail_action", ["action"], unique=False)
        batch_op.create_index("audit_trail_subject", ["subject_kind", "subject"], unique=False)

    for statement in append_only_statements(op.get_context().dialect.name, "audit_trail"):
        op.execute(statement)
    op.create_table(
        "business_changes",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=61), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject"),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=61), nullable=False),
        sa.Column("school", sa.String(length=5), nullable=False),
        sa.Column("granted_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("user_id", "product", "school", name="grants_once"),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index("grants_school", ["school"], unique=False)

    op.create_table(
        "openings",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("customer", sa.String(length=61), nullable=False),
        sa.Column("school", sa.String(length=5), nullable=False),
        sa.Column("product", sa.String(length=61), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "customer", "school", "product", "pseudonym"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=61), nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.create_index("staff_sessions_ends_at", ["ends_at"], unique=False)

    op.create_table(
        "stamps",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "support_views",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff", sa.String(length=61), nullable=False),
        sa.Column("staff_session", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=True),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("support_views", schema=None) as batch_op:
        batch_op.create_index("support_views_ends_at", ["ends_at"], unique=False)
        batch_op.create_index("support_views_staff_session", ["staff_session"], unique=False)
        batch_op.create_index("support_views_user", ["user_id"], unique=False)

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("handled_at", UtcDateTime, nullable=True))
        batch_op.add_column(sa.Column("handled_by", sa.String(length=61), nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(length=20), nullable=True))
        batch_op.create_index("messages_user", ["user_id"], unique=False)
