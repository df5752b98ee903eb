# SPDX-License-Identifier: Apache-2.0
"""Faults of time: each is ten seconds outside the three minutes of skew (facts-mpassid 5), each twin ten inside."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from idp_simulators.faults.fault import Fault, Scene
from idp_simulators.saml.answers import Answer

SKEW: Final = timedelta(minutes=3)
MESSAGE_LIFETIME: Final = timedelta(minutes=5)
"""How old a response may be when it arrives, apart from the skew."""
OUTSIDE: Final = SKEW + timedelta(seconds=10)
INSIDE: Final = SKEW - timedelta(seconds=10)

_WINDOW: Final = timedelta(minutes=10)
_PROFILE: Final = "saml-profiles-2.0-os 4.1.4.2"
_CONDITIONS: Final = "saml-core-2.0-os 2.5.1.2"
_STATEMENT: Final = "saml-core-2.0-os 2.7.2"


def _ended(answer: Answer, scene: Scene, ago: timedelta) -> Answer:
    end = scene.answering.now - ago
    return answer.with_assertion(not_before=end - _WINDOW, not_on_or_after=end)


def _begins(answer: Answer, scene: Scene, ahead: timedelta) -> Answer:
    begin = scene.answering.now + ahead
    return answer.with_assertion(not_before=begin, not_on_or_after=begin + _WINDOW)


def _confirmed(answer: Answer, **changes: object) -> Answer:
    changed = replace(answer.assertion.confirmations[0], **changes)  # type: ignore[arg-type] # checked by replace
    return answer.with_assertion(confirmations=(changed,))


def _expired(answer: Answer, scene: Scene) -> Answer:
    return _ended(answer, scene, OUTSIDE)


def _just_expired(answer: Answer, scene: Scene) -> Answer:
    return _ended(answer, scene, INSIDE)


def _not_yet_valid(answer: Answer, scene: Scene) -> Answer:
    return _begins(answer, scene, OUTSIDE)


def _valid_soon(answer: Answer, scene: Scene) -> Answer:
    return _begins(answer, scene, INSIDE)


def _confirmation_expired(answer: Answer, scene: Scene) -> Answer:
    return _confirmed(answer, not_on_or_after=scene.answering.now - OUTSIDE)


def _confirmation_just_expired(answer: Answer, scene: Scene) -> Answer:
    return _confirmed(answer, not_on_or_after=scene.answering.now - INSIDE)


def _confirmation_without_end(answer: Answer, _scene: Scene) -> Answer:
    return _confirmed(answer, not_on_or_after=None)


def _second_confirmation_ends(answer: Answer, _scene: Scene) -> Answer:
    right = answer.assertion.confirmations[0]
    return answer.with_assertion(confirmations=(replace(right, not_on_or_after=None), right))


def _confirmation_not_before(answer: Answer, scene: Scene) -> Answer:
    return _confirmed(answer, not_before=scene.answering.now)


def _second_confirmation_plain(answer: Answer, scene: Scene) -> Answer:
    right = answer.assertion.confirmations[0]
    return answer.with_assertion(confirmations=(replace(right, not_before=scene.answering.now), right))


def _response_issued(answer: Answer, scene: Scene, offset: timedelta) -> Answer:
    return answer.with_response(issue_instant=scene.answering.now + offset)


def _response_old(answer: Answer, scene: Scene) -> Answer:
    return _response_issued(answer, scene, -(MESSAGE_LIFETIME + OUTSIDE))


def _response_behind(answer: Answer, scene: Scene) -> Answer:
    return _response_issued(answer, scene, -INSIDE)


def _response_before_request(answer: Answer, scene: Scene) -> Answer:
    return answer.with_response(issue_instant=scene.answering.request.issued - OUTSIDE)


def _response_beside_request(answer: Answer, scene: Scene) -> Answer:
    return answer.with_response(issue_instant=scene.answering.request.issued - INSIDE)


def _response_from_future(answer: Answer, scene: Scene) -> Answer:
    return _response_issued(answer, scene, OUTSIDE)


def _response_ahead(answer: Answer, scene: Scene) -> Answer:
    return _response_issued(answer, scene, INSIDE)


def _signed_in_in_future(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(authn_instant=scene.answering.now + OUTSIDE)


def _signed_in_ahead(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(authn_instant=scene.answering.now + INSIDE)


def _signed_in_before_request(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(authn_instant=scene.answering.request.issued - OUTSIDE)


def _signed_in_beside_request(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(authn_instant=scene.answering.request.issued - INSIDE)


def _session_over(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(session_not_on_or_after=scene.answering.now - OUTSIDE)


def _session_just_over(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(session_not_on_or_after=scene.answering.now - INSIDE)


FAULTS: Final = (
    Fault(
        "expired",
        "The assertion ended 190 seconds ago.",
        _CONDITIONS,
        "conditions-expired",
        _expired,
        "The assertion ended 170 seconds ago.",
        _just_expired,
    ),
    Fault(
        "not-yet-valid",
        "The assertion begins in 190 seconds.",
        _CONDITIONS,
        "conditions-not-yet-valid",
        _not_yet_valid,
        "The assertion begins in 170 seconds.",
        _valid_soon,
    ),
    Fault(
        "confirmation-expired",
        "The bearer confirmation ended 190 seconds ago.",
        _PROFILE,
        "confirmation-expired",
        _confirmation_expired,
        "The bearer confirmation ended 170 seconds ago.",
        _confirmation_just_expired,
    ),
    Fault(
        "confirmation-time-missing",
        "The bearer confirmation has no end.",
        _PROFILE,
        "confirmation-time-missing",
        _confirmation_without_end,
        "A first bearer confirmation has no end, a second one has.",
        _second_confirmation_ends,
    ),
    Fault(
        "confirmation-not-before",
        "The bearer confirmation has a NotBefore.",
        _PROFILE,
        "confirmation-not-before",
        _confirmation_not_before,
        "A first bearer confirmation has a NotBefore, a second one has none.",
        _second_confirmation_plain,
    ),
    Fault(
        "response-old",
        "The response was issued 490 seconds ago.",
        "saml-core-2.0-os 3.2.2",
        "response-expired",
        _response_old,
        "The response was issued 170 seconds ago.",
        _response_behind,
    ),
    Fault(
        "response-before-request",
        "The response was issued 190 seconds before the request it answers.",
        "saml-core-2.0-os 3.2.2",
        "response-before-request",
        _response_before_request,
        "The response was issued 170 seconds before the request it answers.",
        _response_beside_request,
    ),
    Fault(
        "response-from-future",
        "The response is issued in 190 seconds.",
        "saml-core-2.0-os 3.2.2",
        "response-not-yet-valid",
        _response_from_future,
        "The response is issued in 170 seconds.",
        _response_ahead,
    ),
    Fault(
        "authn-instant-in-future",
        "The person signs in in 190 seconds.",
        _STATEMENT,
        "authn-instant-in-future",
        _signed_in_in_future,
        "The person signs in in 170 seconds.",
        _signed_in_ahead,
    ),
    Fault(
        "sign-in-not-fresh",
        "A fresh sign-in was asked for, and the person signed in 190 seconds before the request.",
        "saml-core-2.0-os 3.4.1",
        "authn-too-old",
        _signed_in_before_request,
        "A fresh sign-in was asked for, and the person signed in 170 seconds before the request.",
        _signed_in_beside_request,
        needs_force_authn=True,
    ),
    Fault(
        "session-expired",
        "The session that the identity provider grants ended 190 seconds ago.",
        _STATEMENT,
        "session-expired",
        _session_over,
        "The session that the identity provider grants ended 170 seconds ago.",
        _session_just_over,
    ),
)
