# SPDX-License-Identifier: Apache-2.0
"""The audit trail: what customer service did, written in the same transaction as the act itself.

A row is added and read, never changed and never removed; the database refuses both (`sp_stub.data.append_only`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, func, insert, select, true

from sp_stub.data.database import Database
from sp_stub.data.staff_tables import AUDIT_TRAIL

PAGE_SIZE: Final = 25
MAX_COPY: Final = 10_000
"""How many entries a copy holds: the newest."""

State: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Subject:
    """Who or what an act was about: its kind and its id there."""

    kind: str
    id: str


@dataclass(frozen=True)
class Act:
    """One thing somebody of customer service did, and why; `before` and `after` say what it changed."""

    staff: str
    action: str
    subject: Subject
    reason: str = ""
    before: State = field(default_factory=dict)
    after: State = field(default_factory=dict)


@dataclass(frozen=True)
class AuditEntry:
    """An act as it stands in the trail."""

    number: int
    at: datetime
    act: Act


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are asked for; an empty field asks for all of them."""

    staff: str = ""
    action: str = ""
    kind: str = ""
    subject: str = ""

    def condition(self) -> ColumnElement[bool]:
        """Return what a row must fulfil."""
        trail = AUDIT_TRAIL.c
        wanted: ColumnElement[bool] = true()
        columns = (
            (trail.staff, self.staff),
            (trail.action, self.action),
            (trail.subject_kind, self.kind),
            (trail.subject, self.subject),
        )
        for column, value in columns:
            if value:
                wanted &= column == value
        return wanted


@dataclass(frozen=True)
class AuditPage:
    """A page of the trail, newest first, and how many entries there are in all."""

    entries: tuple[AuditEntry, ...]
    number: int
    total: int

    @property
    def last_number(self) -> int:
        """The number of the last page; there is always one."""
        return max(1, -(-self.total // PAGE_SIZE))


def record(connection: Connection, act: Act, now: datetime) -> None:
    """Add `act` to the trail, within the transaction that does it: both happen, or neither."""
    connection.execute(
        insert(AUDIT_TRAIL).values(
            at=now,
            staff=act.staff,
            action=act.action,
            subject_kind=act.subject.kind,
            subject=act.subject.id,
            before=dict(act.before),
            after=dict(act.after),
            reason=act.reason,
        )
    )


class AuditTrail:
    """The trail, to be read."""

    def __init__(self, database: Database) -> None:
        """Read it in `database`."""
        self._database = database

    def page(self, wanted: AuditFilter, number: int) -> AuditPage:
        """Return page `number` (from 1) of the entries wanted; a number too large gives the last page."""
        condition = wanted.condition()
        with self._database.begin(writes=False) as connection:
            total = connection.scalar(select(func.count()).select_from(AUDIT_TRAIL).where(condition)) or 0
            shown = min(max(1, number), max(1, -(-total // PAGE_SIZE)))
            return AuditPage(_read(connection, condition, PAGE_SIZE, (shown - 1) * PAGE_SIZE), shown, total)

    def copy(self, wanted: AuditFilter) -> tuple[AuditEntry, ...]:
        """Return the newest entries wanted, at most `MAX_COPY`, newest first."""
        with self._database.begin(writes=False) as connection:
            return _read(connection, wanted.condition(), MAX_COPY, 0)

    def newest(self, subject: Subject) -> int:
        """Return the number of the newest entry about a subject, 0 where there is none."""
        condition = AuditFilter(kind=subject.kind, subject=subject.id).condition()
        with self._database.begin(writes=False) as connection:
            return connection.scalar(select(func.max(AUDIT_TRAIL.c.id)).where(condition)) or 0

    def record(self, act: Act, now: datetime) -> None:
        """Add an act that changes nothing else in the database."""
        with self._database.begin() as connection:
            record(connection, act, now)


def _read(connection: Connection, condition: ColumnElement[bool], limit: int, offset: int) -> tuple[AuditEntry, ...]:
    query = select(AUDIT_TRAIL).where(condition).order_by(AUDIT_TRAIL.c.id.desc()).limit(limit).offset(offset)
    return tuple(
        AuditEntry(
            row.id,
            row.at,
            Act(row.staff, row.action, Subject(row.subject_kind, row.subject), row.reason, row.before, row.after),
        )
        for row in connection.execute(query)
    )
