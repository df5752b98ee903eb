# SPDX-License-Identifier: Apache-2.0
"""Openings: counted by day, customer, school and product, and added up so that nobody is in them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

from sp_stub.data.database import Database
from sp_stub.data.openings import DayTotal, Opening, Openings, OpeningTotal

ONE = Opening(date(2026, 8, 12), "mansikkala", "30076", "matikka-9", "pseudonym-1")


def test_adds_up_openings_and_people(database: Database):
    """Two people, three openings; another product and another day stand by themselves."""
    openings = Openings(database)
    for opening in (
        ONE,
        ONE,
        replace(ONE, pseudonym="pseudonym-2"),
        replace(ONE, product="lukukirja-3"),
        replace(ONE, day=date(2026, 8, 13)),
    ):
        openings.count(opening)

    assert openings.totals() == (
        OpeningTotal("mansikkala", "30076", "lukukirja-3", 1, 1),
        OpeningTotal("mansikkala", "30076", "matikka-9", 4, 2),
    )
    assert openings.days(10) == (DayTotal(date(2026, 8, 13), 1, 1), DayTotal(date(2026, 8, 12), 4, 2))
    assert openings.days(1) == (DayTotal(date(2026, 8, 13), 1, 1),)


def test_counts_everybody_who_opens_at_once(database: Database):
    """Eight threads, one row, no opening lost."""
    openings = Openings(database)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(openings.count, [ONE] * 16))

    assert openings.totals() == (OpeningTotal("mansikkala", "30076", "matikka-9", 16, 1),)
