# SPDX-License-Identifier: Apache-2.0
"""What a contract's end leaves of a customer's people: nothing that says who anybody was (facts-publisher, terms and consent).

The rules:
- Everybody of the customer goes: the person with uid, name, mail and learner id, their account with its password, their
  groups, the mail that was sent to them, their messages, what they were given, and who looked at the service as them.
- Somebody whose personal account another customer's grant still holds stays, as that customer's.
- An open session stays only as far as the page that says why it is over (108): of who it was nothing is left in it, nor
  in what is left of a login that was refused.
- The statistics stay. Their pseudonyms were random, and whose they were is gone with the person.
- The audit trail stays, which names nobody but by a number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, or_, select, update

from sp_stub.data.audit_trail import Act, record
from sp_stub.data.changes import BusinessDecision, write_decision
from sp_stub.data.database import Database
from sp_stub.data.people_tables import ACCOUNTS, MAIL_TOKENS, MEMBERSHIPS, SENT_MAIL, USERS
from sp_stub.data.staff_tables import GRANTS, SUPPORT_VIEWS
from sp_stub.data.stamps import renew_stamp
from sp_stub.data.tables import MESSAGES, SESSIONS

NOBODY: Final = "contract-ended"
"""The uid in what is left of a session whose person is gone."""


@dataclass(frozen=True)
class Customer:
    """A customer, and the codes of its schools."""

    key: str
    schools: frozenset[str]


class CustomerData:
    """The people of whole customers."""

    def __init__(self, database: Database) -> None:
        """Find them in `database`."""
        self._database = database

    def count(self, customer: Customer) -> int:
        """Return how many people of a customer the service knows."""
        with self._database.begin(writes=False) as connection:
            return len(_people(connection, customer))

    def end_contract(self, customer: Customer, decision: BusinessDecision, act: Act, now: datetime) -> bool:
        """End a contract and erase the customer's people, in one transaction; False where it stands otherwise by now."""
        with self._database.begin() as connection:
            if not write_decision(connection, decision, now):
                return False
            _erase(connection, customer, act, now)
        return True

    def erase(self, customer: Customer, act: Act, now: datetime) -> None:
        """Erase the people of a customer whose contract ended by itself."""
        with self._database.begin() as connection:
            renew_stamp(connection, "changes")
            _erase(connection, customer, act, now)


def _erase(connection: Connection, customer: Customer, act: Act, now: datetime) -> None:
    connection.execute(delete(GRANTS).where(GRANTS.c.school.in_(customer.schools)))
    people = _people(connection, customer)
    staying = _held_by_another_grant(connection, people)
    gone = [user for user in people if user not in staying]
    connection.execute(update(USERS).where(USERS.c.id.in_(staying)).values(customer=None))
    _empty_sessions(connection, gone, customer)
    for table, column in (
        (MAIL_TOKENS, MAIL_TOKENS.c.user_id),
        (SENT_MAIL, SENT_MAIL.c.user_id),
        (MEMBERSHIPS, MEMBERSHIPS.c.user_id),
        (MESSAGES, MESSAGES.c.user_id),
        (SUPPORT_VIEWS, SUPPORT_VIEWS.c.user_id),
        (GRANTS, GRANTS.c.user_id),
        (ACCOUNTS, ACCOUNTS.c.user_id),
    ):
        connection.execute(delete(table).where(column.in_(gone)))
    connection.execute(update(USERS).where(USERS.c.joined_to.in_(gone)).values(joined_to=None))
    connection.execute(delete(USERS).where(USERS.c.id.in_(gone)))
    after = {**act.after, "erased": len(gone)}
    record(connection, Act(act.staff, act.action, act.subject, act.reason, act.before, after), now)


def _people(connection: Connection, customer: Customer) -> list[int]:
    """Return the customer's people: by its key, and holders of accounts that were made for its schools alone."""
    users = USERS.c
    query = select(users.id, users.customer, users.held).where(or_(users.customer == customer.key, users.uid.is_(None)))
    return [
        row.id for row in connection.execute(query) if row.customer == customer.key or _is_made_for(row.held, customer)
    ]


def _is_made_for(held: dict[str, Any], customer: Customer) -> bool:
    schools: Collection[str] = held.get("schools") or ()
    return bool(schools) and customer.schools.issuperset(schools)


def _held_by_another_grant(connection: Connection, people: Sequence[int]) -> list[int]:
    return list(connection.scalars(select(GRANTS.c.user_id).where(GRANTS.c.user_id.in_(people)).distinct()))


def _empty_sessions(connection: Connection, people: Sequence[int], customer: Customer) -> None:
    """Leave of each session only that it was of a school whose contract is over."""
    school = min(customer.schools, default="")
    answer = {
        "attributes": {"uid": [NOBODY], "role": [f";{school};;;;;"]},
        "name_id": None,
        "name_id_format": None,
        "authn_context": None,
        "issued_by": None,
        "because": None,
    }
    sessions = SESSIONS.c
    refused = select(sessions.id, sessions.answer).where(sessions.user_id.is_(None))
    of_nobody = [row.id for row in connection.execute(refused) if customer.schools & _schools_of(row.answer)]
    connection.execute(
        update(SESSIONS)
        .where(or_(sessions.user_id.in_(people), sessions.id.in_(of_nobody)))
        .values(user_id=None, notices=None, answer=answer)
    )


def _schools_of(answer: dict[str, Any]) -> set[str]:
    """Return the school codes of a login that was refused, and so is nobody's session."""
    roles: Collection[str] = answer.get("attributes", {}).get("role", ())
    return {code for role in roles for code in role.split(";")[1:2]}
