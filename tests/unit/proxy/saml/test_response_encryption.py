# SPDX-License-Identifier: Apache-2.0
"""Encrypted assertions: the one form that is read, and what is refused before a key is touched."""

from __future__ import annotations

import dataclasses

import pytest
import xmlsec

from federation.reasons import Refusal
from proxy.saml.keys import DecryptionKey
from proxy.saml.response import VerifiedAssertion, verify_response
from tests.builders.saml_encryption import encrypted, replaced_by_cipher_text, sealed
from tests.builders.saml_keys import pair
from tests.builders.saml_response import DOCUMENT, NOW, Transform, assertion_first, edited, expected, message, signed

C = xmlsec.constants
FORM = "encryption-form"
ALGORITHM = "encryption-algorithm"
NOT_OURS = "assertion-not-decryptable"
SIGNED = signed(DOCUMENT, ["assertion"])
ASSERTION = SIGNED[SIGNED.index("<saml:Assertion ") : SIGNED.index("</samlp:Response>")]


def outcome_of(text: str) -> str | None:
    """Return the reason that a document is refused for, or `None` where it is accepted."""
    outcome = verify_response(message(text), expected(), NOW)
    return outcome.reason_id if isinstance(outcome, Refusal) else None


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(encrypted(SIGNED), id="signed and encrypted"),
        pytest.param(signed(encrypted(DOCUMENT), ["response"]), id="encrypted in a signed response"),
        pytest.param(signed(encrypted(SIGNED), ["response"]), id="signed, encrypted, and the response signed"),
        pytest.param(encrypted(SIGNED, key_beside=True), id="the key beside the data"),
    ],
)
def test_reads_an_encrypted_assertion(document: str):
    """The values are those of the assertion that was encrypted, its signature intact."""
    outcome = verify_response(message(document), expected(), NOW)

    assert isinstance(outcome, VerifiedAssertion), outcome
    assert outcome.attributes == (("firstName", ("Testi",)), ("schoolCode", ("30076", "", "30077")))


METHODS = [
    ("AES-128-GCM", C.TransformAes128Gcm, C.TransformRsaOaep, None),
    ("AES-256-GCM", C.TransformAes256Gcm, C.TransformRsaOaep, None),
    ("AES-192-GCM", C.TransformAes192Gcm, C.TransformRsaOaep, ALGORITHM),
    ("AES-128-CBC", C.TransformAes128Cbc, C.TransformRsaOaep, ALGORITHM),
    ("AES-256-CBC", C.TransformAes256Cbc, C.TransformRsaOaep, ALGORITHM),
    ("triple DES", C.TransformDes3Cbc, C.TransformRsaOaep, ALGORITHM),
    ("RSA of PKCS 1 v1.5", C.TransformAes256Gcm, C.TransformRsaPkcs1, ALGORITHM),
]


@pytest.mark.parametrize(("data", "key", "because"), [pytest.param(*row[1:], id=row[0]) for row in METHODS])
def test_reads_what_is_encrypted_with(data: Transform, key: Transform, because: str | None):
    """GCM and OAEP are read, everything older is refused by name, though libxmlsec made it for our key."""
    assert outcome_of(encrypted(SIGNED, data_method=data, key_method=key)) == because


@pytest.mark.parametrize(
    ("data", "because"),
    [
        pytest.param(C.TransformAes128Cbc, None, id="AES-128-CBC"),
        pytest.param(C.TransformAes256Cbc, None, id="AES-256-CBC"),
        pytest.param(C.TransformAes192Cbc, ALGORITHM, id="AES-192-CBC"),
        pytest.param(C.TransformDes3Cbc, ALGORITHM, id="triple DES"),
    ],
)
def test_reads_in_a_signed_response_what_is_encrypted_with(data: Transform, because: str | None):
    """Nobody but the signer can send variants of a cipher text that its response's signature covers."""
    assert outcome_of(signed(encrypted(SIGNED, data_method=data), ["response"])) == because


def test_verifies_the_response_before_it_decrypts_by_cbc():
    """A changed cipher text is told by the signature, so that what padding it has tells nobody anything."""
    document = signed(encrypted(SIGNED, data_method=C.TransformAes128Cbc), ["response"])
    start = document.rindex("<xenc:CipherValue>") + len("<xenc:CipherValue>") + 4
    letter = "A" if document[start] != "A" else "B"

    assert outcome_of(document[:start] + letter + document[start + 1 :]) == "response-signature-invalid"


SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
MGF1P = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
OAEP = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
MGF = '<xenc11:MGF xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" Algorithm="http://www.w3.org/2009/xmlenc11#{}"/>'
WRAPPINGS = [
    ("OAEP as of 2002, nothing said", MGF1P, "", "sha1", "sha1", None),
    (
        "OAEP as of 2002 with a SHA-256 digest",
        MGF1P,
        f'<ds:DigestMethod Algorithm="{SHA256}"/>',
        "sha256",
        "sha1",
        None,
    ),
    ("OAEP as of 2013, nothing said", OAEP, "", "sha1", "sha1", None),
    (
        "OAEP as of 2013 with SHA-256 for both",
        OAEP,
        f'<ds:DigestMethod Algorithm="{SHA256}"/>' + MGF.format("mgf1sha256"),
        "sha256",
        "sha256",
        None,
    ),
    (
        "OAEP as of 2013 with SHA-256 and SHA-1",
        OAEP,
        f'<ds:DigestMethod Algorithm="{SHA256}"/>' + MGF.format("mgf1sha1"),
        "sha256",
        "sha1",
        None,
    ),
    ("an MD5 digest", OAEP, '<ds:DigestMethod Algorithm="urn:md5"/>', "sha1", "sha1", ALGORITHM),
    ("an unknown mask", OAEP, MGF.format("mgf1md5"), "sha1", "sha1", ALGORITHM),
    ("another mask than the algorithm has", MGF1P, MGF.format("mgf1sha256"), "sha1", "sha256", ALGORITHM),
    ("a label", MGF1P, "<xenc:OAEPparams>AAAA</xenc:OAEPparams>", "sha1", "sha1", FORM),
    (
        "two digests",
        MGF1P,
        f'<ds:DigestMethod Algorithm="{SHA1}"/><ds:DigestMethod Algorithm="{SHA1}"/>',
        "sha1",
        "sha1",
        FORM,
    ),
    ("another mask than it says", OAEP, MGF.format("mgf1sha1"), "sha1", "sha256", NOT_OURS),
]


@pytest.mark.parametrize(
    ("algorithm", "parameters", "digest", "mask", "because"), [pytest.param(*row[1:], id=row[0]) for row in WRAPPINGS]
)
def test_unwraps_a_key_with(algorithm: str, parameters: str, digest: str, mask: str, because: str | None):
    """OAEP in both spellings, with the digests that they may name."""
    data = sealed(ASSERTION.encode(), algorithm=algorithm, parameters=parameters, digest=digest, mask=mask)

    assert outcome_of(replaced_by_cipher_text(DOCUMENT, data)) == because


FORMS = [
    ("another kind of content", ("xmlenc#Element", "xmlenc#Content"), FORM),
    (
        "no content algorithm",
        ('<xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/>', ""),
        FORM,
    ),
    ("no key algorithm", (f'<xenc:EncryptionMethod Algorithm="{MGF1P}"></xenc:EncryptionMethod>', ""), FORM),
    (
        "data elsewhere",
        ("<xenc:CipherValue>", '<xenc:CipherReference URI="http://127.0.0.1:1/x"/><xenc:CipherValue>'),
        "response-schema-invalid",
    ),
    ("a value that is not base64", ("<xenc:CipherValue>", "<xenc:CipherValue>!"), FORM),
    ("a comment in the value", ("<xenc:CipherValue>", "<xenc:CipherValue><!-- x -->"), None),
]


@pytest.mark.parametrize(("change", "because"), [pytest.param(*row[1:], id=row[0]) for row in FORMS])
def test_reads_no_other_form(change: tuple[str, str], because: str | None):
    """Each departure from the one form is refused."""
    document = replaced_by_cipher_text(DOCUMENT, edited(sealed(ASSERTION.encode()), [change]))

    assert outcome_of(document) == because


def test_reads_no_data_with_two_keys():
    """Two wrapped keys are refused rather than tried."""
    data = sealed(ASSERTION.encode())
    key = data[data.index("<xenc:EncryptedKey>") : data.index("</xenc:EncryptedKey>") + len("</xenc:EncryptedKey>")]

    assert outcome_of(replaced_by_cipher_text(DOCUMENT, data.replace(key, key + key))) == FORM


def test_reads_no_data_without_a_key():
    """A content key that is not in the message is refused."""
    data = sealed(ASSERTION.encode())
    key = data[data.index("<ds:KeyInfo") : data.index("</ds:KeyInfo>") + len("</ds:KeyInfo>")]

    assert outcome_of(replaced_by_cipher_text(DOCUMENT, data.replace(key, ""))) == FORM


