# SPDX-License-Identifier: Apache-2.0
"""Signature wrapping: the eight classic layouts (Somorovsky et al., USENIX Security 2012).

Each layout is there for a signed response and for a signed assertion: `xsw-1` to `xsw-8` are the sets' usual eight, two
of a response and six of an assertion, and `-response` and `-assertion` mark the same layout around the other element.
Each keeps what was signed somewhere in the document, where its signature still verifies, and puts a forged copy where
a careless reader takes its values from.
The twin is signed in the same way and left as it was, so a refusal comes from the wrapping alone.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Final, TypeAlias

from lxml import etree

from idp_simulators.faults.fault import Change, Fault, Scene, only_assertion_signed, only_response_signed
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.messages import ASSERTION_NAMESPACE, PROTOCOL_NAMESPACE
from idp_simulators.saml.signing import XMLDSIG
from idp_simulators.saml.xml_reading import Element

_ASSERTION: Final = f"{{{ASSERTION_NAMESPACE}}}Assertion"
_SIGNATURE: Final = f"{{{XMLDSIG}}}Signature"
_FORGED: Final = "forged"

_Layout: TypeAlias = Callable[[Element], Element]
"""Takes the signed Response and returns the wrapped one."""


def _forged_copy(signed: Element) -> Element:
    """Return a copy with another ID and forged values, still holding the signature over the original."""
    copy = deepcopy(signed)
    copy.tail = None
    for element in copy.iter(_ASSERTION, f"{{{PROTOCOL_NAMESPACE}}}Response"):
        element.set("ID", f"_forged{element.get('ID')}")
    for value in copy.iter(f"{{{ASSERTION_NAMESPACE}}}AttributeValue"):
        value.text = _FORGED
    return copy


def _signature(element: Element) -> Element:
    return next(element.iterchildren(_SIGNATURE))


def _unsigned(element: Element) -> Element:
    """Return a copy without its signature: what the signature was made over."""
    copy = deepcopy(element)
    copy.remove(_signature(copy))
    return copy


def _assertion(response: Element) -> Element:
    return next(response.iterchildren(_ASSERTION))


def _response_in_signature(response: Element) -> Element:
    forged = _forged_copy(response)
    _signature(forged).append(_unsigned(response))
    return forged


def _response_before_signature(response: Element) -> Element:
    forged = _forged_copy(response)
    _signature(forged).addprevious(_unsigned(response))
    return forged


def _forged_before(response: Element) -> Element:
    signed = _assertion(response)
    forged = _forged_copy(signed)
    forged.remove(_signature(forged))
    signed.addprevious(forged)
    return response


def _signed_in_forged(response: Element) -> Element:
    signed = _assertion(response)
    forged = _forged_copy(signed)
    forged.remove(_signature(forged))
    response.replace(signed, forged)
    forged.append(signed)
    return response


def _signature_in_forged(response: Element) -> Element:
    signed = _assertion(response)
    response.replace(signed, _forged_copy(signed))
    response.append(_unsigned(signed))
    return response


def _signed_in_signature_of_forged(response: Element) -> Element:
    signed = _assertion(response)
    forged = _forged_copy(signed)
    _signature(forged).append(_unsigned(signed))
    response.replace(signed, forged)
    return response


def _forged_in_extensions(response: Element) -> Element:
    """Give the forged assertion the signed one's ID, where the schema looks at nothing: a reference finds it first."""
    signed = _assertion(response)
    forged = _forged_copy(signed)
    forged.set("ID", signed.get("ID", ""))
    forged.remove(_signature(forged))
    extensions = etree.Element(f"{{{PROTOCOL_NAMESPACE}}}Extensions")
    extensions.append(forged)
    response[0].addnext(extensions)
    return response


def _signed_in_object_of_forged(response: Element) -> Element:
    signed = _assertion(response)
    forged = _forged_copy(signed)
    etree.SubElement(_signature(forged), f"{{{XMLDSIG}}}Object").append(_unsigned(signed))
    response.replace(signed, forged)
    return response


def _response_first(response: Element) -> Element:
    forged = _forged_without_signature(response)
    forged.insert(0, deepcopy(response))
    return forged


def _response_in_status(response: Element) -> Element:
    """Put the signed response where the schema allows anything, so that only the signature can tell."""
    forged = _forged_without_signature(response)
    status = next(forged.iterchildren(f"{{{PROTOCOL_NAMESPACE}}}Status"))
    etree.SubElement(status, f"{{{PROTOCOL_NAMESPACE}}}StatusDetail").append(deepcopy(response))
    return forged


def _response_last(response: Element) -> Element:
    forged = _forged_copy(response)
    forged.append(_unsigned(response))
    return forged


def _response_in_extensions(response: Element) -> Element:
    """Give the forged response the signed one's ID: a reference finds whichever is looked for first."""
    forged = _forged_without_signature(response)
    forged.set("ID", response.get("ID", ""))
    extensions = etree.Element(f"{{{PROTOCOL_NAMESPACE}}}Extensions")
    extensions.append(deepcopy(response))
    forged[0].addnext(extensions)
    return forged


def _forged_without_signature(signed: Element) -> Element:
    forged = _forged_copy(signed)
    forged.remove(_signature(forged))
    return forged


