# SPDX-License-Identifier: Apache-2.0
"""The SAML adapter against responses that are wrong in one thing, each with its twin inside the bounds."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from party.clock import Clock
from sp_stub.saml.answers import LoginRefusedError, ResponseNotAcceptedError, VerifiedLogin
from sp_stub.saml.provider import SamlServiceProvider
from tests.builders.sp_response import (
    NOW,
    PROXY,
    PUBLISHER,
    PUPIL,
    FakeResponse,
    attribute,
    encoded,
    key_pair,
)
from tests.builders.sp_service import service_settings

OTHER = "https://other.example/metadata"
OURS = f"{PUBLISHER}/metadata"
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
RSA_SHA512 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
SHA512 = "http://www.w3.org/2001/04/xmlenc#sha512"
CONDITION = (
    '<saml:Condition xmlns:x="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="x:Unknown"/>'
)


def provider(clock: Clock = lambda: NOW) -> SamlServiceProvider:
    return SamlServiceProvider(service_settings(), clock)


def verify(value: str, clock: Clock = lambda: NOW) -> VerifiedLogin:
    return provider(clock).verify(value, "id-request")


def check_that_fails(value: str) -> str:
    with pytest.raises(ResponseNotAcceptedError) as caught:
        verify(value)
    return caught.value.refusal.reason_id


@dataclass(frozen=True)
class Row:
    """One thing that is wrong, which check says so, and the same thing inside the bounds."""

    wrong: dict[str, Any]
    check: str
    twin: dict[str, Any]


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


ROWS = {
    "answers another request": Row(
        {"in_response_to": "id-other"}, "wrong-in-response-to", {"in_response_to": "id-request"}
    ),
    "answers no request": Row({"in_response_to": None}, "in-response-to-missing", {"in_response_to": "id-request"}),
    "is meant for another address": Row(
        {"destination": f"{PUBLISHER}/other"}, "wrong-destination", {"destination": f"{PUBLISHER}/acs"}
    ),
    "is meant for an address that only begins like ours": Row(
        {"destination": f"{PUBLISHER}/acs/x"}, "wrong-destination", {"destination": f"{PUBLISHER}/acs"}
    ),
    "does not say where it is meant for": Row(
        {"destination": None}, "destination-missing", {"destination": f"{PUBLISHER}/acs"}
    ),
    "is from another issuer": Row({"issuer": OTHER}, "wrong-issuer", {"issuer": PROXY}),
    "holds an assertion of another issuer": Row(
        {"assertion_issuer": OTHER}, "wrong-assertion-issuer", {"assertion_issuer": PROXY}
    ),
    "is of another SAML": Row({"version": "1.1"}, "response-version-unsupported", {"version": "2.0"}),
    "was issued too long ago": Row(
        {"issued": seconds(-490), "confirmed_until": seconds(60)},
        "response-expired",
        {"issued": seconds(-470), "confirmed_until": seconds(60)},
    ),
    "was issued in the future": Row({"issued": seconds(190)}, "response-not-yet-valid", {"issued": seconds(170)}),
    "is not signed": Row({"sign_response": False}, "response-signature-missing", {"sign_response": True}),
    "holds an unsigned assertion": Row(
        {"sign_assertion": False}, "response-signature-missing", {"sign_assertion": True}
    ),
    "is signed by a stranger": Row(
        {"key": key_pair("stranger")}, "response-signature-invalid", {"key": key_pair("proxy-idp")}
    ),
    "is signed with SHA-1": Row(
        {"signature_method": RSA_SHA1}, "response-signature-algorithm", {"signature_method": RSA_SHA512}
    ),
    "is digested with SHA-1": Row({"digest_method": SHA1}, "response-signature-algorithm", {"digest_method": SHA512}),
    "is addressed to another service": Row({"audiences": [[OTHER]]}, "wrong-audience", {"audiences": [[OTHER, OURS]]}),
    "is addressed to us in one restriction of two": Row(
        {"audiences": [[OURS], [OTHER]]}, "wrong-audience", {"audiences": [[OURS], [OTHER, OURS]]}
    ),
    "is addressed to a name that only begins like ours": Row(
        {"audiences": [[OURS + "/"]]}, "wrong-audience", {"audiences": [[OURS]]}
    ),
    "is addressed to nobody": Row({"audiences": []}, "audience-missing", {"audiences": [[OURS]]}),
    "carries an unknown condition": Row(
        {"extra_conditions": CONDITION}, "response-schema-invalid", {"extra_conditions": "<saml:OneTimeUse/>"}
    ),
    "is not valid yet": Row({"not_before": seconds(190)}, "conditions-not-yet-valid", {"not_before": seconds(170)}),
    "is not valid any more": Row(
        {"not_before": seconds(-600), "not_on_or_after": seconds(-190)},
        "conditions-expired",
        {"not_before": seconds(-600), "not_on_or_after": seconds(-170)},
    ),
    "ends before it begins": Row(
        {"not_before": seconds(10), "not_on_or_after": seconds(10)},
        "conditions-contradictory",
        {"not_before": seconds(10), "not_on_or_after": seconds(11)},
    ),
    "is confirmed for another address": Row(
        {"recipient": f"{PUBLISHER}/acs/x"}, "wrong-recipient", {"recipient": f"{PUBLISHER}/acs"}
    ),
    "is confirmed for no address": Row({"recipient": None}, "recipient-missing", {"recipient": f"{PUBLISHER}/acs"}),
    "is confirmed for another request": Row(
        {"confirmed_request": "id-other"}, "confirmation-in-response-to", {"confirmed_request": "id-request"}
    ),
    "is confirmed for no request": Row(
        {"confirmed_request": None}, "confirmation-in-response-to", {"confirmed_request": "id-request"}
    ),
    "is confirmed until too long ago": Row(
        {"confirmed_until": seconds(-190)}, "confirmation-expired", {"confirmed_until": seconds(-170)}
    ),
    "is confirmed without an end": Row(
        {"confirmed_until": None}, "confirmation-time-missing", {"confirmed_until": seconds(60)}
    ),
    "is confirmed from a time on": Row(
        {"confirmed_from": seconds(-60)}, "confirmation-not-before", {"confirmed_from": None}
    ),
    "is confirmed otherwise than for its bearer": Row(
        {"method": "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"},
        "subject-confirmation-missing",
        {"method": "urn:oasis:names:tc:SAML:2.0:cm:bearer"},
    ),
    "tells of a sign-in in the future": Row(
        {"authenticated": seconds(190)}, "authn-instant-in-future", {"authenticated": seconds(170)}
    ),
    "grants a session that is over": Row(
        {"session_until": seconds(-190)}, "session-expired", {"session_until": seconds(-170)}
    ),
    "is encrypted to somebody else": Row(
        {"encrypt_to": key_pair("stranger")},
        "assertion-not-decryptable",
        {"encrypt_to": key_pair("sp-publisher")},
    ),
    "is encrypted with a key wrapped by PKCS #1 1.5": Row(
        {
            "encrypt_to": key_pair("sp-publisher"),
            "key_encryption": "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
        },
        "encryption-algorithm",
        {"encrypt_to": key_pair("sp-publisher")},
    ),
    "is encrypted with CBC": Row(
        {
            "encrypt_to": key_pair("sp-publisher"),
            "content_encryption": "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
        },
        "encryption-algorithm",
        {
            "encrypt_to": key_pair("sp-publisher"),
            "content_encryption": "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        },
    ),
    "has XML inside an attribute's value": Row(
        {
            "extra_attributes": '<saml:Attribute Name="urn:x"><saml:AttributeValue>a<b xmlns="urn:y">c</b>'
            "</saml:AttributeValue></saml:Attribute>"
        },
        "attribute-value-not-text",
        {
            "extra_attributes": '<saml:Attribute Name="urn:x"><saml:AttributeValue>a</saml:AttributeValue>'
            "</saml:Attribute>"
        },
    ),
    "has more values than a person has": Row(
        {"attributes": {**PUPIL, "role": ["x"] * 1000}},
        "too-many-attributes",
        {"attributes": {**PUPIL, "role": ["x"] * 900}},
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_refuses_a_response_that(row: Row):
    """Each refusal names its own check."""
    assert check_that_fails(FakeResponse(**row.wrong).form_value()) == row.check


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_accepts_the_twin_of_a_response_that(row: Row):
    """The same change inside the bounds is a login."""
    assert verify(FakeResponse(**row.twin).form_value()).attributes["uid"] == PUPIL["uid"]


def test_reads_everything_a_service_uses():
    """What comes out of a good response is all of it, in order."""
    login = verify(FakeResponse(session_until=seconds(3600)).form_value())

    assert login == VerifiedLogin(
        response_id="id-response",
        assertion_id="id-assertion",
        attributes={name: list(values) for name, values in PUPIL.items()},
        name_id="AAdzZWNyZXQ",
        name_id_format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        authn_context="urn:mpass.id:authnsource:ShibMansikkala",
        issued_by="https://mpass.localhost/idp/shibboleth",
        usable_until=datetime(2026, 8, 12, 5, 8, tzinfo=UTC),
        session_ends_at=datetime(2026, 8, 12, 6, 0, tzinfo=UTC),
    )


def test_accepts_a_login_without_attributes():
    """The proxy sends none where the uid has no source; what that means is the service's decision."""
    assert verify(FakeResponse(attributes={}).form_value()).attributes == {}


