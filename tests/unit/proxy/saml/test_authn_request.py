# SPDX-License-Identifier: Apache-2.0
"""What a service may ask for: each refusal, its twin, and what the service can be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from proxy.saml.authn_request import (
    RefusedRequest,
    VerifiedAuthnRequest,
    verify_authn_request_post,
    verify_authn_request_redirect,
)
from proxy.saml.metadata import ServiceProvider
from tests.builders.saml_keys import pair
from tests.builders.saml_metadata import ARTIFACT_ACS, OTHER_ACS, SERVICE, SERVICE_ACS, service
from tests.builders.saml_request import DOCUMENT, NOW, SSO, form, signed_document, signed_query, unsigned_query
from tests.builders.saml_response import Change, edited

SIGNING = 'AuthnRequestsSigned="true"'
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
ISSUED = 'IssueInstant="2026-08-10T08:00:00Z"'
ASKED = f' AssertionConsumerServiceURL="{SERVICE_ACS}"'
ISSUER = f"<saml:Issuer>{SERVICE}</saml:Issuer>"
POLICY = DOCUMENT[DOCUMENT.index("<samlp:NameIDPolicy") : DOCUMENT.index("</samlp:AuthnRequest>")]


def services(*changes: Change) -> Mapping[str, ServiceProvider]:
    """Return the known services: one, whose metadata is changed."""
    return {SERVICE: service(*changes)}


def by_redirect(query: str, *changes: Change) -> VerifiedAuthnRequest | RefusedRequest:
    """Return what becomes of a query."""
    return verify_authn_request_redirect(query, services(*changes), SSO, NOW)


def by_post(body: bytes, *changes: Change) -> VerifiedAuthnRequest | RefusedRequest:
    """Return what becomes of a form."""
    return verify_authn_request_post(body, services(*changes), SSO, NOW)


def because(outcome: VerifiedAuthnRequest | RefusedRequest) -> str | None:
    """Return the reason of a refusal, `None` for a request that is served."""
    return outcome.refusal.reason_id if isinstance(outcome, RefusedRequest) else None


def test_reads_the_whole_request():
    """Every value of the default request, as it was written."""
    known = services()

    assert verify_authn_request_redirect(signed_query(), known, SSO, NOW) == VerifiedAuthnRequest(
        id="_request",
        service_provider=known[SERVICE],
        issue_instant=datetime(2026, 8, 10, 8, 0, tzinfo=UTC),
        acs_url=SERVICE_ACS,
        force_authn=False,
        is_passive=False,
        requested_classes=(),
        comparison="exact",
        name_id_format=TRANSIENT,
        relay_state="relay",
        is_signed=True,
    )


def test_reads_what_a_request_may_wish():
    """ForceAuthn, IsPassive and the requested classes with their comparison."""
    document = edited(
        DOCUMENT,
        [
            (" Version=", ' ForceAuthn="1" IsPassive="true" Version='),
            (
                "</samlp:AuthnRequest>",
                (
                    '<samlp:RequestedAuthnContext Comparison="minimum">'
                    "<saml:AuthnContextClassRef>urn:mpass.id:authnsource:ShibMansikkala</saml:AuthnContextClassRef>"
                    "<saml:AuthnContextClassRef>\n urn:mpass.id:authntag:x</saml:AuthnContextClassRef>"
                    "</samlp:RequestedAuthnContext></samlp:AuthnRequest>"
                ),
            ),
        ],
    )

    request = by_redirect(signed_query(document))

    assert isinstance(request, VerifiedAuthnRequest)
    assert (request.force_authn, request.is_passive, request.comparison) == (True, True, "minimum")
    assert request.requested_classes == ("urn:mpass.id:authnsource:ShibMansikkala", "urn:mpass.id:authntag:x")
    assert request.issuer == SERVICE


ROWS: list[tuple[str, str, Change, Change | None]] = [
    ("it is SAML 1.1", "request-version-unsupported", ('Version="2.0"', 'Version="1.1"'), ('"2.0"', '"&#50;.0"')),
    ("it names no issuer", "request-issuer-missing", (ISSUER, ""), None),
    ("its issuer is empty", "request-issuer-missing", (SERVICE + "<", "<"), None),
    (
        "its issuer is named by an e-mail address",
        "request-issuer-format",
        ("<saml:Issuer>", '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">'),
        ("<saml:Issuer>", '<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">'),
    ),
    (
        "its issuer is unknown",
        "service-unknown",
        (SERVICE + "<", "https://other.example/metadata<"),
        (SERVICE + "<", f"<![CDATA[{SERVICE}]]><"),
    ),
    ("its destination is another", "request-wrong-destination", (SSO, SSO + "/"), (f'"{SSO}', f'"&#x68;{SSO[1:]}')),
    ("it is signed and has no destination", "request-destination-missing", (f' Destination="{SSO}"', ""), None),
    (
        "it was issued 190 s ahead",
        "request-not-yet-valid",
        (ISSUED, 'IssueInstant="2026-08-10T08:03:10Z"'),
        (ISSUED, 'IssueInstant="2026-08-10T08:02:50Z"'),
    ),
    (
        "it was issued five minutes and 190 s ago",
        "request-expired",
        (ISSUED, 'IssueInstant="2026-08-10T07:51:50Z"'),
        (ISSUED, 'IssueInstant="2026-08-10T07:52:10Z"'),
    ),
    (
        "its time has no Z",
        "request-time-unreadable",
        (ISSUED, 'IssueInstant="2026-08-10T08:00:00"'),
        (ISSUED, 'IssueInstant="2026-08-10T08:00:00.000Z"'),
    ),
    (
        "its answer goes to an address with another slash",
        "request-acs-unknown",
        (ASKED, f' AssertionConsumerServiceURL="{SERVICE_ACS}/"'),
        (ASKED, f' AssertionConsumerServiceURL="{OTHER_ACS}"'),
    ),
    (
        "its answer goes to a script",
        "request-acs-unknown",
        (ASKED, ' AssertionConsumerServiceURL="javascript:alert(1)"'),
        None,
    ),
    (
        "its answer goes to an index that is not there",
        "request-acs-unknown",
        (ASKED, ' AssertionConsumerServiceIndex="9"'),
        (ASKED, ' AssertionConsumerServiceIndex="1"'),
    ),
    (
        "its answer goes to an address and an index",
        "request-acs-ambiguous",
        (ASKED, f'{ASKED} AssertionConsumerServiceIndex="2"'),
        None,
    ),
    (
        "its answer goes by artifact",
        "request-binding-unsupported",
        ("bindings:HTTP-POST", "bindings:HTTP-Artifact"),
        (' ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"', ""),
    ),
    (
        "its answer goes to an address for artifacts",
        "request-binding-unsupported",
        (ASKED, f' AssertionConsumerServiceURL="{ARTIFACT_ACS}"'),
        None,
    ),
    (
        "its answer goes to an index for artifacts",
        "request-binding-unsupported",
        (ASKED, ' AssertionConsumerServiceIndex="0"'),
        (ASKED, ' AssertionConsumerServiceIndex="2"'),
    ),
    (
        "it names the person",
        "request-subject-unsupported",
        (POLICY, f"<saml:Subject><saml:NameID>x</saml:NameID></saml:Subject>{POLICY}"),
        None,
    ),
    (
        "it wants an encrypted name",
        "name-id-policy-unsupported",
        ("format:transient", "format:encrypted"),
        (TRANSIENT, "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
    ),
    (
        "it wants a mail address for a name",
        "name-id-policy-unsupported",
        (TRANSIENT, "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
        (TRANSIENT, "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
    ),
    (
        "it wants a name for another service",
        "name-id-policy-unsupported",
        ("<samlp:NameIDPolicy ", '<samlp:NameIDPolicy SPNameQualifier="https://other.example" '),
        ("<samlp:NameIDPolicy ", f'<samlp:NameIDPolicy SPNameQualifier="{SERVICE}" '),
    ),
    (
        "it must not be passed on",
        "proxy-count-exceeded",
        ("</samlp:AuthnRequest>", '<samlp:Scoping ProxyCount="0"/></samlp:AuthnRequest>'),
        ("</samlp:AuthnRequest>", '<samlp:Scoping ProxyCount="1"/></samlp:AuthnRequest>'),
    ),
    (
        "it must not be passed on, written in more digits than Python reads",
        "proxy-count-exceeded",
        ("</samlp:AuthnRequest>", '<samlp:Scoping ProxyCount="-' + "0" * 5000 + '"/></samlp:AuthnRequest>'),
        ("</samlp:AuthnRequest>", '<samlp:Scoping ProxyCount="' + "9" * 5000 + '"/></samlp:AuthnRequest>'),
    ),
    ("it is a Response", "request-wrong-message", ("AuthnRequest", "Response"), None),
    (
        "it does not follow the schema",
        "request-schema-invalid",
        ("<samlp:NameIDPolicy ", "<samlp:Policy/><samlp:NameIDPolicy "),
        (ISSUER, ISSUER + '<samlp:Extensions><x:a xmlns:x="urn:x"/></samlp:Extensions>'),
    ),
    (
        "two elements have one ID",
        "request-duplicate-id",
        (ISSUER, ISSUER + '<samlp:Extensions><x:a xmlns:x="urn:x" ID="_request"/></samlp:Extensions>'),
        (ISSUER, ISSUER + '<samlp:Extensions><x:a xmlns:x="urn:x" ID="_other"/></samlp:Extensions>'),
    ),
    ("it has a document type", "request-doctype", ("<samlp:AuthnRequest", "<!DOCTYPE x><samlp:AuthnRequest"), None),
    ("it is no XML", "request-not-xml", (ISSUER, "<"), None),
    (
        "an element has 65 attributes",
        "request-element-too-wide",
        (" Version=", "".join(f" a{number}=''" for number in range(65)) + " Version="),
        None,
    ),
    (
        "it has 33 levels",
        "request-too-deep",
        (
            ISSUER,
            f'{ISSUER}<samlp:Extensions><x:a xmlns:x="urn:x">{"<x:a>" * 30}{"</x:a>" * 30}</x:a></samlp:Extensions>',
        ),
        (
            ISSUER,
            f'{ISSUER}<samlp:Extensions><x:a xmlns:x="urn:x">{"<x:a>" * 29}{"</x:a>" * 29}</x:a></samlp:Extensions>',
        ),
    ),
    (
        "it has 8,001 elements",
        "request-too-many-elements",
        (ISSUER, f'{ISSUER}<samlp:Extensions><x:a xmlns:x="urn:x">{"<x:a/>" * 8_000}</x:a></samlp:Extensions>'),
        (ISSUER, f'{ISSUER}<samlp:Extensions><x:a xmlns:x="urn:x">{"<x:a/>" * 7_000}</x:a></samlp:Extensions>'),
    ),
]
TWINS = [(sentence, accepted) for sentence, _, _, accepted in ROWS if accepted]


def changed(change: Change) -> str:
    """Return the request with a change wherever its old text stands."""
    if change[0] == "AuthnRequest":
        return DOCUMENT.replace(*change)
    return edited(DOCUMENT, [change])


@pytest.mark.parametrize(("reason_id", "change"), [pytest.param(row[1], row[2], id=row[0]) for row in ROWS])
def test_refuses_a_redirected_request_because(reason_id: str, change: Change):
    """A request that the service signed is refused with the reason of the one check that it fails."""
    assert because(by_redirect(signed_query(changed(change)))) == reason_id


@pytest.mark.parametrize("change", [pytest.param(accepted, id=sentence) for sentence, accepted in TWINS])
def test_serves_the_redirected_request_that_differs_from(change: Change):
    """The same change with a value inside the bounds is accepted."""
    assert because(by_redirect(signed_query(changed(change)))) is None


@pytest.mark.parametrize("change", [pytest.param(accepted, id=sentence) for sentence, accepted in TWINS])
def test_serves_the_posted_request_that_differs_from(change: Change):
    """The twins are accepted by HTTP-POST as well, with the signature in the document."""
    assert because(by_post(form(signed_document(changed(change))))) is None


@pytest.mark.parametrize(
    ("reason_id", "change"),
    [
        pytest.param(reason_id, change, id=sentence)
        for sentence, reason_id, change, _ in ROWS
        if reason_id not in {"request-not-xml", "request-issuer-missing", "request-doctype", "request-element-too-wide"}
    ],
)
def test_refuses_a_posted_request_because(reason_id: str, change: Change):
    """The checks are the same by HTTP-POST."""
    assert because(by_post(form(signed_document(changed(change))))) == reason_id


@pytest.mark.parametrize(
    ("reason_id", "status"),
    [
        ("request-subject-unsupported", ("Requester", "RequestUnsupported")),
        ("name-id-policy-unsupported", ("Requester", "InvalidNameIDPolicy")),
        ("proxy-count-exceeded", ("Responder", "ProxyCountExceeded")),
    ],
)
def test_gives_the_verified_request_with_a_refusal_that_can_be_answered(reason_id: str, status: tuple[str, str]):
    """Once issuer, signature and address are verified, the service can be told what it may not wish."""
    change = next(row[2] for row in ROWS if row[1] == reason_id)

    outcome = by_redirect(signed_query(changed(change)))

    assert isinstance(outcome, RefusedRequest)
    assert outcome.refusal.reason.status == status
    assert outcome.request is not None
    assert (outcome.request.issuer, outcome.request.acs_url, outcome.request.relay_state) == (
        SERVICE,
        SERVICE_ACS,
        "relay",
    )


@pytest.mark.parametrize(
    ("reason_id", "change"),
    [
        pytest.param(reason_id, change, id=sentence)
        for sentence, reason_id, change, _ in ROWS
        if reason_id not in {"request-subject-unsupported", "name-id-policy-unsupported", "proxy-count-exceeded"}
    ],
)
def test_gives_no_request_before_it_is_verified(reason_id: str, change: Change):
    """Until then nothing may be sent anywhere, and the refusal's reason has no status to send."""
    outcome = by_redirect(signed_query(changed(change)))

    assert isinstance(outcome, RefusedRequest)
    assert outcome.request is None
    assert (outcome.refusal.reason_id, outcome.refusal.reason.status) == (reason_id, None)