def _in_signature_of_forged_response(holder: str) -> _Layout:
    """Return the layout that hides the signed response in the forged one's signature, in a `holder` of its own."""

    def layout(response: Element) -> Element:
        forged = _forged_copy(response)
        _hidden_in(_signature(forged), holder).append(_unsigned(response))
        return forged

    return layout


def _signed_in_key_info_of_forged(response: Element) -> Element:
    signed = _assertion(response)
    forged = _forged_copy(signed)
    _hidden_in(_signature(forged), "KeyInfo").append(_unsigned(signed))
    response.replace(signed, forged)
    return response


def _signed_before_signature_of_forged(response: Element) -> Element:
    signed = _assertion(response)
    forged = _forged_copy(signed)
    _signature(forged).addprevious(_unsigned(signed))
    response.replace(signed, forged)
    return response


def _hidden_in(signature: Element, holder: str) -> Element:
    """Return the signature's own KeyInfo or Object, made where there is none."""
    found = next(signature.iterchildren(f"{{{XMLDSIG}}}{holder}"), None)
    return etree.SubElement(signature, f"{{{XMLDSIG}}}{holder}") if found is None else found


def _wrapped(prepare: Callable[[Answer], Answer], layout: _Layout) -> Change:
    def change(answer: Answer, _scene: Scene) -> Answer:
        return replace(prepare(answer), encryption_key=None).with_edit(
            lambda text: etree.tostring(layout(etree.fromstring(text)), encoding="unicode")
        )

    return change


def _response_left(answer: Answer, _scene: Scene) -> Answer:
    return only_response_signed(answer)


def _assertion_left(answer: Answer, _scene: Scene) -> Answer:
    return only_assertion_signed(answer)


def _harmless_extensions(answer: Answer, _scene: Scene) -> Answer:
    note = '<t:Note xmlns:t="urn:example:testbed">kommentti</t:Note>'
    return only_assertion_signed(answer).with_response(extensions=note)


def _of_response(number: str, sentence: str, because: str, layout: _Layout) -> Fault:
    return Fault(
        f"xsw-{number}",
        sentence,
        "saml-profiles-2.0-os 4.1.4.3",
        because,
        _wrapped(only_response_signed, layout),
        "Only the response is signed, and stands where it belongs.",
        _response_left,
    )


def _of_assertion(number: str, sentence: str, because: str, layout: _Layout) -> Fault:
    return Fault(
        f"xsw-{number}",
        sentence,
        "saml-profiles-2.0-os 4.1.4.3",
        because,
        _wrapped(only_assertion_signed, layout),
        "Only the assertion is signed, and stands where it belongs.",
        _assertion_left,
    )


FAULTS: Final = (
    _of_response(
        "1",
        "A forged response holds the signed one inside its signature.",
        "response-schema-invalid",
        _response_in_signature,
    ),
    _of_response(
        "2",
        "A forged response holds the signed one before its signature.",
        "response-schema-invalid",
        _response_before_signature,
    ),
    _of_assertion("3", "A forged assertion stands before the signed one.", "assertion-repeated", _forged_before),
    _of_assertion("4", "A forged assertion holds the signed one.", "response-schema-invalid", _signed_in_forged),
    _of_assertion(
        "5",
        "A forged assertion holds the signature over another one, which follows it.",
        "assertion-repeated",
        _signature_in_forged,
    ),
    _of_assertion(
        "6",
        "A forged assertion's signature holds the signed assertion.",
        "response-schema-invalid",
        _signed_in_signature_of_forged,
    ),
    Fault(
        "xsw-7",
        "A forged assertion with the signed one's ID stands in the response's Extensions.",
        "saml-core-2.0-os 1.3.4",
        "response-duplicate-id",
        _wrapped(only_assertion_signed, _forged_in_extensions),
        "Extensions holds an element that says nothing about a person.",
        _harmless_extensions,
    ),
    _of_assertion(
        "8",
        "A forged assertion's signature holds the signed assertion in an Object.",
        "response-signature-form",
        _signed_in_object_of_forged,
    ),
    _of_assertion(
        "1-assertion",
        "A forged assertion's signature holds the signed assertion in its KeyInfo.",
        "response-signature-form",
        _signed_in_key_info_of_forged,
    ),
    _of_assertion(
        "2-assertion",
        "A forged assertion holds the signed one before its signature.",
        "response-schema-invalid",
        _signed_before_signature_of_forged,
    ),
    _of_response(
        "3-response",
        "A forged response without signature begins with the signed one.",
        "response-schema-invalid",
        _response_first,
    ),
    _of_response(
        "4-response",
        "A forged response without signature holds the signed one in its StatusDetail.",
        "response-signature-missing",
        _response_in_status,
    ),
    _of_response(
        "5-response",
        "A forged response holds the signature over another one, which stands at its end.",
        "response-schema-invalid",
        _response_last,
    ),
    _of_response(
        "6-response",
        "A forged response's signature holds the signed one in its KeyInfo.",
        "response-signature-form",
        _in_signature_of_forged_response("KeyInfo"),
    ),
    _of_response(
        "7-response",
        "A forged response with the signed one's ID holds that in its Extensions.",
        "response-duplicate-id",
        _response_in_extensions,
    ),
    _of_response(
        "8-response",
        "A forged response's signature holds the signed one in an Object.",
        "response-signature-form",
        _in_signature_of_forged_response("Object"),
    ),
)
