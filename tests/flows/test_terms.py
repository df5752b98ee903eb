# SPDX-License-Identifier: Apache-2.0
"""The publisher's terms of use in whole logins: accepted once by a person, again when they change, or declined."""

from __future__ import annotations

from dataclasses import replace

from certs.keys import Keys
from federation.model import Federation
from federation.publisher import Terms
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import PersonRef
from testbed.flow.result import LoginResult
from testbed.stacks.in_process import InProcessStack
from tests.builders import stacks

PUPIL = LoginPlan(PersonRef("mansikkala", "demo_u0001"))


def after_the_answer(result: LoginResult) -> list[str]:
    """Return what the publisher did once the login had come back to it."""
    came_back = max(number for number, hop in enumerate(result.hops) if hop.sender == "proxy")
    return [hop.what for hop in result.hops[came_back + 1 :]]


def test_accepts_the_terms_at_the_first_login_of_a_person(fresh_stack: InProcessStack):
    """They come up where the materials would; a second login of the same person, in another browser, meets none."""
    first, second = login(fresh_stack, PUPIL), login(fresh_stack, PUPIL)

    assert (first.outcome, second.outcome) == ("session", "session")
    assert after_the_answer(first) == ["terms", "terms accepted", "materials"]
    assert after_the_answer(second) == ["materials"]


def test_refuses_who_declines_the_terms(fresh_stack: InProcessStack):
    """Error 118; the next login is asked again."""
    declined = login(fresh_stack, replace(PUPIL, declines_terms=True))
    again = login(fresh_stack, PUPIL)

    assert (declined.outcome, declined.at, declined.because, declined.page) == (
        "refused",
        "publisher",
        "terms-not-accepted",
        118,
    )
    assert after_the_answer(declined) == ["terms", "terms declined", "refusal"]
    assert after_the_answer(again) == ["terms", "terms accepted", "materials"]


def test_meets_no_terms_at_the_portal(fresh_stack: InProcessStack):
    """The portal keeps no people, so there is nobody of whom to remember an answer."""
    assert after_the_answer(login(fresh_stack, replace(PUPIL, service="portal"))) == ["materials"]


def test_leads_to_where_the_person_was_going(fresh_stack: InProcessStack):
    """A deep link keeps its query over the terms."""
    result = login(fresh_stack, replace(PUPIL, target="/kampus/lukujono?page=12&via=portal"))

    assert after_the_answer(result)[:2] == ["terms", "terms accepted"]
    assert result.detail.endswith("/kampus/lukujono?page=12&via=portal")


def test_meets_no_terms_where_none_are_declared(keys: Keys):
    """`publisher.terms` may be left out."""
    stack = stacks.in_process(with_terms(stacks.shipped_federation(), None), keys)

    assert after_the_answer(login(stack, PUPIL)) == ["materials"]


def with_terms(federation: Federation, terms: Terms | None) -> Federation:
    publisher = federation.publisher.model_copy(update={"terms": terms})
    return federation.model_copy(update={"publisher": publisher})