def test_takes_the_time_from_its_own_clock():
    """A response of ten years later is good for a clock of ten years later."""
    later = NOW + timedelta(days=3650)

    assert verify(FakeResponse(now=later).form_value(), lambda: later).response_id == "id-response"


def test_reads_an_attribute_by_name_only():
    """The right FriendlyName with a wrong Name is not used; an unknown attribute is left out."""
    wrong_name = '<saml:Attribute Name="urn:x:uid" FriendlyName="mpassUsername"><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>'

    login = verify(FakeResponse(attributes={}, extra_attributes=wrong_name).form_value())

    assert login.attributes == {}


def test_joins_an_attribute_that_stands_twice_in_the_order_it_came():
    """Two Attribute elements of one Name are one attribute."""
    twice = attribute("role", ["c", "a"])

    login = verify(FakeResponse(attributes={"role": ["b"]}, extra_attributes=twice).form_value())

    assert login.attributes == {"role": ["b", "c", "a"]}


@pytest.mark.parametrize("value", ["Åsa-Märta Öberg", "O'Neill & <b>", "Zoë 😀 𠀋"])
def test_reads_a_value_back_exactly(value: str):
    """Letters of any kind arrive as they were sent."""
    assert verify(FakeResponse(attributes={"surname": [value]}).form_value()).attributes == {"surname": [value]}


