# SPDX-License-Identifier: Apache-2.0
"""Every check of a response and its assertion: what is refused, and the twin inside the bounds that is accepted.

Each row is signed after its change, by the right key: nothing but the check stands between it and a session.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from federation.reasons import Refusal
from proxy.saml.response import VerifiedAssertion, verify_response
from tests.builders.saml_response import (
    ACS,
    DOCUMENT,
    IDP,
    NOW,
    PROXY,
    REQUEST_ID,
    Change,
    assertion_first,
    edited,
    expected,
    message,
    signed,
)

CONDITIONS = DOCUMENT[DOCUMENT.index("<saml:Conditions") : DOCUMENT.index("<saml:AuthnStatement")]
SUBJECT = DOCUMENT[DOCUMENT.index("<saml:Subject>") : DOCUMENT.index("<saml:Conditions")]
STATEMENT = DOCUMENT[DOCUMENT.index("<saml:AuthnStatement") : DOCUMENT.index("<saml:AttributeStatement")]
AUDIENCES = f"<saml:AudienceRestriction><saml:Audience>{PROXY}</saml:Audience></saml:AudienceRestriction>"
OTHER = "<saml:Audience>https://other.example/sp</saml:Audience>"
SUCCESS = '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>'
FAILED = (
    '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">'
    '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>'
)
CONFIRMATION = DOCUMENT[
    DOCUMENT.index("<saml:SubjectConfirmation ") : DOCUMENT.index("</saml:SubjectConfirmation>") + 27
]
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@dataclass(frozen=True)
class Row:
    """One check: a change that it refuses and its twin, the same change with a value that it accepts.

    What is refused for being absent has no twin but the plain response.
    """

    sentence: str
    because: str
    refused: Sequence[Change]
    accepted: Sequence[Change] | None


def response(sentence: str, because: str, refused: Change, accepted: Change | None = None) -> Row:
    return Row(sentence, because, (refused,), (accepted,) if accepted else None)


RESPONSE_ROWS = [
    response(
        "it is SAML 1.1",
        "response-version-unsupported",
        ('Version="2.0"', 'Version="1.1"'),
        ('Version="2.0"', 'Version="&#50;.0"'),
    ),
    response(
        "its destination is another address",
        "wrong-destination",
        (f'Destination="{ACS}"', f'Destination="{ACS}/"'),
        (f'Destination="{ACS}"', f'Destination="&#x68;{ACS[1:]}"'),
    ),
    response("its destination is missing", "destination-missing", (f' Destination="{ACS}"', "")),
    response(
        "it answers another request",
        "wrong-in-response-to",
        (f'InResponseTo="{REQUEST_ID}"', 'InResponseTo="_another"'),
        (f'InResponseTo="{REQUEST_ID}"', 'InResponseTo="&#95;request"'),
    ),
    response("it answers no request", "in-response-to-missing", (f' InResponseTo="{REQUEST_ID}"', "")),
    response(
        "its issuer is another provider",
        "wrong-issuer",
        (f"<saml:Issuer>{IDP}", "<saml:Issuer>https://idp.example/kuopio/metadata"),
    ),
    response(
        "its issuer differs in case",
        "wrong-issuer",
        (f"<saml:Issuer>{IDP}", f"<saml:Issuer>{IDP.upper()}"),
        (f"<saml:Issuer>{IDP}", f"<saml:Issuer><![CDATA[{IDP}]]>"),
    ),
    response("its issuer is empty", "wrong-issuer", (f"<saml:Issuer>{IDP}", "<saml:Issuer>")),
    response("it is signed and names no issuer", "issuer-missing", (f"<saml:Issuer>{IDP}</saml:Issuer>", "")),
    response(
        "its issuer is named by an e-mail address",
        "issuer-format",
        ("<saml:Issuer>", '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">'),
        ("<saml:Issuer>", '<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">'),
    ),
    response(
        "it was issued 190 s ahead",
        "response-not-yet-valid",
        ('IssueInstant="2026-08-10T08:00:00Z"', 'IssueInstant="2026-08-10T08:03:10Z"'),
        ('IssueInstant="2026-08-10T08:00:00Z"', 'IssueInstant="2026-08-10T08:02:50Z"'),
    ),
    response(
        "it was issued before our request, more than the skew",
        "response-before-request",
        ('IssueInstant="2026-08-10T08:00:00Z"', 'IssueInstant="2026-08-10T07:55:50Z"'),
        ('IssueInstant="2026-08-10T08:00:00Z"', 'IssueInstant="2026-08-10T07:56:10Z"'),
    ),
    response(
        "it was issued three days ago",
        "response-expired",
        ('IssueInstant="2026-08-10T08:00:00Z"', 'IssueInstant="2026-08-07T08:00:00Z"'),
    ),
    response(
        "its time has no Z",
        "response-time-unreadable",
        ('IssueInstant="2026-08-10T08:00:00Z"', 'IssueInstant="2026-08-10T08:00:00"'),
        ('IssueInstant="2026-08-10T08:00:00Z"', 'IssueInstant="2026-08-10T08:00:00.1234567Z"'),
    ),
    response(
        "its time has an offset",
        "response-time-unreadable",
        ('IssueInstant="2026-08-10T08:00:00Z"', 'IssueInstant="2026-08-10T11:00:00+03:00"'),
    ),
    response("its status is an error, with an assertion", "status-not-success", (SUCCESS, FAILED)),
    response(
        "its assertion is missing",
        "assertion-missing",
        (DOCUMENT[DOCUMENT.index("<saml:Assertion ") : DOCUMENT.index("</samlp:Response>")], ""),
    ),
    response(
        "it is an AuthnRequest",
        "response-wrong-message",
        (
            DOCUMENT,
            (
                '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0"'
                ' IssueInstant="2026-08-10T08:00:00Z"/>'
            ),
        ),
    ),
    response(
        "an element stands where the schema has none",
        "response-schema-invalid",
        ("<samlp:Status>", "<samlp:Status/><samlp:Status>"),
    ),
    response(
        "a confirmation's time is not a time",
        "response-schema-invalid",
        ('NotOnOrAfter="2026-08-10T08:05:00Z"', 'NotOnOrAfter="soon"'),
    ),
]

ASSERTION_ROWS = [
    response(
        "it is SAML 1.1",
        "assertion-version-unsupported",
        ('Version="2.0"', 'Version="1.1"'),
        ('Version="2.0"', 'Version="&#50;.0"'),
    ),
    response("its issuer is empty", "issuer-missing", (f"<saml:Issuer>{IDP}", "<saml:Issuer>")),
    response(
        "its issuer is another",
        "wrong-assertion-issuer",
        (f"<saml:Issuer>{IDP}", f"<saml:Issuer>{IDP}2"),
        (f"<saml:Issuer>{IDP}", f"<saml:Issuer><![CDATA[{IDP}]]>"),
    ),
    response(
        "its issuer is named by an e-mail address",
        "issuer-format",
        ("<saml:Issuer>", '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">'),
        ("<saml:Issuer>", '<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">'),
    ),
    response("it has no subject", "subject-missing", (SUBJECT, "")),
    response("its subject is not confirmed", "subject-confirmation-missing", (CONFIRMATION, "")),
    response(
        "its subject is confirmed by holder-of-key alone",
        "subject-confirmation-missing",
        ("cm:bearer", "cm:holder-of-key"),
        (
            CONFIRMATION,
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"/>' + CONFIRMATION,
        ),
    ),
    response(
        "its first confirmation is for another address and there is no second",
        "wrong-recipient",
        (f'Recipient="{ACS}"', 'Recipient="https://other.example/acs"'),
        (CONFIRMATION, CONFIRMATION.replace(ACS, "https://other.example/acs") + CONFIRMATION),
    ),
    response("its confirmation's recipient goes on", "wrong-recipient", (f'Recipient="{ACS}', f'Recipient="{ACS}2')),
    response("its confirmation names no recipient", "recipient-missing", (f'Recipient="{ACS}"', "")),
    response(
        "its confirmation has no data",
        "recipient-missing",
        (CONFIRMATION, '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/>'),
    ),
    response(
        "its confirmation answers another request",
        "confirmation-in-response-to",
        (f'InResponseTo="{REQUEST_ID}"', 'InResponseTo="_another"'),
        (f'InResponseTo="{REQUEST_ID}"', 'InResponseTo="&#95;request"'),
    ),
    response(
        "its confirmation answers no request", "confirmation-in-response-to", (f' InResponseTo="{REQUEST_ID}"', "")
    ),
    response(
        "its confirmation has a beginning",
        "confirmation-not-before",
        ("<saml:SubjectConfirmationData ", '<saml:SubjectConfirmationData NotBefore="2026-08-10T07:00:00Z" '),
        ("<saml:SubjectConfirmationData ", '<saml:SubjectConfirmationData Address="192.0.2.1" '),
    ),
    response("its confirmation has no end", "confirmation-time-missing", ('NotOnOrAfter="2026-08-10T08:05:00Z"', "")),
    response(
        "its confirmation ended 190 s ago",
        "confirmation-expired",
        ('NotOnOrAfter="2026-08-10T08:05:00Z"', 'NotOnOrAfter="2026-08-10T07:56:50Z"'),
        ('NotOnOrAfter="2026-08-10T08:05:00Z"', 'NotOnOrAfter="2026-08-10T07:57:10Z"'),
    ),
    response(
        "its confirmation ended exactly the skew ago",
        "confirmation-expired",
        ('NotOnOrAfter="2026-08-10T08:05:00Z"', 'NotOnOrAfter="2026-08-10T07:57:00Z"'),
        ('NotOnOrAfter="2026-08-10T08:05:00Z"', 'NotOnOrAfter="2026-08-10T07:57:00.001Z"'),
    ),
    response("it has no conditions", "conditions-missing", (CONDITIONS, "")),
    response(
        "its conditions begin 190 s ahead",
        "conditions-not-yet-valid",
        ('NotBefore="2026-08-10T07:59:59Z"', 'NotBefore="2026-08-10T08:03:10Z"'),
        ('NotBefore="2026-08-10T07:59:59Z"', 'NotBefore="2026-08-10T08:02:50Z"'),
    ),
    response(
        "its conditions ended 190 s ago",
        "conditions-expired",
        (
            'NotBefore="2026-08-10T07:59:59Z" NotOnOrAfter="2026-08-10T08:05:00Z"',
            'NotBefore="2026-08-10T07:50:00Z" NotOnOrAfter="2026-08-10T07:56:50Z"',
        ),
        (
            'NotBefore="2026-08-10T07:59:59Z" NotOnOrAfter="2026-08-10T08:05:00Z"',
            'NotBefore="2026-08-10T07:50:00Z" NotOnOrAfter="2026-08-10T07:57:10Z"',
        ),
    ),
    response(
        "its conditions end before they begin",
        "conditions-contradictory",
        (
            'NotBefore="2026-08-10T07:59:59Z" NotOnOrAfter="2026-08-10T08:05:00Z"',
            'NotBefore="2026-08-10T08:00:01Z" NotOnOrAfter="2026-08-10T08:00:00Z"',
        ),
        (
            'NotBefore="2026-08-10T07:59:59Z" NotOnOrAfter="2026-08-10T08:05:00Z"',
            'NotBefore="2026-08-10T08:00:00Z" NotOnOrAfter="2026-08-10T08:00:01Z"',
        ),
    ),
    response(
        "its conditions hold for ever, and its audience is another",
        "wrong-audience",
        (
            CONDITIONS,
            f"<saml:Conditions><saml:AudienceRestriction>{OTHER}</saml:AudienceRestriction></saml:Conditions>",
        ),
        (CONDITIONS, f'<saml:Conditions NotOnOrAfter="9999-12-31T23:59:59Z">{AUDIENCES}</saml:Conditions>'),
    ),
    response(
        "it has a condition of no known name",
        "condition-unknown",
        (AUDIENCES, f'{AUDIENCES}<saml:Condition {XSI} xsi:type="saml:OneTimeUseType"/>'),
        (AUDIENCES, f"{AUDIENCES}<saml:OneTimeUse/>"),
    ),
    response("it has no audience restriction", "audience-missing", (AUDIENCES, "<saml:OneTimeUse/>")),
    response(
        "its audience differs in a slash",
        "wrong-audience",
        (f"{PROXY}</saml:Audience>", f"{PROXY}/</saml:Audience>"),
        (f"{PROXY}</saml:Audience>", f"{PROXY}<!-- / --></saml:Audience>"),
    ),
    response("its audience is empty", "wrong-audience", (f"<saml:Audience>{PROXY}<", "<saml:Audience><")),
    response(
        "one of two audience restrictions leaves the proxy out",
        "wrong-audience",
        (AUDIENCES, f"{AUDIENCES}<saml:AudienceRestriction>{OTHER}</saml:AudienceRestriction>"),
        ("<saml:Audience>", f"{OTHER}<saml:Audience>"),
    ),
    response(
        "it must not be passed on",
        "proxying-forbidden",
        (AUDIENCES, f'{AUDIENCES}<saml:ProxyRestriction Count="0"/>'),
        (AUDIENCES, f'{AUDIENCES}<saml:ProxyRestriction Count="1"/>'),
    ),
    response(
        "it may be passed on to one service only",
        "proxying-forbidden",
        (AUDIENCES, f'{AUDIENCES}<saml:ProxyRestriction Count="3">{OTHER}</saml:ProxyRestriction>'),
        (AUDIENCES, f'{AUDIENCES}<saml:ProxyRestriction Count="3"/>'),
    ),
    response("it tells of no sign-in", "authn-statement-missing", (STATEMENT, "")),
    response("it tells of two sign-ins", "authn-statement-repeated", (STATEMENT, STATEMENT + STATEMENT)),
    response(
        "the sign-in is 190 s ahead",
        "authn-instant-in-future",
        ('AuthnInstant="2026-08-10T07:59:58Z"', 'AuthnInstant="2026-08-10T08:03:10Z"'),
        ('AuthnInstant="2026-08-10T07:59:58Z"', 'AuthnInstant="2026-08-10T08:02:50Z"'),
    ),
    response(
        "its session ended 190 s ago",
        "session-expired",
        ('SessionIndex="_session"', 'SessionNotOnOrAfter="2026-08-10T07:56:50Z"'),
        ('SessionIndex="_session"', 'SessionNotOnOrAfter="2026-08-10T07:57:10Z"'),
    ),
    response(
        "an attribute's value holds XML",
        "attribute-value-not-text",
        ("<saml:AttributeValue>Testi<", "<saml:AttributeValue>Testi<saml:NameID>x</saml:NameID><"),
        ("<saml:AttributeValue>Testi<", "<saml:AttributeValue>Testi&lt;saml:NameID>x&lt;/saml:NameID><"),
    ),
    response(
        "an attribute is encrypted on its own",
        "attribute-encrypted",
        (
            "<saml:AttributeStatement>",
            (
                "<saml:AttributeStatement><saml:EncryptedAttribute>"
                '<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:CipherData>'
                "<xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"
                "</saml:EncryptedAttribute>"
            ),
        ),
        ("<saml:AttributeStatement>", '<saml:AttributeStatement><saml:Attribute Name="unknown"/>'),
    ),
    response(
        "it has 101 attributes",
        "too-many-attributes",
        ("<saml:AttributeStatement>", "<saml:AttributeStatement>" + '<saml:Attribute Name="a"/>' * 99),
        ("<saml:AttributeStatement>", "<saml:AttributeStatement>" + '<saml:Attribute Name="a"/>' * 98),
    ),
    response(
        "it has 1,001 values",
        "too-many-attributes",
        (
            "<saml:AttributeValue>Testi<",
            "<saml:AttributeValue>x</saml:AttributeValue>" * 997 + "<saml:AttributeValue><",
        ),
        (
            "<saml:AttributeValue>Testi<",
            "<saml:AttributeValue>x</saml:AttributeValue>" * 996 + "<saml:AttributeValue><",
        ),
    ),
]


@pytest.mark.parametrize("row", [pytest.param(row, id=row.sentence) for row in RESPONSE_ROWS])
def test_refuses_a_response_because(row: Row):
    """A response that its issuer signed is refused with the reason of the one check that it fails."""
    text = edited(DOCUMENT, row.refused)
    levels = [
        level for level, tag in (("assertion", "<saml:Assertion "), ("response", "<samlp:Response")) if tag in text
    ]

    outcome = verify_response(message(signed(text, levels)), expected(), NOW)

    assert isinstance(outcome, Refusal)
    assert outcome.reason_id == row.because


@pytest.mark.parametrize("row", [pytest.param(row, id=row.sentence) for row in RESPONSE_ROWS if row.accepted])
def test_accepts_the_response_that_differs_from(row: Row):
    """The same change with a value inside the bounds is accepted."""
    outcome = verify_response(message(signed(edited(DOCUMENT, row.accepted or ()))), expected(), NOW)

    assert isinstance(outcome, VerifiedAssertion), outcome


@pytest.mark.parametrize("row", [pytest.param(row, id=row.sentence) for row in ASSERTION_ROWS])
def test_refuses_an_assertion_because(row: Row):
    """An assertion that its issuer signed is refused with the reason of the one check that it fails."""
    outcome = verify_response(message(signed(assertion_first(row.refused))), expected(), NOW)

    assert isinstance(outcome, Refusal)
    assert outcome.reason_id == row.because


@pytest.mark.parametrize("row", [pytest.param(row, id=row.sentence) for row in ASSERTION_ROWS if row.accepted])
def test_accepts_the_assertion_that_differs_from(row: Row):
    """The same change with a value inside the bounds is accepted."""
    outcome = verify_response(message(signed(assertion_first(row.accepted or ()))), expected(), NOW)

    assert isinstance(outcome, VerifiedAssertion), outcome


@pytest.mark.parametrize(
    ("instant", "because"),
    [
        pytest.param("2026-08-10T07:55:50Z", "authn-too-old", id="190 s before our request"),
        pytest.param("2026-08-10T07:56:10Z", None, id="170 s before our request"),
    ],
)
def test_wants_a_fresh_sign_in_where_it_was_forced(instant: str, because: str | None):
    """With ForceAuthn a sign-in from before our request is refused."""
    changes = [('AuthnInstant="2026-08-10T07:59:58Z"', f'AuthnInstant="{instant}"')]

    outcome = verify_response(message(signed(assertion_first(changes))), expected(force_authn=True), NOW)

    assert (outcome.reason_id if isinstance(outcome, Refusal) else None) == because


def test_takes_an_old_sign_in_where_none_was_forced():
    """Without ForceAuthn the identity provider's own session is good enough, however old."""
    changes = [('AuthnInstant="2026-08-10T07:59:58Z"', 'AuthnInstant="2026-08-10T01:00:00Z"')]

    outcome = verify_response(message(signed(assertion_first(changes))), expected(), NOW)

    assert isinstance(outcome, VerifiedAssertion)


