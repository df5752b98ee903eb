# SPDX-License-Identifier: Apache-2.0
"""Faults of what an assertion lacks or demands: conditions, a bearer confirmation, versions, how issuers are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from idp_simulators.faults.fault import Change, Fault, Scene, only_assertion_signed, only_response_signed
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.messages import ENTITY, TRANSIENT, Issuer

_PROFILE: Final = "saml-profiles-2.0-os 4.1.4.2"
_CONDITIONS: Final = "saml-core-2.0-os 2.5.1"
_SENDER_VOUCHES: Final = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"
_UNKNOWN: Final = (
    '<saml:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="saml:OneTimeUseType"/>'
)


def _no_bearer(answer: Answer, _scene: Scene) -> Answer:
    right = answer.assertion.confirmations[0]
    return answer.with_assertion(confirmations=(replace(right, method=_SENDER_VOUCHES),))


def _bearer_second(answer: Answer, _scene: Scene) -> Answer:
    right = answer.assertion.confirmations[0]
    return answer.with_assertion(confirmations=(replace(right, method=_SENDER_VOUCHES), right))


def _no_conditions(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_assertion(has_conditions=False)


def _timeless_conditions(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_assertion(not_before=None, not_on_or_after=None)


def _backwards(answer: Answer, scene: Scene) -> Answer:
    return _valid_from(answer, scene, timedelta(seconds=-1))


def _for_a_second(answer: Answer, scene: Scene) -> Answer:
    return _valid_from(answer, scene, timedelta(seconds=1))


def _valid_from(answer: Answer, scene: Scene, length: timedelta) -> Answer:
    begin = scene.answering.now
    return answer.with_assertion(not_before=begin, not_on_or_after=begin + length)


def _also(condition: str) -> Change:
    return lambda answer, _scene: answer.with_assertion(extra_conditions=condition)


def _response_of_saml_one(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_response(version="1.1")


def _assertion_of_saml_one(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_assertion(version="1.1")


def _version_spelled(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_edit(lambda text: text.replace('Version="2.0"', 'Version="&#50;&#46;&#48;"'))


def _no_issuer(answer: Answer, _scene: Scene) -> Answer:
    return only_response_signed(answer.with_response(issuer=None))


def _no_issuer_unsigned(answer: Answer, _scene: Scene) -> Answer:
    return only_assertion_signed(answer.with_response(issuer=None))


def _issuers_named_by(name_format: str) -> Change:
    def change(answer: Answer, scene: Scene) -> Answer:
        issuer = Issuer(scene.answering.entity_id, name_format)
        return answer.with_response(issuer=issuer).with_assertion(issuer=issuer)

    return change


FAULTS: Final = (
    Fault(
        "no-bearer-confirmation",
        "The one confirmation of the subject is sender-vouches.",
        _PROFILE,
        "subject-confirmation-missing",
        _no_bearer,
        "A first confirmation is sender-vouches, a second one bearer.",
        _bearer_second,
    ),
    Fault(
        "no-conditions",
        "The assertion has no Conditions.",
        _PROFILE,
        "conditions-missing",
        _no_conditions,
        "The assertion's Conditions name an audience and no times.",
        _timeless_conditions,
    ),
    Fault(
        "ends-before-it-begins",
        "The assertion ends a second before it begins.",
        "saml-core-2.0-os 2.5.1.2",
        "conditions-contradictory",
        _backwards,
        "The assertion ends a second after it begins.",
        _for_a_second,
    ),
    Fault(
        "unknown-condition",
        "The assertion has a condition that nobody knows.",
        _CONDITIONS,
        "condition-unknown",
        _also(_UNKNOWN),
        "The assertion has the condition that it is used once.",
        _also("<saml:OneTimeUse/>"),
    ),
    Fault(
        "must-not-be-passed-on",
        "The assertion must not be passed on by a proxy.",
        "saml-core-2.0-os 2.5.1.6",
        "proxying-forbidden",
        _also('<saml:ProxyRestriction Count="0"/>'),
        "The assertion may be passed on once.",
        _also('<saml:ProxyRestriction Count="1"/>'),
    ),
    Fault(
        "response-version",
        "The response says that it is SAML 1.1.",
        "saml-core-2.0-os 3.2.2",
        "response-version-unsupported",
        _response_of_saml_one,
        "The versions are spelled with character references.",
        _version_spelled,
    ),
    Fault(
        "assertion-version",
        "The assertion says that it is SAML 1.1.",
        "saml-core-2.0-os 2.3.3",
        "assertion-version-unsupported",
        _assertion_of_saml_one,
        "The versions are spelled with character references.",
        _version_spelled,
    ),
    Fault(
        "issuer-missing",
        "The signed response names no issuer.",
        _PROFILE,
        "issuer-missing",
        _no_issuer,
        "The response names no issuer and is not signed, its assertion names one and is.",
        _no_issuer_unsigned,
    ),
    Fault(
        "issuer-format",
        "The issuers are named as persons are.",
        _PROFILE,
        "issuer-format",
        _issuers_named_by(TRANSIENT),
        "The issuers are named, and it is said that they are entity IDs.",
        _issuers_named_by(ENTITY),
    ),
)
