# SPDX-License-Identifier: Apache-2.0
"""Right person, right session: when the check says that a service saw somebody else."""

from __future__ import annotations

import json

import pytest

from loadtests.exchange import Answer, ExchangeError
from loadtests.expectation import Expectation
from loadtests.sight import Sight, is_right_person, sight_of

AINO = Expectation("session", uid="MPASSOID.aino", schools=("30076", "30077"))


def document(**values: object) -> bytes:
    """Return a session document."""
    return json.dumps({"person_uid": "MPASSOID.aino", "schools": ["30077", "30076"], **values}).encode()


def test_reads_uid_and_schools() -> None:
    """What else the document tells is not compared."""
    sight = sight_of(Answer("http://localhost/session.json", 200, None, document(materials=["aapinen"])))

    assert sight == Sight("MPASSOID.aino", ("30077", "30076"))


def test_a_service_without_a_session_saw_nobody() -> None:
    """Who was refused before has none."""
    assert sight_of(Answer("http://localhost/session.json", 404, None, b"")) is None


@pytest.mark.parametrize(
    ("status", "page"),
    [
        pytest.param(401, b"", id="the run's token is not the target's"),
        pytest.param(502, b"<html>", id="a balancer answers"),
        pytest.param(200, b'{"schools": 3}', id="the document is another"),
    ],
)
def test_a_check_that_cannot_be_made_does_not_pass(status: int, page: bytes) -> None:
    """It breaks the login off instead."""
    with pytest.raises(ExchangeError, match=f"no-session-document-{status}"):
        sight_of(Answer("http://localhost/session.json", status, None, page))


@pytest.mark.parametrize(
    ("sight", "has_session", "right"),
    [
        pytest.param(Sight("MPASSOID.aino", ("30077", "30076")), True, True, id="the person, schools in any order"),
        pytest.param(Sight("MPASSOID.leo", ("30076", "30077")), True, False, id="somebody else of the same schools"),
        pytest.param(Sight("MPASSOID.aino", ("30076",)), True, False, id="the person without a school of theirs"),
        pytest.param(Sight("MPASSOID.aino", ("30076", "30077", "04647")), True, False, id="with another's school"),
        pytest.param(None, True, False, id="a session that the service knows nothing of"),
        pytest.param(None, False, None, id="nobody, and no session"),
        pytest.param(Sight("", ()), False, None, id="a refusal that brought no person"),
        pytest.param(Sight("MPASSOID.leo", ()), False, False, id="a refusal that shows somebody else"),
    ],
)
def test_says_whether_it_was_the_person(sight: Sight | None, *, has_session: bool, right: bool | None) -> None:
    """Refusals are compared as well: they too name a person."""
    assert is_right_person(sight, AINO, has_session=has_session) is right
