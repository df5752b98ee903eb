# SPDX-License-Identifier: Apache-2.0
"""The proxy's answers: what stands in them, what may be asked of them, and that others accept them."""

from __future__ import annotations

import base64
import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from proxy.saml.canonical import UnencodableTextError, is_encodable
from proxy.saml.issue_response import (
    Answer,
    ErrorAnswer,
    ReleasedAttribute,
    Signed,
    issue_error_response,
    issue_response,
)
from proxy.saml.keys import DecryptionKey, EncryptionKey, SigningKey
from proxy.saml.metadata import IdentityProvider
from proxy.saml.post import form_value
from proxy.saml.response import ExpectedResponse, VerifiedAssertion, verify_response
from proxy.saml.schema import PROTOCOL
from tests.builders.pysaml2_oracle import Pysaml2ServiceProvider
from tests.builders.saml_keys import pair
from tests.builders.saml_metadata import provider_metadata
from tests.builders.saml_response import SAML_NAMESPACES, identity_provider

IDP = "https://idp.example/mansikkala/metadata"
SP = "https://publisher.example/metadata"
ACS = "https://publisher.example/acs"
NOW = datetime(2026, 8, 10, 8, 0, 0, tzinfo=UTC)
KEY = SigningKey.from_pair(pair("idp"))
AES_128_GCM = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
AES_256_GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
FOR_A_SERVICE_WITH_AES_128 = EncryptionKey.from_certificate(pair("sp-encryption").certificate_base64, {AES_128_GCM})
FOR_THE_SERVICE = EncryptionKey.from_certificate(pair("sp-encryption").certificate_base64)

ODD = "a&b<c>d\"e'f\tg\nh\ri ]]> äöŋ \U0001f600 e\u0301 \u0085\u2028"
ODD_STRIPPED = "a&b<c>d\"e'f\tg\nh\ri ]]> äöŋ \U0001f600 e\u0301"
ODD_WITHOUT_RETURN = "a&b<c>d\"e'f\tg\nh\ni ]]> äöŋ \U0001f600 e\u0301"


def answer(now: datetime = NOW) -> Answer:
    """Return an answer as the proxy would give it."""
    return Answer(
        response_id="_response",
        assertion_id="_assertion",
        issued_at=now,
        issuer=IDP,
        audience=SP,
        acs_url=ACS,
        in_response_to="_request",
        name_id="_transient",
        name_id_format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        session_index="_session",
        authn_instant=now - timedelta(seconds=1),
        authn_context_class="urn:mpass.id:authnsource:ShibMansikkala",
        attributes=(
            ReleasedAttribute("urn:mpass.id:uid", "mpassUsername", ("MPASSOID.1",)),
            ReleasedAttribute("urn:mpass.id:role", "mpassRole", (ODD, "", " b ")),
        ),
        authenticating_authority="https://idp.example/upstream",
    )


def error(now: datetime = NOW) -> ErrorAnswer:
    """Return an error as the proxy would give it."""
    return ErrorAnswer(
        "_response", now, IDP, ACS, "_request", ("Responder", "AuthnFailed"), "Oppijanumero puuttuu <learner id>"
    )


def expected(now: datetime = NOW, idp: IdentityProvider | None = None) -> ExpectedResponse:
    """Return what the service expects."""
    return ExpectedResponse(
        identity_provider=idp or identity_provider(),
        request_id="_request",
        acs_url=ACS,
        sp_entity_id=SP,
        requested_at=now,
        decryption_keys=(DecryptionKey.from_pair(pair("sp-encryption")),),
    )


ALL_WAYS = [
    *(
        pytest.param(sign, encrypt_to, id=f"signed {sign}{', encrypted' if encrypt_to else ''}")
        for sign in ("both", "response", "assertion")
        for encrypt_to in (None, FOR_THE_SERVICE)
    ),
    pytest.param("both", FOR_A_SERVICE_WITH_AES_128, id="signed both, encrypted with AES-128-GCM"),
]


@pytest.mark.parametrize(
    ("methods", "used"),
    [
        pytest.param(set(), AES_256_GCM, id="nothing is named"),
        pytest.param({AES_128_GCM}, AES_128_GCM, id="the shorter one is named"),
        pytest.param({AES_128_GCM, AES_256_GCM}, AES_256_GCM, id="both are named"),
        pytest.param({"http://www.w3.org/2001/04/xmlenc#aes128-cbc"}, AES_256_GCM, id="only CBC is named"),
    ],
)
def test_encrypts_with_the_method_the_service_names(methods: set[str], used: str):
    """The content algorithm is narrowed to what the metadata names, within GCM."""
    key = EncryptionKey.from_certificate(pair("sp-encryption").certificate_base64, methods)

    assert f'Algorithm="{used}"'.encode() in issue_response(answer(), KEY, "both", key)


