# SPDX-License-Identifier: Apache-2.0
"""What customer service decided otherwise than the declaration, for every page of every worker.

A decision is a row only while it differs from the declaration, so that a school nobody touched follows it, and
`apply` never overwrites what somebody decided. A worker remembers all of them together and compares one stamp for each
page: what is done here holds at the next click, wherever that lands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, delete, insert, select

from sp_stub.data.audit_trail import Act, record
from sp_stub.data.database import Database
from sp_stub.data.staff_tables import BUSINESS_CHANGES, GRANTS, SUPPORT_VIEWS
from sp_stub.data.stamps import read_stamp, renew_stamp
from sp_stub.data.support_views import SupportView, view_of_row
from sp_stub.rules.account_person import account_id
from sp_stub.rules.business import Changes
from sp_stub.rules.person import Grant, RoleHere

ChangeKind: TypeAlias = Literal["activation", "contract"]

SHOWN_FOR: Final = timedelta(days=7)
"""How long a person's pages say that support looked; their own data says it as long as they have an account."""


@dataclass(frozen=True)
class Remembered:
    """Everything that hangs on the stamp: what is decided, and who was looked at as somebody else of late.

    `activation` and `contract` say whether a school is activated and a contract holds, where that was decided;
    `contract_ends` from when a contract is over, `None` for one that goes on; `grants` what single people were given.
    """

    stamp: str
    activation: Mapping[str, bool] = field(default_factory=dict)
    contract: Mapping[str, bool] = field(default_factory=dict)
    contract_ends: Mapping[str, datetime | None] = field(default_factory=dict)
    grants: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)
    looked_at: Mapping[int, SupportView] = field(default_factory=dict)

    @property
    def changes(self) -> Changes:
        """What the rules lay over the declared business."""
        return Changes(activated=self.activation, contract_ends=self.contract_ends, grants=self.grants)


@dataclass(frozen=True)
class BusinessDecision:
    """What is to hold of a school or a customer; `None` is what the declaration says.

    `found` is what was decided when the page was shown: who sends an old form changes nothing.
    """

    kind: ChangeKind
    subject: str
    found: bool | None
    is_on: bool | None


class ChangeStore:
    """The decisions of customer service."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database
        self._remembered: Remembered | None = None

    def current(self, now: datetime) -> Remembered:
        """Return what holds now; reads one row where nothing changed since the last time."""
        remembered = self._remembered
        with self._database.begin(writes=False) as connection:
            # the stamp first: what is written between the two is then read again the next time
            stamp = read_stamp(connection, "changes")
            if remembered is not None and remembered.stamp == stamp:
                return remembered
            remembered = Remembered(
                stamp,
                activation=_decided(connection, "activation"),
                contract=_decided(connection, "contract"),
                contract_ends=_contract_ends(connection),
                grants=_grants(connection),
                looked_at=_looked_at(connection, now - SHOWN_FOR),
            )
        self._remembered = remembered
        return remembered

    def decide(self, decision: BusinessDecision, act: Act, now: datetime) -> bool:
        """Write a decision and who took it; False, and nothing written, where it no longer stands as was shown."""
        with self._database.begin() as connection:
            if not write_decision(connection, decision, now):
                return False
            record(connection, act, now)
        return True


def write_decision(connection: Connection, decision: BusinessDecision, now: datetime) -> bool:
    """Write a decision within the transaction that records it; False where another one came before it."""
    changes = BUSINESS_CHANGES.c
    row = (changes.kind == decision.kind, changes.subject == decision.subject)
    renew_stamp(connection, "changes")  # first, because two who decide at once take turns at its row
    if connection.scalar(select(changes.is_on).where(*row)) is not decision.found:
        return False
    connection.execute(delete(BUSINESS_CHANGES).where(*row))
    if decision.is_on is not None:
        connection.execute(
            insert(BUSINESS_CHANGES).values(
                kind=decision.kind, subject=decision.subject, is_on=decision.is_on, changed_at=now
            )
        )
    return True


def _decided(connection: Connection, kind: ChangeKind) -> dict[str, bool]:
    changes = BUSINESS_CHANGES.c
    rows = connection.execute(select(changes.subject, changes.is_on).where(changes.kind == kind))
    return dict(rows.all())


def _contract_ends(connection: Connection) -> dict[str, datetime | None]:
    """Return from when each contract is over that was decided about, `None` for one that goes on."""
    changes = BUSINESS_CHANGES.c
    query = select(changes.subject, changes.is_on, changes.changed_at).where(changes.kind == "contract")
    return {row.subject: None if row.is_on else row.changed_at for row in connection.execute(query)}


def _grants(connection: Connection) -> dict[str, tuple[Grant, ...]]:
    """Return what single people were given, by the ids the rules know them by; each is a teacher there."""
    given: dict[str, tuple[Grant, ...]] = {}
    for row in connection.execute(select(GRANTS).order_by(GRANTS.c.id)):
        person = account_id(row.user_id)
        given[person] = (*given.get(person, ()), Grant(row.product, row.school, RoleHere.TEACHER))
    return given


def _looked_at(connection: Connection, since: datetime) -> dict[int, SupportView]:
    query = select(SUPPORT_VIEWS).where(SUPPORT_VIEWS.c.ends_at > since).order_by(SUPPORT_VIEWS.c.id)
    return {row["user_id"]: view_of_row(row) for row in connection.execute(query).mappings()}