DEFAULTS = [
    ("the one that says so", (), SERVICE_ACS),
    ("the first, where none says so", ((' isDefault="true"', ""),), OTHER_ACS),
    (
        "the first that does not deny it",
        ((' isDefault="true"', ""), ('index="1"', 'index="1" isDefault="false"')),
        SERVICE_ACS,
    ),
]


@pytest.mark.parametrize(("changes", "acs_url"), [pytest.param(*row[1:], id=row[0]) for row in DEFAULTS])
def test_answers_at_the_default_address_where_none_is_asked_for(changes: tuple[Change, ...], acs_url: str):
    """The default is chosen as the standard says (saml-metadata-2.0-os 2.2.3), among addresses for HTTP-POST."""
    outcome = by_redirect(signed_query(edited(DOCUMENT, [(ASKED, "")])), *changes)

    assert isinstance(outcome, VerifiedAuthnRequest)
    assert outcome.acs_url == acs_url


SIGNATURES: list[tuple[str, Any, tuple[Change, ...], str | None]] = [
    ("promised and there", signed_query(), (), None),
    ("promised and not there", unsigned_query(), (), "request-signature-missing"),
    ("not promised and not there", unsigned_query(), ((SIGNING, ""),), None),
    ("not promised and there", signed_query(), ((SIGNING, ""),), None),
    (
        "not promised, there and foreign",
        signed_query(key=pair("foreign")),
        ((SIGNING, ""),),
        "request-signature-invalid",
    ),
    ("promised and foreign", signed_query(key=pair("foreign")), (), "request-signature-invalid"),
    ("by the key to encrypt for", signed_query(key=pair("sp-encryption")), (), "request-signature-invalid"),
    ("posted: promised and there", form(signed_document()), (), None),
    ("posted: promised and not there", form(DOCUMENT), (), "request-signature-missing"),
    ("posted: not promised and not there", form(DOCUMENT), ((SIGNING, ""),), None),
    ("posted: foreign", form(signed_document(key=pair("foreign"))), ((SIGNING, ""),), "request-signature-invalid"),
    (
        "posted: changed",
        form(signed_document().replace(f'URL="{SERVICE_ACS}"', f'URL="{OTHER_ACS}"')),
        (),
        "request-signature-invalid",
    ),
    (
        "posted: by SHA-1, as it says",
        form(signed_document().replace("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1")),
        (),
        "request-signature-algorithm",
    ),
    (
        "posted: of another element",
        form(signed_document().replace('URI="#_request"', 'URI=""')),
        (),
        "request-signature-form",
    ),
    ("redirected, but in the document", signed_query(signed_document()), (), "request-signature-form"),
]