def test_says_which_error_the_identity_provider_answered_with():
    """A signed error status is refused with its second level, without the common prefix."""
    text = edited(DOCUMENT, [(SUCCESS, FAILED)])

    outcome = verify_response(message(signed(text, ["response"])), expected(), NOW)

    assert outcome == Refusal("status-not-success", "AuthnFailed", "Success")


def test_does_not_believe_an_error_that_is_not_signed():
    """An unsigned error status has a reason of its own."""
    assertion = DOCUMENT[DOCUMENT.index("<saml:Assertion ") : DOCUMENT.index("</samlp:Response>")]
    text = edited(DOCUMENT, [(SUCCESS, FAILED), (assertion, "")])

    outcome = verify_response(message(text), expected(), NOW)

    assert outcome == Refusal("status-not-success-unsigned", "AuthnFailed", "Success")


def test_refuses_a_second_assertion():
    """A response with two assertions is refused even where its own signature covers both."""
    assertion = DOCUMENT[DOCUMENT.index("<saml:Assertion ") : DOCUMENT.index("</samlp:Response>")]
    text = edited(DOCUMENT, [("</samlp:Response>", assertion.replace("_assertion", "_second") + "</samlp:Response>")])

    outcome = verify_response(message(signed(text, ["response"])), expected(), NOW)

    assert outcome == Refusal("assertion-repeated", "2 assertions", "one")


