# SPDX-License-Identifier: Apache-2.0
"""One arrival from its scheduled moment to its record: tries again as people do, looks whom the service saw, judges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.briefing import Briefing, Service
from loadtests.exchange import TIMEOUT, Browser, ExchangeError
from loadtests.expectation import Expectation, Window
from loadtests.records import Record
from loadtests.roster import Behaviour
from loadtests.sight import Sight, is_right_person
from loadtests.walk import Ending, Steps, Walk, is_right

PATIENCE_SECONDS: Final = 10.0
"""How long people wait for an answer before they press the button again."""
MOST_TRIES: Final = 3
"""After so many they give up."""


def conduct(briefing: Briefing, browser: Browser, now: Callable[[], float], authorization: str, worker: int) -> Record:
    """Return the record of one arrival; `now` gives seconds from the schedule's start.

    The end is when the person saw the last page; looking whom the service saw comes after it.
    """
    started = now()
    tries = 1
    while True:
        steps = Steps(now)
        walk = Walk(browser, briefing, steps, authorization)
        ending = walk.run()
        if ending.failure is None or not ending.failure.startswith(TIMEOUT) or tries == MOST_TRIES:
            break
        tries += 1
    finished = now()
    right = _right(briefing.windows, briefing.expected, started, finished)
    verdict = _verdict(walk, ending, right, briefing.behaviour, briefing.service)
    if briefing.then is not None and briefing.then_expected is not None and verdict.may_go_on:
        then = walk.go_on(briefing.then)
        then_right = _right(briefing.then_windows, briefing.then_expected, started, now())
        verdict = verdict.and_then(_verdict(walk, then, then_right, Behaviour.ORDINARY, briefing.then))
    return Record(
        number=briefing.number,
        provider=briefing.provider,
        behaviour=briefing.behaviour.value,
        scheduled=round(briefing.at, 4),
        started=round(started, 4),
        finished=round(finished, 4),
        steps={name: round(seconds, 4) for name, seconds in steps.seconds.items()},
        outcome=ending.outcome,
        because=ending.because,
        expected=briefing.expected_end,
        is_right_outcome=verdict.is_right_outcome,
        is_right_person=verdict.is_right_person,
        failure=verdict.failure,
        tries=tries,
        worker=worker,
        turned_by=" ".join(briefing.turned_by),
    )


@dataclass(frozen=True)
class _Verdict:
    """What is held of one login: `may_go_on` where there is a session that somebody could go on with."""

    is_right_outcome: bool
    is_right_person: bool | None
    failure: str | None
    may_go_on: bool = False

    def and_then(self, other: _Verdict) -> _Verdict:
        """Return what is held of both logins together."""
        people = (self.is_right_person, other.is_right_person)
        return _Verdict(
            self.is_right_outcome and other.is_right_outcome,
            False if False in people else self.is_right_person,
            self.failure or other.failure,
        )


def _right(windows: Sequence[Window], expected: Expectation, began: float, ended: float) -> tuple[Expectation, ...]:
    """Return how a login may end that was under way for so long: one way, but while a turn is taken up."""
    if not windows:
        return (expected,)
    return tuple(window.expectation for window in windows if window.meets(began, ended))


def _verdict(
    walk: Walk, ending: Ending, right: Sequence[Expectation], behaviour: Behaviour, service: Service
) -> _Verdict:
    has_session = ending.outcome == "session"
    is_right_outcome = any(is_right(ending, each, behaviour) for each in right)
    if not walk.reached_service:
        return _Verdict(is_right_outcome, None, ending.failure)
    try:
        sight = walk.seen_by(service)
    except ExchangeError as error:
        failure = ending.failure or f"{error.kind} at session-document"
        return _Verdict(is_right_outcome=False, is_right_person=None, failure=failure)
    person = _is_any_of(right, sight, has_session=has_session)
    return _Verdict(is_right_outcome, person, ending.failure, may_go_on=has_session)


def _is_any_of(right: Sequence[Expectation], sight: Sight | None, *, has_session: bool) -> bool | None:
    """Tell whether the service saw the person; where an ending without a session is right too, it may have gone since."""
    if sight is None and has_session and any(each.outcome != "session" for each in right):
        return None
    seen = [is_right_person(sight, each, has_session=has_session) for each in right]
    return True if True in seen else seen[-1]
