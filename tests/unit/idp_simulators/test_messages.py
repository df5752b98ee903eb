# SPDX-License-Identifier: Apache-2.0
"""The text of responses and assertions."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from idp_simulators.saml.messages import AssertionParts, Attribute, Confirmation, Issuer, ResponseParts, response_text
from proxy.saml.schema import PROTOCOL
from tests.builders.homes import NAMESPACES, find_text

NOW = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)
END = datetime(2026, 8, 12, 8, 3, tzinfo=UTC)

ASSERTION = AssertionParts(
    id="_a1",
    issuer=Issuer("https://idp.example.org"),
    issue_instant=NOW,
    name_id="_n1",
    confirmations=(Confirmation("https://sp.example.org/acs", "_q1", END),),
    not_before=NOW,
    not_on_or_after=END,
    audiences=(("https://sp.example.org",),),
    authn_instant=NOW,
    session_index="_s1",
    statements=((Attribute("firstName", ("Testi1",)),),),
)
RESPONSE = ResponseParts(
    id="_r1",
    issuer=Issuer("https://idp.example.org"),
    issue_instant=NOW,
    destination="https://sp.example.org/acs",
    in_response_to="_q1",
    assertions=(ASSERTION,),
)


def read(parts: ResponseParts) -> etree._Element:
    return etree.fromstring(response_text(parts))


def test_writes_a_response_that_follows_the_schema():
    """What is valid by default follows the SAML schema."""
    PROTOCOL.check(read(RESPONSE))


def test_writes_the_window_and_the_addresses_of_the_parts():
    """Every field stands where the standard wants it."""
    root = read(RESPONSE)

    assert {name: root.get(name) for name in ("ID", "Version", "IssueInstant", "Destination", "InResponseTo")} == {
        "ID": "_r1",
        "Version": "2.0",
        "IssueInstant": "2026-08-12T07:58:00Z",
        "Destination": "https://sp.example.org/acs",
        "InResponseTo": "_q1",
    }
    assert dict(root.find(".//saml:SubjectConfirmationData", NAMESPACES).attrib) == {
        "NotOnOrAfter": "2026-08-12T08:03:00Z",
        "Recipient": "https://sp.example.org/acs",
        "InResponseTo": "_q1",
    }


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        pytest.param(replace(RESPONSE, destination=None), "/samlp:Response/@Destination", id="no destination"),
        pytest.param(replace(RESPONSE, in_response_to=None), "/samlp:Response/@InResponseTo", id="no request"),
        pytest.param(replace(RESPONSE, issuer=None), "/samlp:Response/saml:Issuer", id="no issuer"),
        pytest.param(replace(RESPONSE, assertions=()), "//saml:Assertion", id="no assertion"),
        pytest.param(
            replace(RESPONSE, assertions=(replace(ASSERTION, audiences=()),)), "//saml:Audience", id="no audience"
        ),
        pytest.param(
            replace(RESPONSE, assertions=(replace(ASSERTION, name_id=None),)), "//saml:NameID", id="no name id"
        ),
        pytest.param(
            replace(RESPONSE, assertions=(replace(ASSERTION, statements=((),)),)),
            "//saml:AttributeStatement",
            id="no attributes",
        ),
    ],
)
def test_leaves_out_what_is_none(parts: ResponseParts, path: str):
    """A part that is None or empty leaves no trace in the message."""
    assert read(parts).xpath(path, namespaces=NAMESPACES) == []


@pytest.mark.parametrize(
    "value",
    ["Åke <b>&amp;</b>", "'\"]]>", "ÅÄÖåäö \N{COMBINING DIAERESIS} \U0001f600", "  two  ", "<!--signature of _r1-->"],
)
def test_writes_every_value_so_that_it_is_read_back_exactly(value: str):
    """No value can become markup, or a place for a signature."""
    parts = replace(RESPONSE, assertions=(replace(ASSERTION, statements=((Attribute("a", (value,)),),)),))

    assert find_text(read(parts), "//saml:AttributeValue") == value


def test_writes_each_value_as_an_element_of_its_own():
    """Several values are separate AttributeValues, in their order, empty ones too."""
    attribute = Attribute("schoolCode", ("30076", "", "30078"))
    parts = replace(RESPONSE, assertions=(replace(ASSERTION, statements=((attribute,),)),))

    values = read(parts).findall(".//saml:AttributeValue", NAMESPACES)

    assert [value.text or "" for value in values] == ["30076", "", "30078"]


def test_nests_the_status_codes():
    """The second-level code stands inside the first (saml-core-2.0-os 3.2.2.2)."""
    root = read(replace(RESPONSE, assertions=(), status=("Responder", "AuthnFailed")))

    codes = [code.get("Value") for code in root.iter("{*}StatusCode")]

    assert codes == ["urn:oasis:names:tc:SAML:2.0:status:Responder", "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"]
