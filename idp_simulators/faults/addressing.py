# SPDX-License-Identifier: Apache-2.0
"""Faults of who answers whom: audience, recipient, destination, the request answered, the issuer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from idp_simulators.faults.fault import Fault, Scene, only_assertion_signed, only_response_signed
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.messages import ENTITY, Confirmation, Issuer

_ANOTHER_AUDIENCE: Final = "https://another-service.example.org/shibboleth"
_ANOTHER_REQUEST: Final = "_00000000000000000000000000000000"
_PROFILE: Final = "saml-profiles-2.0-os 4.1.4.2"


def _confirmation(answer: Answer) -> Confirmation:
    return answer.assertion.confirmations[0]


def _confirmed_by(answer: Answer, *confirmations: Confirmation) -> Answer:
    return answer.with_assertion(confirmations=confirmations)


def _spelled(answer: Answer, name: str, value: str) -> Answer:
    """Write an attribute of the Response with character references: other bytes, the same value."""
    spelled = "".join(f"&#{ord(letter)};" for letter in value)
    return answer.with_edit(lambda text: text.replace(f'{name}="{value}"', f'{name}="{spelled}"', 1))


def _wrong_audience(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_assertion(audiences=((_ANOTHER_AUDIENCE,),))


def _two_audiences(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(audiences=((_ANOTHER_AUDIENCE, scene.proxy.entity_id),))


def _no_audience(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_assertion(audiences=())


def _two_restrictions(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(audiences=((scene.proxy.entity_id,), (scene.proxy.entity_id,)))


def _one_restriction_for_another(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(audiences=((scene.proxy.entity_id,), (_ANOTHER_AUDIENCE,)))


def _wrong_recipient(answer: Answer, scene: Scene) -> Answer:
    return _confirmed_by(answer, replace(_confirmation(answer), recipient=scene.another_acs_url))


def _second_recipient_right(answer: Answer, scene: Scene) -> Answer:
    right = _confirmation(answer)
    return _confirmed_by(answer, replace(right, recipient=scene.another_acs_url), right)


def _no_recipient(answer: Answer, _scene: Scene) -> Answer:
    return _confirmed_by(answer, replace(_confirmation(answer), recipient=None))


def _second_has_recipient(answer: Answer, _scene: Scene) -> Answer:
    right = _confirmation(answer)
    return _confirmed_by(answer, replace(right, recipient=None), right)


def _wrong_destination(answer: Answer, scene: Scene) -> Answer:
    return answer.with_response(destination=scene.another_acs_url)


def _destination_spelled(answer: Answer, scene: Scene) -> Answer:
    return _spelled(answer, "Destination", scene.acs_url)


def _no_destination(answer: Answer, _scene: Scene) -> Answer:
    return only_response_signed(answer.with_response(destination=None))


def _no_destination_unsigned(answer: Answer, _scene: Scene) -> Answer:
    return only_assertion_signed(answer.with_response(destination=None))


def _wrong_in_response_to(answer: Answer, _scene: Scene) -> Answer:
    wrong = replace(_confirmation(answer), in_response_to=_ANOTHER_REQUEST)
    return _confirmed_by(answer.with_response(in_response_to=_ANOTHER_REQUEST), wrong)


def _in_response_to_spelled(answer: Answer, scene: Scene) -> Answer:
    return _spelled(answer, "InResponseTo", scene.answering.request.id)


def _no_in_response_to(answer: Answer, _scene: Scene) -> Answer:
    unsolicited = replace(_confirmation(answer), in_response_to=None)
    return _confirmed_by(answer.with_response(in_response_to=None), unsolicited)


def _second_has_in_response_to(answer: Answer, _scene: Scene) -> Answer:
    right = _confirmation(answer)
    return _confirmed_by(answer, replace(right, in_response_to=None), right)


def _confirmation_of_another_request(answer: Answer, _scene: Scene) -> Answer:
    return _confirmed_by(answer, replace(_confirmation(answer), in_response_to=_ANOTHER_REQUEST))


def _second_confirms_this_request(answer: Answer, _scene: Scene) -> Answer:
    right = _confirmation(answer)
    return _confirmed_by(answer, replace(right, in_response_to=_ANOTHER_REQUEST), right)


def _issued_by_another(answer: Answer, scene: Scene) -> Answer:
    another = Issuer(scene.another_provider.entity_id)
    return answer.with_response(issuer=another).with_assertion(issuer=another)


def _issuers_with_format(answer: Answer, scene: Scene) -> Answer:
    issuer = Issuer(scene.answering.entity_id, ENTITY)
    return answer.with_response(issuer=issuer).with_assertion(issuer=issuer)


def _assertion_by_another(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(issuer=Issuer(scene.another_provider.entity_id))


def _assertion_issuer_with_format(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(issuer=Issuer(scene.answering.entity_id, ENTITY))


def _mixed_up(answer: Answer, scene: Scene) -> Answer:
    signer = scene.another_provider.signer
    signings = tuple(
        replace(signing, signer=signer, certificate_base64=signer.certificate_base64) for signing in answer.signings
    )
    return _issued_by_another(replace(answer, signings=signings), scene)


def _another_authenticated(answer: Answer, scene: Scene) -> Answer:
    return answer.with_assertion(authenticating_authorities=(scene.another_provider.entity_id,))


FAULTS: Final = (
    Fault(
        "wrong-audience",
        "The assertion is addressed to another service provider.",
        "saml-core-2.0-os 2.5.1.4",
        "wrong-audience",
        _wrong_audience,
        "The assertion is addressed to another service provider and to this one.",
        _two_audiences,
    ),
    Fault(
        "audience-missing",
        "The assertion has no AudienceRestriction.",
        _PROFILE,
        "audience-missing",
        _no_audience,
        "The assertion has two AudienceRestrictions, each with this service provider.",
        _two_restrictions,
    ),
    Fault(
        "audience-in-one-restriction",
        "The assertion has two AudienceRestrictions, and only one names this service provider.",
        "saml-core-2.0-os 2.5.1.4",
        "wrong-audience",
        _one_restriction_for_another,
        "The assertion has two AudienceRestrictions, each with this service provider.",
        _two_restrictions,
    ),
    Fault(
        "wrong-recipient",
        "The bearer confirmation is for another address of the proxy.",
        _PROFILE,
        "wrong-recipient",
        _wrong_recipient,
        "A first bearer confirmation is for another address, a second one for this.",
        _second_recipient_right,
    ),
    Fault(
        "recipient-missing",
        "The bearer confirmation names no recipient.",
        _PROFILE,
        "recipient-missing",
        _no_recipient,
        "A first bearer confirmation names no recipient, a second one this address.",
        _second_has_recipient,
    ),
    Fault(
        "wrong-destination",
        "The response is meant for another address of the proxy.",
        "saml-bindings-2.0-os 3.5.5.2",
        "wrong-destination",
        _wrong_destination,
        "The right address is spelled with character references.",
        _destination_spelled,
    ),
    Fault(
        "destination-missing",
        "The response is signed and does not say where it is meant for.",
        "saml-bindings-2.0-os 3.5.5.2",
        "destination-missing",
        _no_destination,
        "The response does not say where it is meant for, and only its assertion is signed.",
        _no_destination_unsigned,
    ),
    Fault(
        "wrong-in-response-to",
        "Response and confirmation answer another request.",
        "saml-profiles-2.0-os 4.1.4.3",
        "wrong-in-response-to",
        _wrong_in_response_to,
        "The request's ID is spelled with character references.",
        _in_response_to_spelled,
    ),
    Fault(
        "in-response-to-missing",
        "Response and confirmation answer no request.",
        "saml-profiles-2.0-os 4.1.5",
        "in-response-to-missing",
        _no_in_response_to,
        "A first confirmation answers no request, a second one this request.",
        _second_has_in_response_to,
    ),
    Fault(
        "confirmation-in-response-to",
        "The response answers this request, its bearer confirmation another.",
        _PROFILE,
        "confirmation-in-response-to",
        _confirmation_of_another_request,
        "A first confirmation answers another request, a second one this request.",
        _second_confirms_this_request,
    ),
    Fault(
        "wrong-issuer",
        "Response and assertion name another identity provider of the federation, the key is the right one.",
        _PROFILE,
        "wrong-issuer",
        _issued_by_another,
        "Response and assertion name the right issuer, and say that it is an entity ID.",
        _issuers_with_format,
        needs_another_provider=True,
    ),
    Fault(
        "wrong-assertion-issuer",
        "The response is by the right identity provider, its assertion names another.",
        _PROFILE,
        "wrong-assertion-issuer",
        _assertion_by_another,
        "The assertion names the right issuer, and says that it is an entity ID.",
        _assertion_issuer_with_format,
        needs_another_provider=True,
    ),
    Fault(
        "mixed-up-idp",
        "Another identity provider of the federation answers, with its own issuer and key.",
        "saml-profiles-2.0-os 4.1.4.3",
        "wrong-issuer",
        _mixed_up,
        "The right identity provider answers, and says that another one authenticated the person.",
        _another_authenticated,
        needs_another_provider=True,
    ),
)