@pytest.mark.parametrize(("message", "changes", "reason_id"), [pytest.param(*row[1:], id=row[0]) for row in SIGNATURES])
def test_wants_a_signature(message: str | bytes, changes: tuple[Change, ...], reason_id: str | None):
    """A signature must be there if the metadata promises it, and must verify if it is there."""
    outcome = by_post(message, *changes) if isinstance(message, bytes) else by_redirect(message, *changes)

    assert because(outcome) == reason_id


def test_wants_no_destination_of_an_unsigned_request():
    """Without a signature the destination may be left out."""
    document = edited(DOCUMENT, [(f' Destination="{SSO}"', "")])

    assert because(by_redirect(unsigned_query(document), (SIGNING, ""))) is None


@pytest.mark.parametrize(
    ("relay_state", "reason_id"),
    [
        pytest.param("ä" * 256, None, id="512 bytes"),
        pytest.param("ä" * 256 + "x", "relay-state-too-large", id="513 bytes"),
        pytest.param("a\nb", "relay-state-control-character", id="a line break, which a form makes two characters of"),
        pytest.param("a\x00b", "relay-state-control-character", id="a NUL"),
        pytest.param(" a%0A&amp;<b> \u2028ä", None, id="everything else that looks odd"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="none"),
        pytest.param("<script>&'\"", None, id="markup"),
    ],
)
def test_bounds_the_relay_state(relay_state: str | None, reason_id: str | None):
    """A RelayState that a cookie can hold is carried as it is, a longer one is refused."""
    outcome = by_redirect(signed_query(relay_state=relay_state))

    assert because(outcome) == reason_id
    assert isinstance(outcome, RefusedRequest) or outcome.relay_state == relay_state