def test_asks_no_destination_of_a_response_that_is_not_signed_itself():
    """Where only the assertion is signed, the response around it may leave out destination and issuer."""
    text = edited(DOCUMENT, [(f' Destination="{ACS}"', ""), (f"<saml:Issuer>{IDP}</saml:Issuer>", "")])

    outcome = verify_response(message(signed(text, ["assertion"])), expected(), NOW)

    assert isinstance(outcome, VerifiedAssertion)


def test_takes_its_time_from_the_caller():
    """The same response is over when the caller's clock says so."""
    outcome = verify_response(message(signed()), expected(), datetime(2026, 8, 10, 8, 9, tzinfo=UTC))

    assert outcome == Refusal("response-expired", "2026-08-10T08:00:00Z", "at least 2026-08-10T08:01:00.000Z")


def test_takes_its_tolerance_from_the_caller():
    """The skew is one value, and the caller's."""
    exact = dataclasses.replace(expected(), clock_skew=datetime.resolution)
    changes = [('NotBefore="2026-08-10T07:59:59Z"', 'NotBefore="2026-08-10T08:00:01Z"')]

    outcome = verify_response(message(signed(assertion_first(changes))), exact, NOW)

    assert isinstance(outcome, Refusal)
    assert outcome.reason_id == "conditions-not-yet-valid"
