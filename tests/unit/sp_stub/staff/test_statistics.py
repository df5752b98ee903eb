# SPDX-License-Identifier: Apache-2.0
"""The count of openings: what opens a product counts once each time, and the page names nobody."""

from __future__ import annotations

import re

from tests.builders.sp_staff import DESK, at_desk, login_as, staffed_service


def cells(page: str) -> list[str]:
    """Return what stands in the tables of the page."""
    return re.findall(r"<t[hd](?: scope=\"row\")?>([^<]*)</t[hd]>", page)


def test_counts_who_opens_a_product():
    """Two pupils, three openings; the shelf, a part and a refusal are no openings."""
    service = staffed_service()
    one, another = service.browser(), service.browser()
    one.log_in(login_as(1))
    another.log_in(login_as(2))
    for path in ("/materials", "/kampus/matikka-9", "/kampus/matikka-9", "/kampus/matikka-9/exercises", "/kampus/nope"):
        one.get(path)
    another.get("/kampus/matikka-9")

    page = at_desk(service).get(f"{DESK}/tilastot").text

    assert cells(page) == ["Matikka 9", "Peruskoulu", "Mansikkala", "3", "2", "12.8.2026", "3", "2"]
    for datum in ("MPASSOID", "Testi1", "Sukunimi"):
        assert datum not in page


def test_says_when_there_is_nothing_to_count():
    """An empty table would say nothing."""
    assert "Tuotteita ei ole vielä avattu." in at_desk(staffed_service()).get(f"{DESK}/tilastot").text
