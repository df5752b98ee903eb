# SPDX-License-Identifier: Apache-2.0
"""The audit trail's page: read, filtered, turned over, copied, and never written to."""

from __future__ import annotations

import csv
import io
import re

import httpx
import pytest

from tests.builders.sp_staff import DESK, StaffBrowser, at_desk, staffed_service

TRAIL = f"{DESK}/tapahtumat"
SCHOOL = f"{DESK}/oppilaitokset/30076"


def actions(page: httpx.Response) -> list[str]:
    """Return what the page's entries say was done."""
    return re.findall(r"data-entry=\"\d+\"><strong>([^<]+)</strong>", page.text)


def worked() -> StaffBrowser:
    """Return the desk after a morning's work."""
    service = staffed_service()
    desk = at_desk(service)
    desk.step(f"{SCHOOL}/deactivate", "=HYPERLINK(1)")
    at_desk(service, "veikko.tuki").step(f"{SCHOOL}/activate", "Väärä oppilaitos.")
    return desk


def test_shows_who_did_what_when_to_whom_and_from_what_to_what():
    """The newest first."""
    page = worked().get(TRAIL)

    assert actions(page) == [
        "MPASSid otettu käyttöön",
        "Kirjautunut sisään",
        "MPASSid poistettu käytöstä",
        "Kirjautunut sisään",
    ]
    assert "activated: true → false" in page.text
    assert "Oppilaitos 30076" in page.text
    assert "12.8.2026 klo 8.00" in page.text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?staff=veikko.tuki", 2),
        ("?action=activate", 1),
        ("?subject=30076", 2),
        ("?staff=veikko.tuki&action=deactivate", 0),
        ("?staff=nobody", 0),
        ("?action=%3Cscript%3E", 0),
        ("?subject=%27+OR+%271%27%3D%271", 0),
        ("?sivu=-1", 4),
        ("?sivu=99999999999999999999", 4),
    ],
)
def test_filters(query: str, count: int):
    """By who, what and whom; what is no name of anything finds nothing."""
    assert len(actions(worked().get(f"{TRAIL}{query}"))) == count


def test_is_copied_as_json_with_the_same_filter():
    """Everything of an entry, for whoever has to show it elsewhere; taking a copy is an entry itself."""
    desk = worked()

    copy = desk.get(f"{TRAIL}.json?action=activate")

    assert copy.headers["content-disposition"] == 'attachment; filename="tapahtumat.json"'
    assert copy.json() == [
        {
            "number": 4,
            "at": "2026-08-12T05:00:00+00:00",
            "staff": "veikko.tuki",
            "action": "activate",
            "subject_kind": "school",
            "subject": "30076",
            "before": {"activated": False},
            "after": {"activated": True},
            "reason": "Väärä oppilaitos.",
        }
    ]
    assert actions(desk.get(TRAIL))[0] == "Tapahtumista otettu kopio"


def test_is_copied_as_csv_that_no_spreadsheet_takes_for_a_formula():
    """A reason that begins like one is quoted."""
    copy = worked().get(f"{TRAIL}.csv?action=deactivate")

    rows = list(csv.DictReader(io.StringIO(copy.text)))
    assert copy.headers["content-type"] == "text/csv; charset=utf-8"
    assert [(row["action"], row["reason"], row["before"]) for row in rows] == [
        ("deactivate", "'=HYPERLINK(1)", '{"activated": true}')
    ]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_takes_no_writing(method: str):
    """There is no address to change it at."""
    desk = worked()
    token = desk.hidden(TRAIL, f"{DESK}/kirjaudu-ulos")["csrf_token"]

    for path in (TRAIL, f"{TRAIL}.json", f"{TRAIL}/1"):
        assert desk.client.request(method, path, data={"csrf_token": token}).status_code in (404, 405)
    assert len(actions(desk.get(TRAIL))) == 4
