# SPDX-License-Identifier: Apache-2.0
"""The tables of the people a service knows, of their own accounts, and of the mail it sent them.

Everybody is one row of `users`: who comes by MPASSid has a `uid`, who has an account of the service's own a row of
`accounts` beside it. What a login brings is put over what the one before it brought; what people and customer service
did (names, mail, terms, blocks) stands in columns that no login touches.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from sp_stub.data.tables import HASH_LENGTH, METADATA, UtcDateTime

USERS: Final = Table(
    "users",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("uid", Text, nullable=True),
    Column("customer", String(64), nullable=True),
    Column("learner_hash", String(HASH_LENGTH), nullable=True),
    Column("pseudonym", String(43), nullable=False),
    Column("held", JSON, nullable=False),
    Column("display_name", String(100), nullable=True),
    Column("mail", String(254), nullable=True),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("blocked_at", UtcDateTime, nullable=True),
    Column("closed_at", UtcDateTime, nullable=True),
    Column("joined_to", Integer, ForeignKey("users.id"), nullable=True),
    Column("terms_version", String(41), nullable=True),
    Column("terms_accepted_at", UtcDateTime, nullable=True),
    Index("users_uid", "uid", unique=True),
    Index("users_pseudonym", "pseudonym", unique=True),
    Index("users_customer", "customer"),
    Index("users_learner_hash", "learner_hash"),
)

MEMBERSHIPS: Final = Table(
    "memberships",
    METADATA,
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True),
    Column("school", String(5), primary_key=True),
    Column("group_name", String(100), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("given_by", String(20), primary_key=True),
    Index("memberships_school", "school", "group_name"),
)

ACCOUNTS: Final = Table(
    "accounts",
    METADATA,
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True),
    Column("user_name", String(254), nullable=False),
    Column("mail_key", String(254), nullable=True),
    Column("password_hash", String(200), nullable=True),
    Column("made_by", String(20), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("password_changed_at", UtcDateTime, nullable=True),
    Column("of_age_on", Date, nullable=True),
    Column("guardian_mail", String(254), nullable=True),
    Column("guardian_consented_at", UtcDateTime, nullable=True),
    Index("accounts_user_name", "user_name", unique=True),
    Index("accounts_mail_key", "mail_key", unique=True),
)

MAIL_TOKENS: Final = Table(
    "mail_tokens",
    METADATA,
    Column("token", String(HASH_LENGTH), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=True),
    Column("content", JSON, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("mail_tokens_user", "user_id", "purpose"),
    Index("mail_tokens_expires_at", "expires_at"),
)

SIGN_IN_TRIES: Final = Table(
    "sign_in_tries",
    METADATA,
    Column("name", String(HASH_LENGTH), primary_key=True),
    Column("first_at", UtcDateTime, nullable=False),
    Column("count", Integer, nullable=False),
    Column("locked_until", UtcDateTime, nullable=True),
    Index("sign_in_tries_first_at", "first_at"),
)

SENT_MAIL: Final = Table(
    "sent_mail",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("recipient", String(254), nullable=False),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=True),
    Column("kind", String(40), nullable=False),
    Column("language", String(2), nullable=False),
    Column("link", Text, nullable=True),
    Column("sent_at", UtcDateTime, nullable=False),
    Index("sent_mail_recipient", "recipient", "sent_at"),
    Index("sent_mail_sent_at", "sent_at"),
)