def test_reads_a_value_whole_in_spite_of_a_comment():
    """A comment inside a value, added after signing, cuts nothing off."""
    message = FakeResponse().xml().replace(b"Oppilas1<", b"Oppi<!-- x -->las1<")

    assert verify(encoded(message)).attributes["surname"] == ["Oppilas1"]


def test_treats_an_empty_value_as_absent():
    """An attribute of empty values is no attribute."""
    assert verify(FakeResponse(attributes={"surname": ["", "  "]}).form_value()).attributes == {}


@pytest.mark.parametrize(
    ("message", "check"),
    [
        (b"", "response-not-xml"),
        (b"hello", "response-not-xml"),
        (b"<a", "response-not-xml"),
        (b"<a/>", "response-wrong-message"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "response-doctype"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "response-doctype"),
        (b"<a>" * 5000 + b"</a>" * 5000, "response-not-xml"),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', "response-not-xml"),
    ],
)
def test_refuses_what_is_no_response(message: bytes, check: str):
    """Garbage of any kind is a refusal, never an error."""
    assert check_that_fails(encoded(message)) == check


@pytest.mark.parametrize(
    ("value", "check"),
    [
        ("not base64!", "response-not-decodable"),
        ("YQ", "response-not-decodable"),
        ("ä", "response-not-decodable"),
        ("A" * 131_076, "response-too-large"),
    ],
)
def test_refuses_what_is_not_decodable(value: str, check: str):
    """Only base64 of a bounded length is looked into."""
    assert check_that_fails(value) == check


