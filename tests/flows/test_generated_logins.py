# SPDX-License-Identifier: Apache-2.0
"""Generated logins end as the model says, person by person, and one that does not is seen."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from loadtests.briefing import Briefing, Briefings
from loadtests.conduct import conduct
from loadtests.exchange import CONNECTION, TIMEOUT, ExchangeError
from loadtests.records import Record
from loadtests.roster import Behaviour, Visit
from loadtests.schedule import Arrival
from loadtests.turns import Turn
from party.run_token import bearer
from testbed.flow.people import PersonRef, find_person
from testbed.stacks.in_process import InProcessStack
from tests.builders import stacks
from tests.builders.load_browser import InProcessBrowser

FEDERATION = stacks.shipped_federation()
EVERYBODY = [
    PersonRef(key, name)
    for key, provider in FEDERATION.education_providers.items()
    if not provider.idp.is_own
    for name in provider.people
]


def briefing(stack: InProcessStack, person: PersonRef, behaviour: Behaviour = Behaviour.ORDINARY) -> Briefing:
    """Return what one person is to do at the publisher."""
    briefings = Briefings(stack.federation, stack.endpoints, "publisher", stacks.NOW)
    return next(briefings.of([Visit(Arrival(0, 0.0), person, behaviour)]))


def conducted(stack: InProcessStack, order: Briefing, fails: Iterator[str | None] = iter(())) -> Record:  # noqa: B008 -- empty
    """Return the record of one arrival whose exchanges with the proxy fail as told, one after the other."""
    clock = itertools.count()

    def before(url: str) -> None:
        kind = next(fails, None) if url.startswith(stack.origins.proxy) else None
        if kind is not None:
            raise ExchangeError(kind)

    with stack.client() as client:
        browser = InProcessBrowser(client, before)
        return conduct(order, browser, lambda: float(next(clock)), bearer(stack.run_token), worker=1)


@pytest.mark.parametrize("person", EVERYBODY, ids=str)
def test_everybody_ends_as_the_model_says(in_process: InProcessStack, person: PersonRef) -> None:
    """Whatever the kind of their home organisation, and whichever rule decides."""
    record = conducted(in_process, briefing(in_process, person))

    assert record.is_right_outcome
    assert record.is_right_person is not False
    assert record.failure is None


@pytest.mark.parametrize("behaviour", list(Behaviour))
def test_whatever_people_do_has_a_right_end(in_process: InProcessStack, behaviour: Behaviour) -> None:
    """Somebody leaves, mistypes the password, goes on to the portal."""
    record = conducted(in_process, briefing(in_process, find_person(FEDERATION, "demo_u0002"), behaviour))

    expected = ("abandoned", None) if behaviour is Behaviour.ABANDONS else ("session", True)
    assert (record.outcome, record.is_right_person) == expected
    assert record.is_right_outcome
    assert ("single-sign-on" in record.steps) is (behaviour is Behaviour.SIGNED_IN)


def test_every_step_is_measured_from_its_own_beginning(in_process: InProcessStack) -> None:
    """The clock of this test moves by one second each time it is read."""
    record = conducted(in_process, briefing(in_process, find_person(FEDERATION, "demo_u0002")))

    assert list(record.steps) == ["service-start", "picker", "home-page", "home-answer", "proxy-answer", "session"]
    assert set(record.steps.values()) == {1.0}
    assert record.latency == 13.0


def test_a_school_that_is_not_activated_ends_in_its_refusal(in_process: InProcessStack) -> None:
    """Error 105 is a right end where the model says so."""
    person = next(ref for ref in EVERYBODY if briefing(in_process, ref).expected.because == "school-not-activated")

    record = conducted(in_process, briefing(in_process, person))

    assert (record.outcome, record.because, record.is_right_outcome) == ("refused", "school-not-activated", True)
    assert record.is_right_person is True


def test_another_end_than_the_models_is_a_failure(in_process: InProcessStack) -> None:
    """However quickly it was answered."""
    order = briefing(in_process, find_person(FEDERATION, "demo_u0002"))
    refused = replace(order.expected, outcome="refused", because="school-not-activated")

    record = conducted(in_process, replace(order, expected=refused))

    assert (record.outcome, record.expected, record.is_right_outcome) == ("session", "school-not-activated", False)


@pytest.mark.parametrize(
    ("at", "is_right"),
    [
        pytest.param(200.0, True, id="long before the school is activated"),
        pytest.param(1.0, True, id="under way when it is"),
        pytest.param(-200.0, False, id="long after it was"),
    ],
)
def test_either_end_is_right_only_while_a_turn_is_taken_up(
    in_process: InProcessStack,
    at: float,
    is_right: bool,  # noqa: FBT001 -- a row
) -> None:
    """The stack refuses the person all the time, and the login takes some seconds from the start."""
    turn = Turn(at, "activate-school", "90103")
    briefings = Briefings(in_process.federation, in_process.endpoints, "publisher", stacks.NOW, [turn])
    person = PersonRef("kuusikoski", "eino.erityinen")

    record = conducted(in_process, next(briefings.of([Visit(Arrival(0, 0.0), person, Behaviour.ORDINARY)])))

    assert (record.because, record.is_right_outcome) == ("school-not-activated", is_right)
    assert record.turned_by == "activate-school:90103"


def test_somebody_elses_session_is_seen_while_a_turn_is_taken_up_too(in_process: InProcessStack) -> None:
    """Two endings are right then, and still of one person."""
    turn = Turn(1.0, "end-contract", "mansikkala")
    briefings = Briefings(in_process.federation, in_process.endpoints, "publisher", stacks.NOW, [turn])
    (order,) = briefings.of([Visit(Arrival(0, 0.0), find_person(FEDERATION, "demo_u0002"), Behaviour.ORDINARY)])
    beside = briefing(in_process, find_person(FEDERATION, "demo_u0001"))

    record = conducted(in_process, replace(order, user_name=beside.user_name, password=beside.password))

    assert (record.outcome, record.is_right_outcome, record.is_right_person) == ("session", True, False)


def test_somebody_elses_session_is_seen(in_process: InProcessStack) -> None:
    """The person who is signed in is not the one who was to be."""
    order = briefing(in_process, find_person(FEDERATION, "demo_u0002"))
    beside = briefing(in_process, find_person(FEDERATION, "demo_u0001"))

    record = conducted(in_process, replace(order, user_name=beside.user_name, password=beside.password))

    assert (record.outcome, record.is_right_outcome, record.is_right_person) == ("session", True, False)


def test_who_waits_too_long_presses_the_button_again(in_process: InProcessStack) -> None:
    """The login counts from its scheduled moment, and as one."""
    order = briefing(in_process, find_person(FEDERATION, "demo_u0002"))

    record = conducted(in_process, order, fails=iter([TIMEOUT]))

    assert (record.outcome, record.tries, record.failure) == ("session", 2, None)


def test_after_three_tries_people_give_up(in_process: InProcessStack) -> None:
    """The record says where they waited last."""
    order = briefing(in_process, find_person(FEDERATION, "demo_u0002"))

    record = conducted(in_process, order, fails=iter([TIMEOUT] * 3))

    assert (record.outcome, record.tries, record.failure) == ("error", 3, "timeout at picker")
    assert not record.is_right_outcome


def test_a_connection_that_breaks_ends_the_login(in_process: InProcessStack) -> None:
    """Nobody presses a button again at once when there is an error page."""
    order = briefing(in_process, find_person(FEDERATION, "demo_u0002"))

    record = conducted(in_process, order, fails=iter([None, None, None, CONNECTION]))

    assert (record.outcome, record.tries, record.failure) == ("error", 1, "connection at home-page")
