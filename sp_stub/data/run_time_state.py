# SPDX-License-Identifier: Apache-2.0
"""What a service's database holds that the declaration does not say: in numbers, and without anything of a person.

`TOPICS` is the list; whoever adds a table says here what its rows are called, or in `NOT_TOLD` why nobody counts them
(a test asks for it). `testbed plan` shows what lasts, `testbed reset` also what passes by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, func, select

from sp_stub.data.people_tables import ACCOUNTS, MAIL_TOKENS, MEMBERSHIPS, SENT_MAIL, SIGN_IN_TRIES, USERS
from sp_stub.data.staff_tables import (
    AUDIT_TRAIL,
    BUSINESS_CHANGES,
    GRANTS,
    OPENINGS,
    STAFF_SESSIONS,
    STAMPS,
    SUPPORT_VIEWS,
)
from sp_stub.data.tables import CONSUMED_MESSAGES, MESSAGES, PENDING_LOGINS, SESSIONS


@dataclass(frozen=True)
class Topic:
    """Rows of a table that mean one thing: their name for machines, and what one and several of them are called.

    `which` leaves out rows that are as declared; `passes` says that they go by themselves within a day.
    """

    kind: str
    one: str
    many: str
    table: Table
    which: ColumnElement[bool] | None = None
    passes: bool = False


@dataclass(frozen=True)
class Found:
    """How many rows of a topic there are, and of those that are about the declaration, what they say."""

    kind: str
    count: int
    says: str
    subjects: tuple[str, ...] = ()
    passes: bool = False


TOPICS: Final = (
    Topic(
        "decisions",
        "decision of customer service",
        "decisions of customer service",
        BUSINESS_CHANGES,
    ),
    Topic("grants", "product given to a single person", "products given to single persons", GRANTS),
    Topic(
        "people",
        "person who came by MPASSid",
        "people who came by MPASSid",
        USERS,
        USERS.c.uid.is_not(None),
    ),
    Topic("blocked", "person blocked", "people blocked", USERS, USERS.c.blocked_at.is_not(None)),
    Topic("closed", "account closed", "accounts closed", USERS, USERS.c.closed_at.is_not(None)),
    Topic("joined", "account joined to another", "accounts joined to others", USERS, USERS.c.joined_to.is_not(None)),
    Topic(
        "accounts",
        "account made since",
        "accounts made since",
        ACCOUNTS,
        ACCOUNTS.c.made_by != "declaration",
    ),
    Topic(
        "passwords",
        "declared account with a password of its holder's own",
        "declared accounts with passwords of their holders' own",
        ACCOUNTS,
        (ACCOUNTS.c.made_by == "declaration") & ACCOUNTS.c.password_hash.is_not(None),
    ),
    Topic(
        "memberships",
        "place in a group given here",
        "places in groups given here",
        MEMBERSHIPS,
        MEMBERSHIPS.c.given_by == "administrator",
    ),
    Topic("messages", "message to customer service", "messages to customer service", MESSAGES),
    Topic("mail", "mail sent", "mails sent", SENT_MAIL),
    Topic("audit", "entry in the audit trail", "entries in the audit trail", AUDIT_TRAIL),
    Topic("support-views", "look of support as a user", "looks of support as users", SUPPORT_VIEWS),
    Topic("openings", "row of statistics", "rows of statistics", OPENINGS),
    Topic("sessions", "session", "sessions", SESSIONS, passes=True),
    Topic("staff-sessions", "session of customer service", "sessions of customer service", STAFF_SESSIONS, passes=True),
    Topic("logins", "login that was begun", "logins that were begun", PENDING_LOGINS, passes=True),
)

NOT_TOLD: Final = {
    CONSUMED_MESSAGES: "what counts once: answers, for an hour, and forms of messages",
    MAIL_TOKENS: "links in mail that was sent",
    SIGN_IN_TRIES: "wrong passwords of the last minutes",
    STAMPS: "what workers compare",
}
"""Tables whose rows mean nothing by themselves."""


def found_in(connection: Connection) -> Iterator[Found]:
    """Return every topic that has rows, in the order of `TOPICS`."""
    for topic in TOPICS:
        query = select(func.count()).select_from(topic.table)
        count = connection.scalar(query if topic.which is None else query.where(topic.which)) or 0
        if count:
            subjects = tuple(_decisions(connection)) if topic.table is BUSINESS_CHANGES else ()
            words = topic.one if count == 1 else topic.many
            yield Found(topic.kind, count, f"{count} {words}", subjects, topic.passes)


def _decisions(connection: Connection) -> Iterator[str]:
    """Return what customer service decided, by school code or customer: `activation 30076 off`."""
    changes = BUSINESS_CHANGES.c
    rows = connection.execute(
        select(changes.kind, changes.subject, changes.is_on).order_by(changes.kind, changes.subject)
    )
    for kind, subject, is_on in rows:
        yield f"{kind} {subject} {'on' if is_on else 'off'}"