def test_reads_base64_with_line_breaks():
    """Some senders break the lines."""
    value = FakeResponse().form_value()
    broken = "\r\n".join(value[at : at + 76] for at in range(0, len(value), 76))

    assert verify(broken).response_id == "id-response"


def test_refuses_a_value_changed_after_signing():
    """The signature covers what is read."""
    message = FakeResponse().xml().replace(b"Testi1", b"Testi2")

    assert check_that_fails(encoded(message)) == "response-signature-invalid"


def test_accepts_either_of_two_keys_in_the_metadata():
    """The login service publishes the old key and the new one."""
    settings = service_settings()
    both = (key_pair("old").certificate_base64, key_pair("proxy-idp").certificate_base64)
    login_service = settings.login_service.__class__(PROXY, settings.login_service.sso_redirect_url, both)
    two_keys = settings.__class__(
        settings.config, login_service, settings.key_pair, settings.run_token, settings.session_secret
    )

    for key in (key_pair("old"), key_pair("proxy-idp")):
        value = FakeResponse(key=key).form_value()
        assert SamlServiceProvider(two_keys, lambda: NOW).verify(value, "id-request").response_id == "id-response"


def test_tells_what_the_login_service_refused():
    """A signed error response is a refusal with both status levels and the message as text."""
    refusal = FakeResponse(status=["Responder", "RequestDenied"], status_message="<script>alert(1)</script>")

    with pytest.raises(LoginRefusedError) as caught:
        verify(refusal.form_value())

    assert (caught.value.top_status, caught.value.second_status, caught.value.message) == (
        "Responder",
        "RequestDenied",
        "<script>alert(1)</script>",
    )


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"sign_response": False}, "response-signature-missing"),
        ({"key": key_pair("stranger")}, "response-signature-invalid"),
        ({"in_response_to": "id-other"}, "wrong-in-response-to"),
        ({"issuer": OTHER}, "wrong-issuer"),
    ],
)
def test_does_not_believe_a_refusal_it_cannot_verify(changes: dict[str, Any], check: str):
    """What a person is told must be the login service's word."""
    refusal = FakeResponse(status=["Responder", "AuthnFailed"], **changes)

    assert check_that_fails(refusal.form_value()) == check


def test_refuses_a_ciphertext_that_holds_no_assertion():
    """What comes out of the decryption must be an assertion: bytes are none."""
    root = etree.fromstring(FakeResponse(encrypt_to=key_pair("sp-publisher"), sign_response=False).xml())
    data = next(root.iter("{http://www.w3.org/2001/04/xmlenc#}EncryptedData"))
    del data.attrib["Type"]

    assert check_that_fails(encoded(etree.tostring(root))) == "assertion-not-decryptable"


def test_refuses_an_encrypted_assertion_beside_another_one():
    """One assertion, encrypted or not (saml2int SDP-IDP10)."""
    root = etree.fromstring(FakeResponse(encrypt_to=key_pair("sp-publisher"), sign_response=False).xml())
    plain = etree.fromstring(FakeResponse(assertion_id="id-plain").xml())
    root.append(plain[-1])

    assert check_that_fails(encoded(etree.tostring(root))) == "assertion-repeated"
    root.append(copy.deepcopy(root[2]))
    assert check_that_fails(encoded(etree.tostring(root))) == "assertion-repeated"


def test_verifies_in_many_threads_at_once():
    """Good, broken and encrypted responses through one instance: each gets its own verdict."""
    service = provider()
    values = (
        FakeResponse().form_value(),
        FakeResponse(encrypt_to=key_pair("sp-publisher")).form_value(),
        FakeResponse(audiences=[[OTHER]]).form_value(),
        encoded(FakeResponse().xml().replace(b"<saml:Subject>", b"<saml:Subject><saml:X/>")),
    )

    def verdict(number: int) -> str:
        try:
            return service.verify(values[number % 4], "id-request").response_id
        except ResponseNotAcceptedError as error:
            return error.refusal.reason_id

    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(verdict, range(200)))

    assert verdicts == ["id-response", "id-response", "wrong-audience", "response-schema-invalid"] * 50