def test_says_the_same_whatever_failed_to_decrypt():
    """A foreign key, changed cipher text and cut cipher text are one refusal, so that it tells nobody anything."""
    changed = sealed(ASSERTION.encode(), spoil=lambda data: data[:-1] + bytes([data[-1] ^ 1]))
    refusals = {
        verify_response(message(document), expected(), NOW)
        for document in (
            encrypted(SIGNED, to=pair("foreign")),
            replaced_by_cipher_text(DOCUMENT, changed),
            replaced_by_cipher_text(DOCUMENT, sealed(ASSERTION.encode(), spoil=lambda data: data[:20])),
            replaced_by_cipher_text(DOCUMENT, sealed(ASSERTION.encode(), content_key=b"k" * 16)),
        )
    }

    assert refusals == {Refusal(NOT_OURS, "data for another key", "data for this proxy")}


@pytest.mark.parametrize("recipient", ["proxy-sp", "proxy-sp-old"])
def test_decrypts_with_either_of_two_keys(recipient: str):
    """During a rollover both keys open what was encrypted for them."""
    keys = tuple(DecryptionKey.from_pair(pair(entity)) for entity in ("proxy-sp", "proxy-sp-old"))
    both = dataclasses.replace(expected(), decryption_keys=keys)

    assert isinstance(verify_response(message(encrypted(SIGNED, to=pair(recipient))), both, NOW), VerifiedAssertion)


PLAIN_TEXTS = [
    ("no assertion", b"<x/>", FORM),
    ("nothing", b"", FORM),
    ("text", b"hello", FORM),
    ("two assertions", (ASSERTION + ASSERTION.replace("_assertion", "_2")).encode(), FORM),
    ("an assertion and the end of the response", ASSERTION.encode() + b"</samlp:Response>", "response-not-xml"),
    ("a document type", b"<!DOCTYPE x>" + ASSERTION.encode(), "response-not-xml"),
    ("an XML declaration", b"<?xml version='1.0'?>" + ASSERTION.encode(), "response-not-xml"),
    ("an entity", b"&x;", "response-not-xml"),
    ("bytes that are not UTF-8", b"<x>\xe4</x>", "response-not-xml"),
    ("500 levels", b"<x>" * 500 + b"</x>" * 500, "response-too-deep"),
    ("an ID of the response", ASSERTION.replace('ID="_assertion"', 'ID="_response"').encode(), "response-duplicate-id"),
    ("an assertion with another signature", ASSERTION.replace("Testi", "Testj").encode(), "response-signature-invalid"),
    ("a comment before the assertion", b"<!-- x -->" + ASSERTION.encode(), None),
]


@pytest.mark.parametrize(("plain_text", "because"), [pytest.param(*row[1:], id=row[0]) for row in PLAIN_TEXTS])
def test_measures_the_plain_text_like_any_document(plain_text: bytes, because: str | None):
    """What comes out of the encryption is as foreign as what went in."""
    assert outcome_of(replaced_by_cipher_text(DOCUMENT, sealed(plain_text))) == because


def test_wants_the_encrypted_assertion_signed_or_the_response_around_it():
    """Anybody can encrypt for the proxy; encryption proves nothing."""
    assert outcome_of(encrypted(DOCUMENT)) == "response-signature-missing"


def test_checks_the_encrypted_assertion_like_any_other():
    """The checks are those of a plain assertion."""
    document = signed(assertion_first([("Audience>https://proxy", "Audience>https://other")]), ["assertion"])

    assert outcome_of(encrypted(document)) == "wrong-audience"


def test_reads_no_encrypted_assertion_beside_a_plain_one():
    """A forged one in front of a signed one, encrypted or not, is one too many (CVE-2026-2092)."""
    forged = ASSERTION.replace("_assertion", "_forged")
    document = edited(SIGNED, [("<saml:Assertion ", sealed(forged.encode()) + "<saml:Assertion ")])

    assert outcome_of(document) == "assertion-repeated"


def test_keeps_a_signature_over_namespaces_that_the_response_declares():
    """The plain text stands where the encrypted element stood, in reach of the prefixes declared around it."""
    document = SIGNED.replace("<saml:Assertion ", '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ')

    assert outcome_of(encrypted(SIGNED)) is None
    assert outcome_of(encrypted(document)) is None
