# SPDX-License-Identifier: Apache-2.0
"""Faults of what a response holds: status, assertions, markup, and how often it comes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from xml.sax.saxutils import escape

from idp_simulators.faults.fault import Fault, Scene, only_response_signed
from idp_simulators.faults.person_attributes import sent_attributes, sent_instead, written
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.signing import Signing

_ATTLIST: Final = '<!DOCTYPE samlp:Response [<!ATTLIST saml:Attribute FriendlyName CDATA "learnerId">]>'
"""Validating readers add the attribute to every Attribute, after the signature was checked (saml-libraries 2)."""


def _authn_failed(answer: Answer, _scene: Scene) -> Answer:
    return only_response_signed(answer).with_response(status=("Responder", "AuthnFailed"), assertions=())


def _success_with_message(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_response(status_message="Kirjautuminen onnistui <b>hyvin</b>.")


def _error_with_assertion(answer: Answer, _scene: Scene) -> Answer:
    return only_response_signed(answer).with_response(status=("Responder", "AuthnFailed"))


def _error_unsigned(answer: Answer, scene: Scene) -> Answer:
    return replace(_authn_failed(answer, scene), signings=())


def _no_assertion(answer: Answer, _scene: Scene) -> Answer:
    return only_response_signed(answer).with_response(assertions=())


def _no_name_id(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_assertion(name_id=None)


def _two_assertions(answer: Answer, scene: Scene) -> Answer:
    assertions = (answer.assertion, replace(answer.assertion, id=scene.answering.new_id()))
    signings = tuple(Signing.by(scene.answering.signer, assertion.id) for assertion in assertions)
    return replace(answer, signings=signings, encryption_key=None).with_response(assertions=assertions)


def _two_statements(answer: Answer, _scene: Scene) -> Answer:
    attributes = sent_attributes(answer)
    return answer.with_assertion(statements=(attributes[:1], attributes[1:]))


def _doctype(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_edit(lambda text: _ATTLIST + text)


def _declaration_and_comment(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_edit(lambda text: '<?xml version="1.0" encoding="UTF-8"?>\n<!-- kommentti -->\n' + text)


def _element_in_value(answer: Answer, scene: Scene) -> Answer:
    markup = 'Kutsuma<b xmlns="http://www.w3.org/1999/xhtml">nimi</b>'
    return sent_instead(answer, replace(written(answer, scene.names["nickname"]), markup=(markup,)))


def _comment_in_value(answer: Answer, scene: Scene) -> Answer:
    """Split the learner id by a comment: whoever reads only the text before it reads another id (CVE-2017-11427)."""
    split = tuple(
        replace(attribute, values=(), markup=tuple(_split_by_comment(value) for value in attribute.values))
        if attribute.name == scene.names["learner_id"]
        else attribute
        for attribute in sent_attributes(answer)
    )
    return answer.with_assertion(statements=(split,))


def _split_by_comment(value: str) -> str:
    middle = len(value) // 2
    return f"{escape(value[:middle])}<!-- kommentti -->{escape(value[middle:])}"


def _delivered_twice(answer: Answer, _scene: Scene) -> Answer:
    return replace(answer, deliveries=2)


def _one_time_use(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_assertion(extra_conditions="<saml:OneTimeUse/>")


FAULTS: Final = (
    Fault(
        "status-not-success",
        "The identity provider says that the person could not be authenticated.",
        "saml-core-2.0-os 3.2.2.2",
        "status-not-success",
        _authn_failed,
        "The status is success, with a message that holds markup.",
        _success_with_message,
    ),
    Fault(
        "error-status-with-assertion",
        "The identity provider says that the person could not be authenticated, and sends an assertion.",
        "saml-core-2.0-os 3.2.2.2",
        "status-not-success",
        _error_with_assertion,
        "The status is success, with a message that holds markup.",
        _success_with_message,
    ),
    Fault(
        "error-status-unsigned",
        "A response without a signature says that the person could not be authenticated.",
        "saml-core-2.0-os 3.2.2.2",
        "status-not-success-unsigned",
        _error_unsigned,
        "The status is success, with a message that holds markup.",
        _success_with_message,
    ),
    Fault(
        "no-assertion",
        "The response says success and holds no assertion.",
        "saml-profiles-2.0-os 4.1.4.2",
        "assertion-missing",
        _no_assertion,
        "The assertion holds no NameID.",
        _no_name_id,
    ),
    Fault(
        "two-assertions",
        "The response holds two signed assertions.",
        "saml2int SDP-IDP10",
        "assertion-repeated",
        _two_assertions,
        "The one assertion holds two AttributeStatements.",
        _two_statements,
    ),
    Fault(
        "doctype",
        "A document type declaration with a default for FriendlyName stands before the signed response.",
        "saml2int SDP-G03",
        "response-doctype",
        _doctype,
        "An XML declaration and a comment stand before the signed response.",
        _declaration_and_comment,
    ),
    Fault(
        "element-in-value",
        "The nickname holds an element.",
        "saml-core-2.0-os 2.7.3.1.1",
        "attribute-value-not-text",
        _element_in_value,
        "The learner id is split by a comment, and must be read whole.",
        _comment_in_value,
    ),
    Fault(
        "replayed",
        "The response is posted a second time, with the cookies of the first.",
        "saml-profiles-2.0-os 4.1.4.5",
        "response-replayed",
        _delivered_twice,
        "The response is posted once, and says that it may be used only once.",
        _one_time_use,
    ),
)
