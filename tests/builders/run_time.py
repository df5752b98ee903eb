# SPDX-License-Identifier: Apache-2.0
"""What people and staff did, written straight into the tables: one row of everything, with recognisable people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table, insert

from sp_stub.data import people_tables as people
from sp_stub.data import staff_tables as staff
from sp_stub.data import tables
from tests.builders.sp_response import NOW

PERSONAL: Final = ("Oppilas31", "ope@koulu.example", "demo_u0031", "Mitä teen?")
"""What must stand in no plan, no report, and no file after a reset."""

_LATER: Final = NOW + timedelta(hours=1)

ROWS: Final[tuple[tuple[Table, dict[str, Any]], ...]] = (
    (tables.PENDING_LOGINS, {"relay_state": "r", "browser": "b", "request_id": "_i", "target": "/", "language": "fi",
                             "expires_at": _LATER}),
    (tables.CONSUMED_MESSAGES, {"message": "m", "expires_at": _LATER}),
    (tables.SESSIONS, {"id": "s", "is_signed_in": True, "seen_at": NOW, "ends_at": _LATER,
                       "answer": {"attributes": {"sn": ["Oppilas31"]}}}),
    (tables.MESSAGES, {"received_at": NOW, "browser": "b", "reply_to": "ope@koulu.example", "text": "Mitä teen?"}),
    (tables.MESSAGES, {"received_at": NOW, "browser": "b", "reply_to": "ope@koulu.example", "text": "Mitä teen?"}),
    (people.USERS, {"id": 1, "uid": "demo_u0031", "pseudonym": "p1", "held": {}, "display_name": "Oppilas31",
                    "first_seen": NOW, "last_seen": NOW, "blocked_at": NOW}),
    (people.USERS, {"id": 2, "uid": "demo_u0032", "pseudonym": "p2", "held": {}, "first_seen": NOW, "last_seen": NOW,
                    "closed_at": NOW, "joined_to": 1}),
    (people.USERS, {"id": 3, "pseudonym": "p3", "held": {}, "first_seen": NOW, "last_seen": NOW}),
    (people.USERS, {"id": 4, "pseudonym": "p4", "held": {}, "first_seen": NOW, "last_seen": NOW}),
    (people.MEMBERSHIPS, {"user_id": 1, "school": "30076", "group_name": "9F", "role": "Oppilas",
                          "given_by": "login"}),
    (people.MEMBERSHIPS, {"user_id": 1, "school": "30076", "group_name": "9G", "role": "Oppilas",
                          "given_by": "administrator"}),
    (people.ACCOUNTS, {"user_id": 3, "user_name": "ope@koulu.example", "made_by": "registration", "made_at": NOW}),
    (people.ACCOUNTS, {"user_id": 4, "user_name": "declared", "made_by": "declaration", "made_at": NOW,
                       "password_hash": "$argon2id$"}),
    (people.MAIL_TOKENS, {"token": "t", "purpose": "reset", "content": {}, "expires_at": _LATER}),
    (people.SIGN_IN_TRIES, {"name": "n", "first_at": NOW, "count": 1}),
    (people.SENT_MAIL, {"recipient": "ope@koulu.example", "kind": "reset", "language": "fi", "sent_at": NOW}),
    (staff.STAFF_SESSIONS, {"id": "s", "staff": "anna", "seen_at": NOW, "ends_at": _LATER}),
    (staff.BUSINESS_CHANGES, {"kind": "activation", "subject": "30076", "is_on": False, "changed_at": NOW}),
    (staff.BUSINESS_CHANGES, {"kind": "contract", "subject": "mansikkala", "is_on": True, "changed_at": NOW}),
    (staff.STAMPS, {"name": "changes", "stamp": "x"}),
    (staff.AUDIT_TRAIL, {"at": NOW, "staff": "anna", "action": "blocked", "subject_kind": "user", "subject": "1",
                         "before": {}, "after": {}, "reason": "Oppilas31"}),
    (staff.SUPPORT_VIEWS, {"staff": "anna", "staff_session": "s", "user_id": 1, "started_at": NOW, "ends_at": _LATER}),
    (staff.GRANTS, {"user_id": 3, "product": "matikka-9", "school": "30076", "granted_at": NOW}),
    (staff.OPENINGS, {"day": date(2026, 8, 12), "customer": "mansikkala", "school": "30076", "product": "matikka-9",
                      "pseudonym": "p1", "count": 3}),
)  # fmt: skip


def do_everything(connection: Connection) -> None:
    """Leave at least one row in each table."""
    for table, row in ROWS:
        connection.execute(insert(table).values(**row))
