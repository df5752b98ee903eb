# SPDX-License-Identifier: Apache-2.0
"""How often products are opened, by day, customer, school and product; of the person only a random pseudonym.

Whose pseudonym it is stands in the table of users alone. When a contract ends, that goes, and what stays here is about
nobody in particular (facts-publisher, terms and consent).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sp_stub.data.database import Database
from sp_stub.data.staff_tables import OPENINGS


@dataclass(frozen=True)
class Opening:
    """A product that somebody opened at a school on a day."""

    day: date
    customer: str
    school: str
    product: str
    pseudonym: str


@dataclass(frozen=True)
class OpeningTotal:
    """What one school did with one product: how often it was opened, and by how many people."""

    customer: str
    school: str
    product: str
    openings: int
    people: int


@dataclass(frozen=True)
class DayTotal:
    """How often products were opened on a day, and by how many people."""

    day: date
    openings: int
    people: int


class Openings:
    """The count of openings."""

    def __init__(self, database: Database) -> None:
        """Count in `database`."""
        self._database = database

    def count(self, opening: Opening) -> None:
        """Count one more opening; two workers that begin the same row at once both count."""
        with self._database.begin() as connection:
            if _add_one(connection, opening):
                return
            try:
                with connection.begin_nested():
                    connection.execute(insert(OPENINGS).values(count=1, **_key(opening)))
            except IntegrityError:
                _add_one(connection, opening)

    def totals(self) -> tuple[OpeningTotal, ...]:
        """Return the totals by customer, school and product."""
        columns = OPENINGS.c
        key = (columns.customer, columns.school, columns.product)
        query = (
            select(*key, func.sum(columns.count), func.count(columns.pseudonym.distinct()))
            .group_by(*key)
            .order_by(*key)
        )
        with self._database.begin(writes=False) as connection:
            return tuple(OpeningTotal(*row) for row in connection.execute(query))

    def days(self, most: int) -> tuple[DayTotal, ...]:
        """Return the newest days with openings, newest first."""
        columns = OPENINGS.c
        query = (
            select(columns.day, func.sum(columns.count), func.count(columns.pseudonym.distinct()))
            .group_by(columns.day)
            .order_by(columns.day.desc())
            .limit(most)
        )
        with self._database.begin(writes=False) as connection:
            return tuple(DayTotal(*row) for row in connection.execute(query))


def _add_one(connection: Connection, opening: Opening) -> bool:
    columns = OPENINGS.c
    row = [columns[name] == value for name, value in _key(opening).items()]
    return bool(connection.execute(update(OPENINGS).where(*row).values(count=columns.count + 1)).rowcount)


def _key(opening: Opening) -> dict[str, object]:
    return {
        "day": opening.day,
        "customer": opening.customer,
        "school": opening.school,
        "product": opening.product,
        "pseudonym": opening.pseudonym,
    }
