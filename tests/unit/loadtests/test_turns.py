# SPDX-License-Identifier: Apache-2.0
"""A run knows before it begins how logins end after each turn of the declaration, and when either ending is right."""

from __future__ import annotations

import math

import pytest

from federation.endpoints import Endpoints, Origins
from federation.errors import InputError
from loadtests.briefing import Briefing, Briefings
from loadtests.expectation import Window
from loadtests.roster import Behaviour, Visit
from loadtests.schedule import Arrival
from loadtests.turns import Turn, place_of
from testbed.flow.people import PersonRef
from tests.builders import stacks

FEDERATION = stacks.shipped_federation()
ENDPOINTS = Endpoints(Origins.local(24_000))
CLOSED = PersonRef("kuusikoski", "eino.erityinen")
"""Somebody whose only school is not activated."""
PUPIL = PersonRef("mansikkala", "demo_u0002")
ACTIVATION = Turn(20.0, "activate-school", "90103")
END = Turn(40.0, "end-contract", "kuusikoski")


def briefing(person: PersonRef, at: float, *turns: Turn) -> Briefing:
    """Return what somebody is to do who comes at a moment of a run with turns."""
    briefings = Briefings(FEDERATION, ENDPOINTS, "publisher", stacks.NOW, turns)
    return next(briefings.of([Visit(Arrival(0, at), person, Behaviour.ORDINARY)]))


@pytest.mark.parametrize(
    ("at", "end"),
    [
        pytest.param(19.9, "school-not-activated", id="before its school is activated"),
        pytest.param(20.0, "session", id="from the activation on"),
        pytest.param(40.0, "contract-ended", id="from the end of the contract on"),
    ],
)
def test_an_arrival_is_expected_to_end_by_what_is_declared_at_its_moment(at: float, end: str) -> None:
    """Two turns change the same person's ending, one after the other."""
    assert briefing(CLOSED, at, ACTIVATION, END).expected_end == end


def test_while_a_turn_is_taken_up_the_ending_before_it_is_right_too() -> None:
    """For a minute from its planned moment on, and no ending is right that is neither."""
    order = briefing(CLOSED, 0.0, ACTIVATION, END)

    found = [(each.expectation.because, each.begins, each.ends) for each in order.windows]
    assert found == [("school-not-activated", -math.inf, 80.0), (None, 20.0, 100.0), ("contract-ended", 40.0, math.inf)]
    assert order.turned_by == ("activate-school:90103", "end-contract:kuusikoski")


def test_whom_no_turn_concerns_has_one_ending_all_the_time() -> None:
    """The check of everybody else is as narrow as without a turn."""
    order = briefing(PUPIL, 21.0, ACTIVATION, END)

    assert (order.expected_end, order.windows, order.turned_by) == ("session", (), ())


def test_a_new_key_changes_no_ending() -> None:
    """Whose provider's key is rolled over must get a session before it, after it, and meanwhile."""
    order = briefing(PUPIL, 10.0, Turn(10.0, "key-rollover", "mansikkala"))

    assert (order.expected_end, order.windows) == ("session", ())


@pytest.mark.parametrize(
    ("began", "ended", "meets"),
    [
        pytest.param(1.0, 9.9, False, id="over before it begins"),
        pytest.param(1.0, 10.0, True, id="under way when it begins"),
        pytest.param(12.0, 13.0, True, id="within"),
        pytest.param(20.0, 25.0, True, id="begun when it ends"),
        pytest.param(20.1, 25.0, False, id="begun after its end"),
    ],
)
def test_a_login_meets_a_window_that_it_was_under_way_in(began: float, ended: float, meets: bool) -> None:  # noqa: FBT001 -- a row
    """Both ends belong to it."""
    window = Window(briefing(PUPIL, 0.0).expected, 10.0, 20.0)

    assert window.meets(began, ended) is meets


@pytest.mark.parametrize(
    ("what", "where", "says"),
    [
        pytest.param(
            "activate-school", "30076", '"30076" is none of the schools that are not activated', id="activated"
        ),
        pytest.param("end-contract", "niittykyla", "education providers whose contract goes on", id="ended already"),
        pytest.param("key-rollover", "koivuranta", "sign SAML by one key", id="a Wilma signs nothing"),
        pytest.param("key-rollover", "mansikala", "did you mean", id="a name that there is not"),
    ],
)
def test_a_turn_that_cannot_be_taken_is_refused(what: str, where: str, says: str) -> None:
    """Before the run, in words."""
    with pytest.raises(InputError, match=says):
        place_of(what, FEDERATION, where)


def test_a_turn_without_a_place_is_taken_where_most_people_are() -> None:
    """Of what it can be taken at."""
    assert [place_of(what, FEDERATION, "") for what in ("end-contract", "key-rollover")] == ["mansikkala", "mansikkala"]
