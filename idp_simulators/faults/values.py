# SPDX-License-Identifier: Apache-2.0
"""Faults of the person's values in a message that is right: the learner id missing, empty, doubled, malformed."""

from __future__ import annotations

from typing import Final

from idp_simulators.faults.fault import Change, Fault, Scene
from idp_simulators.faults.person_attributes import not_sent, sent_instead, written
from idp_simulators.saml.answers import Answer

_LEARNER_ID: Final = "learner_id"
_NICKNAME: Final = "nickname"
_RIGHT: Final = "1.2.246.562.24.20000000017"
_A_DIGIT_SHORT: Final = "1.2.246.562.24.2000000001"
_WRONG_CHECK_DIGIT: Final = "1.2.246.562.24.20000000018"
_CLAUSE: Final = "facts-mpassid 2"


def _not_sent(field: str) -> Change:
    return lambda answer, scene: not_sent(answer, scene.names[field])


def _sent(field: str, *sent: tuple[str, ...]) -> Change:
    """Return the change that sends the field's attribute once for each of `sent`, with these values."""

    def change(answer: Answer, scene: Scene) -> Answer:
        return sent_instead(answer, *(written(answer, scene.names[field], *values) for values in sent))

    return change


FAULTS: Final = (
    Fault(
        "missing-learner-id",
        "The learner id is not sent.",
        _CLAUSE,
        "learner-id-missing",
        _not_sent(_LEARNER_ID),
        "The nickname is not sent.",
        _not_sent(_NICKNAME),
    ),
    Fault(
        "empty-learner-id",
        "The learner id is sent, and empty.",
        _CLAUSE,
        "learner-id-missing",
        _sent(_LEARNER_ID, ("",)),
        "The nickname is sent, and empty.",
        _sent(_NICKNAME, ("",)),
    ),
    Fault(
        "invalid-learner-id",
        "The learner id is a digit short.",
        _CLAUSE,
        "learner-id-invalid",
        _sent(_LEARNER_ID, (_A_DIGIT_SHORT,)),
        "The learner id has the right form and a wrong check digit.",
        _sent(_LEARNER_ID, (_WRONG_CHECK_DIGIT,)),
    ),
    Fault(
        "two-learner-ids",
        "Two learner ids are sent as values of one attribute, and the first is a digit short.",
        "facts-mpassid 3",
        "learner-id-invalid",
        _sent(_LEARNER_ID, (_A_DIGIT_SHORT, _RIGHT)),
        "Two learner ids are sent as values of one attribute, and the second is a digit short.",
        _sent(_LEARNER_ID, (_RIGHT, _A_DIGIT_SHORT)),
    ),
    Fault(
        "learner-id-twice",
        "The learner id's attribute is sent twice, the first time a digit short.",
        "saml-core-2.0-os 2.7.3",
        "learner-id-invalid",
        _sent(_LEARNER_ID, (_A_DIGIT_SHORT,), (_RIGHT,)),
        "The learner id's attribute is sent twice, the second time a digit short.",
        _sent(_LEARNER_ID, (_RIGHT,), (_A_DIGIT_SHORT,)),
    ),
)
