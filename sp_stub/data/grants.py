# SPDX-License-Identifier: Apache-2.0
"""Products of a school that customer service gave to single people: itinerant teachers without MPASS.

A grant counts at the next click, in every worker (`sp_stub.data.stamps`), and so does taking it back; both stand in the
audit trail, without a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select

from sp_stub.data.audit_trail import Act, Subject, record
from sp_stub.data.database import Database
from sp_stub.data.people_tables import ACCOUNTS, USERS
from sp_stub.data.staff_tables import GRANTS
from sp_stub.data.stamps import renew_stamp


@dataclass(frozen=True)
class Given:
    """A product of a school that one person was given; `account` is the user name they sign in with."""

    number: int
    user: int
    account: str
    person: str
    product: str
    school: str


class Grants:
    """What customer service gave."""

    def __init__(self, database: Database) -> None:
        """Keep it in `database`."""
        self.database = database

    def all(self) -> tuple[Given, ...]:
        """Return everything that is given, the newest first."""
        with self.database.begin(writes=False) as connection:
            return tuple(_given(row) for row in connection.execute(_QUERY.order_by(GRANTS.c.id.desc())).mappings())

    def of_user(self, user: int) -> tuple[Given, ...]:
        """Return what one person was given."""
        return tuple(given for given in self.all() if given.user == user)

    def find(self, number: int) -> Given | None:
        """Return one grant, where it still holds."""
        with self.database.begin(writes=False) as connection:
            row = connection.execute(_QUERY.where(GRANTS.c.id == number)).mappings().one_or_none()
        return None if row is None else _given(row)

    def revoke(self, given: Given, staff: str, reason: str, now: datetime) -> bool:
        """Take a grant back; False where it is gone already."""
        with self.database.begin() as connection:
            if not connection.execute(delete(GRANTS).where(GRANTS.c.id == given.number)).rowcount:
                return False
            before = {"product": given.product, "school": given.school}
            record(connection, Act(staff, "revoke-grant", Subject("user", str(given.user)), reason, before=before), now)
            renew_stamp(connection, "changes")
        return True


def give(connection: Connection, user: int, product: str, school: str, act: Act, now: datetime) -> bool:
    """Give a product of a school, within the caller's transaction; False where the person has it already."""
    grants = GRANTS.c
    held = select(grants.id).where(grants.user_id == user, grants.product == product, grants.school == school)
    renew_stamp(connection, "changes")  # first, because two who give at once take turns at its row
    if connection.execute(held).one_or_none() is not None:
        return False
    connection.execute(insert(GRANTS).values(user_id=user, product=product, school=school, granted_at=now))
    record(connection, act, now)
    return True


_QUERY = (
    select(
        GRANTS.c.id,
        GRANTS.c.user_id,
        GRANTS.c.product,
        GRANTS.c.school,
        ACCOUNTS.c.user_name,
        USERS.c.held,
        USERS.c.display_name,
    )
    .join_from(GRANTS, USERS, USERS.c.id == GRANTS.c.user_id)
    .join(ACCOUNTS, ACCOUNTS.c.user_id == USERS.c.id)
)


def _given(row: RowMapping) -> Given:
    name = row["display_name"] or str(row["held"].get("name", ""))
    return Given(row["id"], row["user_id"], row["user_name"], name, row["product"], row["school"])
