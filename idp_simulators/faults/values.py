# SPDX-License-Identifier: Apache-2.0
"""Faults of the person's values in a message that is right: the learner id missing, empty, doubled, malformed."""

from __future__ import annotations

from typing import Final

from federation.attributes import HOME_ATTRIBUTES
from idp_simulators.answers import Answer
from idp_simulators.faults.fault import Change, Fault
from idp_simulators.messages import Attribute

_LEARNER_ID: Final = HOME_ATTRIBUTES["learner_id"]
_NICKNAME: Final = HOME_ATTRIBUTES["nickname"]
_RIGHT: Final = "1.2.246.562.24.20000000017"
_A_DIGIT_SHORT: Final = "1.2.246.562.24.2000000001"
_WRONG_CHECK_DIGIT: Final = "1.2.246.562.24.20000000018"
_CLAUSE: Final = "facts-mpassid 2"


def _sent(name: str, *sent: tuple[str, ...]) -> Change:
    """Return the change that sends the attribute once for each of `sent`, with these values; never without any."""

    def change(answer: Answer, _scene: object) -> Answer:
        others = tuple(attribute for attribute in answer.assertion.statements[0] if attribute.name != name)
        added = tuple(Attribute(name, values) for values in sent)
        return answer.with_assertion(statements=((*others, *added),))

    return change


FAULTS: Final = (
    Fault(
        "missing-learner-id",
        "The learner id is not sent.",
        _CLAUSE,
        "learner-id-missing",
        _sent(_LEARNER_ID),
        "The nickname is not sent.",
        _sent(_NICKNAME),
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
