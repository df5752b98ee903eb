# SPDX-License-Identifier: Apache-2.0
"""Everything the service holds on one person, as the JSON they take along (docs/publisher-accounts.md).

What is kept as a hash of a secret (password, session ids, links) is said to be there and not copied: it would open
doors to who finds the file. A test holds this against every column of the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, select

from sp_stub.data.database import Database
from sp_stub.data.people_tables import ACCOUNTS, MAIL_TOKENS, MEMBERSHIPS, SENT_MAIL, USERS
from sp_stub.data.staff_tables import AUDIT_TRAIL, GRANTS, OPENINGS, SUPPORT_VIEWS
from sp_stub.data.tables import MESSAGES, SESSIONS

FORMAT: Final = 1
"""Goes up when a field changes its meaning or is gone; new ones may come."""

OF_NOBODY: Final = frozenset(
    {
        "pending_logins",  # logins before anybody is known
        "consumed_messages",  # ids of messages
        "sign_in_tries",  # a hash of what was typed, forgotten after a quarter of an hour
        "staff_sessions",  # customer service
        "business_changes",  # schools and contracts
        "stamps",  # what workers compare
    }
)
"""Tables that hold nothing of a person who has signed in."""
LEFT_OUT: Final = frozenset(
    {
        "users.id",
        "users.learner_hash",  # said as `is_known_by_learner_id`
        "users.joined_to",
        "accounts.user_id",
        "accounts.mail_key",  # the address in small letters
        "accounts.password_hash",  # said as `has_password`
    }
)
"""Columns that are not copied: the tables' own keys, and secrets."""


def own_copy(database: Database, user_id: int, now: datetime) -> dict[str, Any]:
    """Return what is held on a person, by the names of docs/publisher-accounts.md."""
    with database.begin(writes=False) as connection:
        user = connection.execute(select(USERS).where(USERS.c.id == user_id)).one()
        return {
            "format": FORMAT,
            "made_at": _value(now),
            "person": _person(user),
            "terms": {"version": user.terms_version, "accepted_at": _value(user.terms_accepted_at)},
            "memberships": _rows(connection, MEMBERSHIPS, MEMBERSHIPS.c.user_id == user_id, leaving=("user_id",)),
            "account": _account(connection, user_id),
            "sessions": _rows(connection, SESSIONS, SESSIONS.c.user_id == user_id, leaving=("id", "user_id")),
            "mail_sent": _rows(
                connection, SENT_MAIL, SENT_MAIL.c.user_id == user_id, leaving=("id", "user_id", "link")
            ),
            "messages_to_customer_service": _rows(
                connection, MESSAGES, MESSAGES.c.user_id == user_id, leaving=("id", "browser", "user_id", "handled_by")
            ),
            "links_open": _rows(
                connection, MAIL_TOKENS, MAIL_TOKENS.c.user_id == user_id, leaving=("token", "user_id", "content")
            ),
            "given_by_customer_service": _rows(
                connection, GRANTS, GRANTS.c.user_id == user_id, leaving=("id", "user_id")
            ),
            "use_of_materials": _rows(
                connection, OPENINGS, OPENINGS.c.pseudonym == user.pseudonym, leaving=("pseudonym",)
            ),
            "support_views": _rows(
                connection,
                SUPPORT_VIEWS,
                SUPPORT_VIEWS.c.user_id == user_id,
                leaving=("id", "staff", "staff_session", "user_id"),
            ),
            "changes_by_others": _rows(
                connection,
                AUDIT_TRAIL,
                and_(AUDIT_TRAIL.c.subject_kind == "user", AUDIT_TRAIL.c.subject == str(user_id)),
                leaving=("id", "staff", "subject_kind", "subject"),
            ),
        }


def _person(user: Row[Any]) -> dict[str, Any]:
    leaving = ("id", "learner_hash", "joined_to", "terms_version", "terms_accepted_at")
    return {**_fields(user, USERS, leaving), "is_known_by_learner_id": user.learner_hash is not None}


def _account(connection: Connection, user_id: int) -> dict[str, Any] | None:
    row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.user_id == user_id)).one_or_none()
    if row is None:
        return None
    return {**_fields(row, ACCOUNTS, ("user_id", "mail_key", "password_hash")), "has_password": True}


def _rows(
    connection: Connection, table: Table, condition: ColumnElement[bool], leaving: Sequence[str]
) -> list[dict[str, Any]]:
    query = select(table).where(condition).order_by(*table.primary_key.columns)
    return [_fields(row, table, leaving) for row in connection.execute(query)]


def _fields(row: Row[Any], table: Table, leaving: Sequence[str]) -> dict[str, Any]:
    return {column.name: _value(getattr(row, column.name)) for column in table.columns if column.name not in leaving}


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value
