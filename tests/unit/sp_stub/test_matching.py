# SPDX-License-Identifier: Apache-2.0
"""A login at the publisher makes the person known, without a word of theirs in its events."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, update

from sp_stub.data.database import Database
from sp_stub.data.people_tables import USERS
from tests.builders.sp_browser import FakeService, field
from tests.builders.sp_response import PUPIL, FakeResponse
from tests.builders.sp_service import service_settings

LEARNER_ID = "1.2.246.562.98.10000000314"
ATTRIBUTES = {**PUPIL, "learner_id": [LEARNER_ID]}


def test_keeps_who_came_without_their_learner_id(tmp_path: Path):
    """What came is kept for the person to see; the learner id as a hash alone."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    FakeService(database_url=url).browser().log_in(FakeResponse(attributes=ATTRIBUTES))

    with Database(url).begin() as connection:
        user = connection.execute(select(USERS)).one()
    assert (user.uid, user.held["name"]) == (PUPIL["uid"][0], "Testi1 Oppilas1")
    assert user.held["attributes"] == PUPIL
    assert len(user.learner_hash) == 64
    assert LEARNER_ID not in str(user)


def test_says_nothing_of_a_person_in_its_events():
    """Names, ids, schools: no event carries any."""
    service = FakeService()
    service.browser().log_in(FakeResponse(attributes=ATTRIBUTES))
    said = " ".join(str(event.fields) for event in service.events)

    assert [value for values in ATTRIBUTES.values() for value in values if value in said] == []


def test_keeps_nobody_whose_login_is_refused(tmp_path: Path):
    """Who gets in nowhere leaves no row."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    FakeService(database_url=url).browser().log_in(FakeResponse(attributes={"uid": ["MPASSOID.9"]}))

    with Database(url).begin() as connection:
        assert connection.execute(select(USERS)).all() == []


def test_keeps_nobody_at_the_portal(tmp_path: Path):
    """The portal has sessions and knows no people."""
    url = f"sqlite:///{tmp_path}/portal.sqlite"
    origin = "https://portal.localhost"
    service = FakeService(service_settings(simulated="portal", service="portal", origin=origin), url)
    answer = FakeResponse(
        attributes=PUPIL,
        destination=f"{origin}/acs",
        recipient=f"{origin}/acs",
        audiences=[[f"{origin}/metadata"]],
    )
    assert service.browser().log_in(answer).status_code == 303

    with Database(url).begin() as connection:
        assert connection.execute(select(USERS)).all() == []


def test_refuses_who_is_blocked_or_closed_and_lets_them_in_again(tmp_path: Path):
    """At sign-in, and at the next click of an open session; a block counts before a closed account."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    service = FakeService(database_url=url)
    browser = service.browser()
    browser.log_in(FakeResponse(attributes=PUPIL))
    found = []
    for values in ({"closed_at": service.clock()}, {"blocked_at": service.clock()}):
        with Database(url).begin() as connection:
            connection.execute(update(USERS).values(values))
        refused = browser.log_in(
            FakeResponse(attributes=PUPIL, response_id=f"r{len(found)}", assertion_id=f"a{len(found)}")
        )
        found += [(refused.status_code, field(refused, "reason")), browser.session().json()["because"]]
    with Database(url).begin() as connection:
        connection.execute(update(USERS).values(closed_at=None, blocked_at=None))

    assert found == [(403, "account-closed"), "account-closed", (403, "user-blocked"), "user-blocked"]
    assert browser.get("/materials").status_code == 200
