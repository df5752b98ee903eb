# SPDX-License-Identifier: Apache-2.0
"""A service's database with many people signed in at once, written straight into the tables."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from sp_stub.data.database import Database
from sp_stub.data.people_tables import MEMBERSHIPS, USERS
from sp_stub.data.tables import CONSUMED_MESSAGES, PENDING_LOGINS, SESSIONS
from tests.builders.sp_response import NOW

_LATER = NOW + timedelta(hours=1)


def sign_in_many(database: Database, people: int) -> None:
    """Leave `people` who came by MPASSid, each with a session, a used answer and another login begun."""
    numbers = range(1_000_000, 1_000_000 + people)
    if not people:
        return
    with database.begin() as connection:
        connection.execute(
            insert(USERS),
            [
                {
                    "id": number, "uid": f"crowd{number}", "customer": "mansikkala", "learner_hash": f"{number:064}",
                    "pseudonym": str(number), "held": {}, "first_seen": NOW, "last_seen": NOW,
                }
                for number in numbers
            ],
        )  # fmt: skip
        connection.execute(
            insert(MEMBERSHIPS),
            [
                {"user_id": number, "school": "30076", "group_name": group, "role": "1", "given_by": "login"}
                for number in numbers
                for group in ("9F", "9G")
            ],
        )
        connection.execute(
            insert(SESSIONS),
            [
                {
                    "id": f"{number:064}", "is_signed_in": True, "seen_at": NOW, "ends_at": _LATER, "notices": [],
                    "answer": {"attributes": {"urn:mpass.id:uid": [f"crowd{number}"]}}, "user_id": number,
                }
                for number in numbers
            ],
        )  # fmt: skip
        connection.execute(
            insert(CONSUMED_MESSAGES),
            [{"message": f"{kind}{number:063}", "expires_at": _LATER} for number in numbers for kind in "abc"],
        )
        connection.execute(
            insert(PENDING_LOGINS),
            [
                {
                    "relay_state": f"{number:064}", "browser": f"{number:064}", "request_id": f"_{number}",
                    "target": "/materials", "language": "fi", "expires_at": _LATER,
                }
                for number in numbers
            ],
        )  # fmt: skip