@pytest.mark.parametrize(("sign", "encrypt_to"), ALL_WAYS)
def test_is_read_back_whole(sign: Signed, encrypt_to: EncryptionKey | None):
    """What is issued is what the profile's own reader reads, every character of it."""
    document = issue_response(answer(), KEY, sign, encrypt_to)

    outcome = verify_response(form_value(document), expected(), NOW)

    assert isinstance(outcome, VerifiedAssertion), outcome
    assert outcome.attributes == (("urn:mpass.id:uid", ("MPASSOID.1",)), ("urn:mpass.id:role", (ODD, "", " b ")))
    assert outcome.authn_context_class == "urn:mpass.id:authnsource:ShibMansikkala"
    assert outcome.authenticating_authorities == ("https://idp.example/upstream",)
    assert outcome.session_index == "_session"


@pytest.mark.parametrize(
    "document", [issue_response(answer(), KEY), issue_error_response(error(), KEY)], ids=["answer", "error"]
)
def test_is_canonical_as_it_stands(document: bytes):
    """The text is its own canonical form, which is what makes signing it without a parser right."""
    root = etree.fromstring(document)
    PROTOCOL.check(root)

    assert etree.tostring(root, method="c14n", exclusive=True, inclusive_ns_prefixes=["xs"]) == document


def test_says_what_the_profile_wants():
    """Addresses, times and names stand where the profile has them (saml-profiles-2.0-os 4.1.4.2)."""
    root = etree.fromstring(issue_response(answer(), KEY))

    def at(path: str) -> list[str]:
        return [str(found) for found in root.xpath(path, namespaces=SAML_NAMESPACES)]

    assert at("@Destination") == at("//saml:SubjectConfirmationData/@Recipient") == [ACS]
    assert at("@InResponseTo") == at("//saml:SubjectConfirmationData/@InResponseTo") == ["_request"]
    assert at("//saml:Issuer/text()") == [IDP, IDP]
    assert at("//saml:Audience/text()") == [SP]
    assert at("//saml:Conditions/@NotBefore") == at("@IssueInstant") == ["2026-08-10T08:00:00.000Z"]
    assert at("//@NotOnOrAfter") == ["2026-08-10T08:05:00.000Z"] * 2
    assert at("//saml:SubjectConfirmationData/@NotBefore") == []
    assert at("//saml:AuthnStatement/@AuthnInstant") == ["2026-08-10T07:59:59.000Z"]
    assert at("//saml:NameID/@Format") == ["urn:oasis:names:tc:SAML:2.0:nameid-format:transient"]
    assert at("//saml:Attribute/@NameFormat") == ["urn:oasis:names:tc:SAML:2.0:attrname-format:uri"] * 2
    assert at("//saml:Attribute/@FriendlyName") == ["mpassUsername", "mpassRole"]
    assert at("//ds:Reference/@URI") == ["#_response", "#_assertion"]


def test_leaves_out_what_there_is_not():
    """No attributes, no authority and no session end leave no empty elements behind."""
    bare = dataclasses.replace(answer(), attributes=(), authenticating_authority=None)

    document = issue_response(bare, KEY)

    assert b"AttributeStatement" not in document
    assert b"AuthenticatingAuthority" not in document
    assert b"SessionNotOnOrAfter" not in document
    assert isinstance(verify_response(form_value(document), expected(), NOW), VerifiedAssertion)


def test_says_when_the_session_ends():
    """SessionNotOnOrAfter stands where the answer has one."""
    ending = dataclasses.replace(answer(), session_not_on_or_after=NOW + timedelta(minutes=60))

    outcome = verify_response(form_value(issue_response(ending, KEY)), expected(), NOW)

    assert isinstance(outcome, VerifiedAssertion)
    assert outcome.session_not_on_or_after == datetime(2026, 8, 10, 9, 0, tzinfo=UTC)


def test_encrypts_afresh_each_time():
    """Two answers of the same values have nothing in common that could be compared."""
    one, other = (issue_response(answer(), KEY, "response", FOR_THE_SERVICE) for _ in range(2))

    values = [{value.text for value in etree.fromstring(document).iter("{*}CipherValue")} for document in (one, other)]
    assert values[0].isdisjoint(values[1])
    assert b"MPASSOID.1" not in one


