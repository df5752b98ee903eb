# SPDX-License-Identifier: Apache-2.0
"""What is read from a verified assertion: all of it, exactly, and nothing that was cut short."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from proxy.saml.response import NameId, VerifiedAssertion, verify_response
from tests.builders.saml_response import DOCUMENT, IDP, NOW, Change, assertion_first, edited, expected, message, signed


def verified(*changes: Change) -> VerifiedAssertion:
    """Return what the changed assertion proves; the test fails where it is refused."""
    outcome = verify_response(message(signed(assertion_first(changes))), expected(), NOW)
    assert isinstance(outcome, VerifiedAssertion), outcome
    return outcome


def test_reads_the_whole_assertion():
    """Every value of the default assertion, as it was written."""
    assert verified() == VerifiedAssertion(
        assertion_id="_assertion",
        response_id="_response",
        issuer=IDP,
        name_id=NameId("_name", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"),
        authn_instant=datetime(2026, 8, 10, 7, 59, 58, tzinfo=UTC),
        authn_context_class="urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
        authenticating_authorities=(),
        session_index="_session",
        session_not_on_or_after=None,
        attributes=(("firstName", ("Testi",)), ("schoolCode", ("30076", "", "30077"))),
    )


VALUES = [
    ("a comment", "Te<!-- x -->sti", "Testi"),
    ("a comment first", "<!-- x -->Testi", "Testi"),
    ("a processing instruction", "Te<?x y?>sti", "Testi"),
    ("CDATA", "Te<![CDATA[<st>]]>i", "Te<st>i"),
    ("character references", "Te&#115;t&#x69;&amp;&lt;", "Testi&<"),
    ("white space around", "  Testi\n", "  Testi\n"),
    ("letters of the north", "Åäö Ŋŋ Õõ ẞ", "Åäö Ŋŋ Õõ ẞ"),
    ("combining and astral characters", "e\u0301 \U0001f600", "e\u0301 \U0001f600"),
    ("256 characters", "ä" * 256, "ä" * 256),
    ("a formula", "=HYPERLINK(&quot;x&quot;)", '=HYPERLINK("x")'),
]


@pytest.mark.parametrize(("written", "read"), [pytest.param(*row[1:], id=row[0]) for row in VALUES])
def test_reads_a_value_with(written: str, read: str):
    """A value is its whole text, never cut (CVE-2017-11427)."""
    assertion = verified((">Testi<", f">{written}<"))

    assert assertion.values("firstName") == (read,)


@pytest.mark.parametrize("name", ["_na<!-- x -->me", "_na<?x?>me", "<![CDATA[_name]]>"])
def test_reads_a_name_id_whole(name: str):
    """The NameID is its whole text too."""
    assert verified((">_name<", f">{name}<")).name_id == NameId(
        "_name", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    )


def test_keeps_empty_values_in_their_place():
    """An empty element and one that says it is nil are empty values: lists are matched by position."""
    nil = '<saml:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'

    assert verified((">Testi</saml:AttributeValue>", f">Testi</saml:AttributeValue>{nil}")).values("firstName") == (
        "Testi",
        "",
    )


def test_joins_attributes_of_one_name():
    """A name that stands twice, in two statements even, has the values of both, in order."""
    more = (
        '<saml:AttributeStatement><saml:Attribute Name="schoolCode"><saml:AttributeValue>30078</saml:AttributeValue>'
        "</saml:Attribute></saml:AttributeStatement>"
    )

    assertion = verified(("</saml:AttributeStatement>", f"</saml:AttributeStatement>{more}"))

    assert assertion.attributes == (("firstName", ("Testi",)), ("schoolCode", ("30076", "", "30077", "30078")))


def test_goes_by_the_name_and_not_by_the_friendly_name():
    """FriendlyName is for people (saml-core-2.0-os 2.7.3.1)."""
    assertion = verified(('Name="firstName"', 'Name="other" FriendlyName="firstName"'))

    assert (assertion.values("firstName"), assertion.values("other")) == ((), ("Testi",))


def test_reads_an_assertion_without_attributes_and_name_id():
    """A person about whom nothing is said has signed in all the same."""
    statement = DOCUMENT[DOCUMENT.index("<saml:AttributeStatement>") : DOCUMENT.index("</saml:Assertion>")]
    name_id = DOCUMENT[DOCUMENT.index("<saml:NameID") : DOCUMENT.index("<saml:SubjectConfirmation ")]

    assertion = verified((name_id, ""), (statement, ""))

    assert (assertion.name_id, assertion.attributes) == (None, ())


def test_reads_the_end_of_the_session_and_who_authenticated():
    """SessionNotOnOrAfter and AuthenticatingAuthority are read where they are given."""
    assertion = verified(
        ('SessionIndex="_session"', 'SessionNotOnOrAfter="2026-08-10T09:00:00.5Z"'),
        (
            "</saml:AuthnContextClassRef>",
            (
                "</saml:AuthnContextClassRef><saml:AuthenticatingAuthority>https://upstream.example"
                "</saml:AuthenticatingAuthority>"
            ),
        ),
    )

    assert assertion.session_not_on_or_after == datetime(2026, 8, 10, 9, 0, 0, 500_000, tzinfo=UTC)
    assert assertion.authenticating_authorities == ("https://upstream.example",)
    assert assertion.session_index is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            [("samlp:", "p:"), ("xmlns:samlp", "xmlns:p"), ("saml:", "a:"), ("xmlns:saml", "xmlns:a")], id="prefixes"
        ),
        pytest.param([("saml:", ""), ("xmlns:saml=", "xmlns=")], id="a default namespace"),
        pytest.param([("\n", "\n\n    ")], id="pretty printing"),
        pytest.param([("><saml:AttributeValue>", ">\n<saml:AttributeValue >")], id="white space in tags"),
    ],
)
def test_does_not_care_how_a_document_is_written(changes: list[Change]):
    """Prefixes, default namespaces and white space between elements mean nothing."""
    text = DOCUMENT.replace("urn:oasis:names:tc:SAML:2.0:", "URN")
    for old, new in changes:
        text = text.replace(old, new)
    text = text.replace("URN", "urn:oasis:names:tc:SAML:2.0:")

    outcome = verify_response(message(signed(text)), expected(), NOW)

    assert isinstance(outcome, VerifiedAssertion), outcome
    assert outcome.values("firstName") == ("Testi",)


def test_reads_optional_content_that_means_nothing_here():
    """Extensions, Advice, SubjectLocality and unknown attributes are no reason to refuse."""
    text = edited(
        DOCUMENT,
        [
            ("<samlp:Status>", '<samlp:Extensions><x:a xmlns:x="urn:x"/></samlp:Extensions><samlp:Status>'),
            ("<saml:AuthnContext>", '<saml:SubjectLocality Address="192.0.2.1"/><saml:AuthnContext>'),
            ("</saml:Conditions>", '</saml:Conditions><saml:Advice><x:a xmlns:x="urn:x"/></saml:Advice>'),
        ],
    )

    assert isinstance(verify_response(message(signed(text)), expected(), NOW), VerifiedAssertion)
