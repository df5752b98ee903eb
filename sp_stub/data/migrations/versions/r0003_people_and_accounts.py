# SPDX-License-Identifier: Apache-2.0
"""People and their memberships, accounts of the service's own with links and tries, mail, whose a session is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sp_stub.data.tables import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables; a session from before belongs to nobody, and goes on without a person."""
    op.create_table(
        "sign_in_tries",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("first_at", UtcDateTime, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    with op.batch_alter_table("sign_in_tries", schema=None) as batch_op:
        batch_op.create_index("sign_in_tries_first_at", ["first_at"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("uid", sa.Text(), nullable=True),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("learner_hash", sa.String(length=64), nullable=True),
        sa.Column("pseudonym", sa.String(length=43), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.Column("display_name", sa.String(length=100), nullable=True),
        sa.Column("mail", sa.String(length=254), nullable=True),
        sa.Column("first_seen", UtcDateTime, nullable=False),
        sa.Column("last_seen", UtcDateTime, nullable=False),
        sa.Column("blocked_at", UtcDateTime, nullable=True),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        sa.Column("joined_to", sa.Integer(), nullable=True),
        sa.Column("terms_version", sa.String(length=41), nullable=True),
        sa.Column("terms_accepted_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["joined_to"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index("users_customer", ["customer"], unique=False)
        batch_op.create_index("users_learner_hash", ["learner_hash"], unique=False)
        batch_op.create_index("users_pseudonym", ["pseudonym"], unique=True)
        batch_op.create_index("users_uid", ["uid"], unique=True)

    op.create_table(
        "accounts",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(length=254), nullable=False),
        sa.Column("mail_key", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("password_changed_at", UtcDateTime, nullable=True),
        sa.Column("of_age_on", sa.Date(), nullable=True),
        sa.Column("guardian_mail", sa.String(length=254), nullable=True),
        sa.Column("guardian_consented_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("user_id"),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index("accounts_mail_key", ["mail_key"], unique=True)
        batch_op.create_index("accounts_user_name", ["user_name"], unique=True)

    op.create_table(
        "mail_tokens",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("token"),
    )
    with op.batch_alter_table("mail_tokens", schema=None) as batch_op:
        batch_op.create_index("mail_tokens_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("mail_tokens_user", ["user_id", "purpose"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("school", sa.String(length=5), nullable=False),
        sa.Column("group_name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("given_by", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("user_id", "school", "group_name", "role", "given_by"),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index("memberships_school", ["school", "group_name"], unique=False)

    op.create_table(
        "sent_mail",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("sent_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("sent_mail", schema=None) as batch_op:
        batch_op.create_index("sent_mail_recipient", ["recipient", "sent_at"], unique=False)
        batch_op.create_index("sent_mail_sent_at", ["sent_at"], unique=False)

    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("notices", sa.JSON(), nullable=True))
        batch_op.create_index("sessions_user_id", ["user_id"], unique=False)
