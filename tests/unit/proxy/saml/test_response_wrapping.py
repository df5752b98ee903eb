# SPDX-License-Identifier: Apache-2.0
"""Signature wrapping, in the eight classic layouts, at both levels: nothing forged is ever read."""

from __future__ import annotations

import pytest

from federation.reasons import Refusal
from proxy.saml.response import verify_response
from tests.builders import saml_wrapping as wrapping
from tests.builders.saml_response import DOCUMENT, NOW, Level, assertion_first, edited, expected, message, signed

FORM = "response-signature-form"
SCHEMA = "response-schema-invalid"
MISSING = "response-signature-missing"
REPEATED = "assertion-repeated"

ROWS = [
    ("assertion", wrapping.original_in_the_signature, SCHEMA),
    ("assertion", wrapping.original_beside_the_signature, SCHEMA),
    ("assertion", wrapping.original_after_the_forged, REPEATED),
    ("assertion", wrapping.original_in_the_forged, SCHEMA),
    ("assertion", wrapping.signature_in_the_forged, REPEATED),
    ("assertion", wrapping.original_in_the_key_info, FORM),
    ("assertion", wrapping.original_in_extensions, FORM),
    ("assertion", wrapping.original_in_an_object, FORM),
    ("response", wrapping.original_in_the_signature, SCHEMA),
    ("response", wrapping.original_beside_the_signature, SCHEMA),
    ("response", wrapping.original_after_the_forged, SCHEMA),
    ("response", wrapping.original_in_the_forged, SCHEMA),
    ("response", wrapping.signature_in_the_forged, SCHEMA),
    ("response", wrapping.original_in_the_key_info, FORM),
    ("response", wrapping.original_in_extensions, SCHEMA),
    ("response", wrapping.original_in_an_object, FORM),
]
CASES = [
    pytest.param(level, layout, because, id=f"{level}, {layout.__name__}".replace("_", " "))
    for level, layout, because in ROWS
]


@pytest.mark.parametrize(("level", "layout", "because"), CASES)
def test_refuses_a_forged_element_under_an_id_of_its_own(level: Level, layout: wrapping.Layout, because: str):
    """A forged copy with a fresh ID is refused, wherever the signed original stands."""
    document = wrapping.wrapped(signed(DOCUMENT, [level]), level, layout)

    outcome = verify_response(message(document), expected(), NOW)

    assert isinstance(outcome, Refusal)
    assert outcome.reason_id == because


@pytest.mark.parametrize(("level", "layout", "because"), CASES)
def test_refuses_a_forged_element_under_the_id_of_the_original(level: Level, layout: wrapping.Layout, because: str):
    """A forged copy with the original's ID is refused for the ID, whatever else would be found."""
    del because
    document = wrapping.wrapped(signed(DOCUMENT, [level]), level, layout, same_id=True)

    outcome = verify_response(message(document), expected(), NOW)

    assert isinstance(outcome, Refusal)
    assert outcome.reason_id == "response-duplicate-id"


@pytest.mark.parametrize(
    ("holder", "because"),
    [
        pytest.param(
            ("<samlp:Status>", "<samlp:Extensions>{}</samlp:Extensions><samlp:Status>"), MISSING, id="in the Extensions"
        ),
        pytest.param(
            ("</samlp:Status>", "<samlp:StatusDetail>{}</samlp:StatusDetail></samlp:Status>"),
            MISSING,
            id="in the status detail",
        ),
    ],
)
def test_does_not_take_a_signed_assertion_elsewhere_for_the_response_s(holder: tuple[str, str], because: str):
    """An unsigned assertion gains nothing from a signed one that stands where no assertion belongs."""
    original = signed(DOCUMENT, ["assertion"])
    original = original[original.index("<saml:Assertion ") : original.index("</samlp:Response>")]
    namespaces = '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
    text = edited(
        DOCUMENT,
        [
            ('ID="_assertion"', 'ID="_forged"'),
            (">Testi<", ">Forged<"),
            (holder[0], holder[1].format(original.replace("<saml:Assertion ", namespaces))),
        ],
    )

    outcome = verify_response(message(text), expected(), NOW)

    assert isinstance(outcome, Refusal)
    assert outcome.reason_id == because


def test_reads_nothing_of_an_assertion_given_as_advice():
    """An assertion in the Advice of the signed one is no part of what is said about the person."""
    advice = (
        '<saml:Advice><saml:Assertion ID="_advice" Version="2.0" IssueInstant="2026-08-10T08:00:00Z">'
        "<saml:Issuer>https://other.example</saml:Issuer><saml:AttributeStatement>"
        '<saml:Attribute Name="advised"><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>'
        "</saml:AttributeStatement></saml:Assertion></saml:Advice>"
    )

    outcome = verify_response(
        message(signed(assertion_first([("</saml:Conditions>", "</saml:Conditions>" + advice)]))), expected(), NOW
    )

    assert not isinstance(outcome, Refusal)
    assert outcome.attributes == (("firstName", ("Testi",)), ("schoolCode", ("30076", "", "30077")))