@pytest.mark.parametrize(
    "field", ["name_id", "audience", "acs_url", "session_index", "authn_context_class", "in_response_to"]
)
@pytest.mark.parametrize("character", ["\0", "\x1f", "\ufffe", "\ud800"])
def test_refuses_a_character_that_xml_cannot_hold(field: str, character: str):
    """Such a value is refused before anything is signed, wherever it stands."""
    changed: Any = dataclasses.replace(answer(), **{field: f"a{character}"})

    with pytest.raises(UnencodableTextError):
        issue_response(changed, KEY)


@pytest.mark.parametrize(
    ("text", "encodable"), [(ODD, True), ("", True), ("a\0", False), ("\ud83d", False), ("\x0b", False)]
)
def test_tells_beforehand_what_can_be_sent(text: str, encodable: bool):  # noqa: FBT001 - a column of the table
    """A value can be asked about before it is put into an answer."""
    assert is_encodable(text) is encodable


def test_issues_a_signed_error():
    """An error is signed, carries both status levels and the message, and no assertion."""
    root = etree.fromstring(issue_error_response(error(), KEY))

    codes = [str(value) for value in root.xpath("//samlp:StatusCode/@Value", namespaces=SAML_NAMESPACES)]
    assert codes == ["urn:oasis:names:tc:SAML:2.0:status:Responder", "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"]
    assert root.findtext(".//samlp:StatusMessage", namespaces=SAML_NAMESPACES) == "Oppijanumero puuttuu <learner id>"
    assert root.find(".//saml:Assertion", SAML_NAMESPACES) is None
    outcome = verify_response(form_value(issue_error_response(error(), KEY)), expected(), NOW)
    assert (getattr(outcome, "reason_id", None), getattr(outcome, "found", None)) == (
        "status-not-success",
        "AuthnFailed",
    )


def one_login_settings(sign: Signed) -> OneLogin_Saml2_Settings:
    """Return python3-saml's settings, strict, wanting what is signed to be signed."""
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {
                "entityId": SP,
                "assertionConsumerService": {"url": ACS},
                "x509cert": pair("sp-encryption").certificate_pem.decode(),
                "privateKey": pair("sp-encryption").private_key_pem.decode(),
            },
            "idp": {
                "entityId": IDP,
                "singleSignOnService": {"url": "https://idp.example/sso"},
                "x509cert": pair("idp").certificate_pem.decode(),
            },
            "security": {
                "wantAssertionsSigned": sign != "response",
                "wantMessagesSigned": sign != "assertion",
                "rejectDeprecatedAlgorithm": True,
                "failOnAuthnContextMismatch": True,
                "requestedAuthnContext": ["urn:mpass.id:authnsource:ShibMansikkala"],
            },
        },
    )


REQUEST_DATA = {
    "https": "on",
    "http_host": "publisher.example",
    "script_name": "/acs",
    "server_port": "443",
    "get_data": {},
    "post_data": {},
}


@pytest.mark.parametrize(("sign", "encrypt_to"), ALL_WAYS)
def test_is_accepted_by_python3_saml(sign: Signed, encrypt_to: EncryptionKey | None):
    """python3-saml in strict mode accepts every way of signing and encrypting; it strips values and drops empty ones."""
    # python3-saml reads the process's clock.
    document = issue_response(answer(datetime.now(UTC)), KEY, sign, encrypt_to)
    response = OneLogin_Saml2_Response(one_login_settings(sign), base64.b64encode(document).decode())

    assert response.is_valid(REQUEST_DATA, "_request"), response.get_error()
    assert response.get_attributes() == {"urn:mpass.id:uid": ["MPASSOID.1"], "urn:mpass.id:role": [ODD_STRIPPED, "b"]}


def test_tells_python3_saml_the_error():
    """python3-saml reads the status out of an error."""
    document = issue_error_response(error(datetime.now(UTC)), KEY)
    response = OneLogin_Saml2_Response(one_login_settings("response"), base64.b64encode(document).decode())

    assert not response.is_valid(REQUEST_DATA, "_request")
    assert "AuthnFailed" in str(response.get_error()) or "Responder" in str(response.get_error())


@pytest.mark.parametrize(("sign", "encrypt_to"), ALL_WAYS)
def test_is_accepted_by_pysaml2(sign: Signed, encrypt_to: EncryptionKey | None):
    """pysaml2 in its strictest use accepts every way of signing and encrypting; it strips values, and loses CR in encrypted ones."""
    provider = Pysaml2ServiceProvider(SP, ACS, provider_metadata().encode(), pair("sp-encryption"))
    document = issue_response(answer(datetime.now(UTC)), KEY, sign, encrypt_to)

    assert provider.values(form_value(document), "_request") == {
        "urn:mpass.id:uid": ["MPASSOID.1"],
        "urn:mpass.id:role": [ODD_WITHOUT_RETURN if encrypt_to else ODD_STRIPPED, "", "b"],
    }
