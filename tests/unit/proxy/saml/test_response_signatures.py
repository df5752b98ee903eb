# SPDX-License-Identifier: Apache-2.0
"""The one form of a signature, its algorithms and its keys."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import xmlsec
from lxml import etree

from federation.reasons import Refusal
from proxy.saml.response import VerifiedAssertion, verify_response
from proxy.saml.signature import verify
from proxy.saml.xml import Element
from tests.builders.saml_keys import ec_pair, expired_pair, pair
from tests.builders.saml_response import (
    BOTH,
    DOCUMENT,
    NOW,
    Level,
    Transform,
    edited,
    expected,
    identity_provider,
    message,
    signed,
)

C = xmlsec.constants
FORM = "response-signature-form"
ALGORITHM = "response-signature-algorithm"
INVALID = "response-signature-invalid"


def outcome_of(text: str) -> str | None:
    """Return the reason that a document is refused for, or `None` where it is accepted."""
    outcome = verify_response(message(text), expected(), NOW)
    return outcome.reason_id if isinstance(outcome, Refusal) else None


@pytest.mark.parametrize(
    ("levels", "because"),
    [
        pytest.param(["assertion", "response"], None, id="assertion and response"),
        pytest.param(["response"], None, id="the response alone"),
        pytest.param(["assertion"], None, id="the assertion alone"),
        pytest.param([], "response-signature-missing", id="nothing"),
    ],
)
def test_wants_the_assertion_signed_or_the_response_around_it(levels: list[Level], because: str | None):
    """One verified signature over the assertion is enough, none is not."""
    assert outcome_of(signed(DOCUMENT, levels)) == because


@pytest.mark.parametrize("level", BOTH)
def test_wants_every_signature_that_is_there_to_verify(level: Level):
    """Where both are signed, one that does not verify is enough to refuse."""
    values = {"assertion": -1, "response": 0}
    document = signed()
    value = re.findall(r"<ds:SignatureValue>([^<]+)<", document)[values[level]]

    assert outcome_of(document.replace(value, "A" + value[1:] if value[0] != "A" else "B" + value[1:])) == INVALID


@pytest.mark.parametrize(
    ("level", "old", "new"),
    [
        pytest.param("assertion", ">Testi<", ">Testj<", id="a value in a signed assertion"),
        pytest.param("response", ">Testi<", ">Testj<", id="a value in a signed response"),
        pytest.param(
            "response", "<samlp:Status>", "<samlp:Status >\n", id="nothing but white space in a signed response"
        ),
    ],
)
def test_notices_a_change_after_signing(level: Level, old: str, new: str):
    """What is signed cannot be changed."""
    assert outcome_of(edited(signed(DOCUMENT, [level]), [(old, new)])) == INVALID


ALGORITHMS = [
    ("RSA with SHA-256", C.TransformRsaSha256, C.TransformSha256, None),
    ("RSA with SHA-384", C.TransformRsaSha384, C.TransformSha384, None),
    ("RSA with SHA-512", C.TransformRsaSha512, C.TransformSha512, None),
    ("RSA with SHA-1", C.TransformRsaSha1, C.TransformSha256, ALGORITHM),
    ("RSA with SHA-224", C.TransformRsaSha224, C.TransformSha256, ALGORITHM),
    ("a SHA-1 digest", C.TransformRsaSha256, C.TransformSha1, ALGORITHM),
    ("a SHA-224 digest", C.TransformRsaSha256, C.TransformSha224, ALGORITHM),
]


@pytest.mark.parametrize(("method", "digest", "because"), [pytest.param(*row[1:], id=row[0]) for row in ALGORITHMS])
def test_takes_no_signature_below_sha_256(method: Transform, digest: Transform, because: str | None):
    """SHA-256 and better are accepted, everything else is refused by name."""
    assert outcome_of(signed(DOCUMENT, ["response"], method=method, digest=digest)) == because


def test_takes_an_elliptic_curve_where_the_key_is_one():
    """ECDSA with SHA-256 verifies with a P-256 key of the metadata."""
    key = ec_pair("idp-ec")
    document = signed(DOCUMENT, ["response"], key=key, method=C.TransformEcdsaSha256)

    outcome = verify_response(message(document), expected(identity_provider(key)), NOW)

    assert isinstance(outcome, VerifiedAssertion)


def test_takes_no_hmac_keyed_with_the_public_certificate():
    """What everybody knows is no secret (CVE-2021-21239)."""
    certificate = pair("idp").certificate_pem
    document = signed(DOCUMENT, ["response"], method=C.TransformHmacSha256, secret=certificate)

    assert outcome_of(document) == ALGORITHM


def test_takes_no_signature_by_another_key_though_its_certificate_comes_along():
    """KeyInfo proves nothing: the key is the metadata's."""
    assert outcome_of(signed(key=pair("foreign"))) == INVALID


def test_does_not_care_which_certificate_comes_along():
    """A right signature stays right with a foreign certificate, a retrieval address or nothing in KeyInfo."""
    document = signed(DOCUMENT, ["assertion"])
    key_info = document[document.index("<ds:KeyInfo>") : document.index("</ds:KeyInfo>") + len("</ds:KeyInfo>")]
    foreign = pair("foreign").certificate_base64
    retrieval = '<ds:KeyInfo><ds:RetrievalMethod URI="http://127.0.0.1:1/key"/></ds:KeyInfo>'

    assert outcome_of(document.replace(key_info, "")) is None
    assert outcome_of(document.replace(key_info, retrieval)) is None
    assert (
        outcome_of(document.replace(key_info, f"<ds:KeyInfo><ds:KeyName>{foreign}</ds:KeyName></ds:KeyInfo>")) is None
    )


@pytest.mark.parametrize("signer", ["idp-old", "idp-new"])
def test_takes_either_of_two_published_keys(signer: str):
    """During a rollover the old and the new key both count."""
    idp = identity_provider(pair("idp-old"), pair("idp-new"))

    outcome = verify_response(message(signed(key=pair(signer))), expected(idp), NOW)

    assert isinstance(outcome, VerifiedAssertion)


def test_takes_a_key_whose_certificate_is_over():
    """A certificate is the envelope of a key; its dates mean nothing in metadata."""
    key = expired_pair("idp-expired")

    outcome = verify_response(message(signed(key=key)), expected(identity_provider(key)), NOW)

    assert isinstance(outcome, VerifiedAssertion)


FORMS = [
    (
        "a second SignedInfo",
        r"(<ds:SignedInfo>.*?</ds:SignedInfo>)",
        r"\1\1",
        "response-schema-invalid",
    ),
    ("a comment in the digest", "<ds:DigestValue>", "<ds:DigestValue><!-- x -->", FORM),
    ("a comment in the signature value", "<ds:SignatureValue>", "<ds:SignatureValue><!-- x -->", FORM),
    ("a processing instruction in SignedInfo", "<ds:SignedInfo>", "<ds:SignedInfo><?x?>", FORM),
    ("an Object", "</ds:KeyInfo>", "</ds:KeyInfo><ds:Object/>", FORM),
    ("a reference to the whole document", 'URI="#_[a-z]+"', 'URI=""', FORM),
    ("a reference without address", ' URI="#_[a-z]+"', "", FORM),
    ("a reference to another element", 'URI="#_[a-z]+"', 'URI="#_other"', FORM),
    ("a reference by XPointer", 'URI="#(_[a-z]+)"', "URI=\"#xpointer(id('\\1'))\"", FORM),
    ("a reference to a file", 'URI="#_[a-z]+"', 'URI="file:///etc/passwd"', FORM),
    ("two references", r"(<ds:Reference .*?</ds:Reference>)", r"\1\1", FORM),
    ("an empty signature value", "<ds:SignatureValue>[^<]+<", "<ds:SignatureValue><", INVALID),
    ("an empty digest", "<ds:DigestValue>[^<]+<", "<ds:DigestValue><", INVALID),
    ("an empty signature", "(<ds:Signature [^>]*>).*?</ds:Signature>", r"\1</ds:Signature>", "response-schema-invalid"),
    (
        "a digest of another namespace",
        "<ds:DigestValue>",
        '<ds:DigestValue xmlns:ds="http://www.w3.org/2000/09/xmldsig2#">',
        "response-schema-invalid",
    ),
    (
        "a third transform, XPath",
        "</ds:Transforms>",
        (
            '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>1</ds:XPath></ds:Transform>'
            "</ds:Transforms>"
        ),
        FORM,
    ),
    (
        "XSLT for the canonicalisation",
        r'Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"',
        'Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"',
        ALGORITHM,
    ),
    (
        "the transforms the other way round",
        r"(<ds:Transform [^>]*enveloped-signature\"/>)\s*(<ds:Transform [^>]*/>)",
        r"\2\1",
        FORM,
    ),
    (
        "no enveloped signature",
        r"<ds:Transform Algorithm=\"[^\"]*enveloped-signature\"/>",
        "",
        FORM,
    ),
    (
        "an XPath in the enveloped signature",
        r'enveloped-signature"/>',
        'enveloped-signature"><ds:XPath>1</ds:XPath></ds:Transform>',
        FORM,
    ),
    (
        "an HMAC length",
        r'rsa-sha256"/>',
        'rsa-sha256"><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>',
        FORM,
    ),
    (
        "RSA-PSS",
        r"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        ALGORITHM,
    ),
]


@pytest.mark.parametrize("level", BOTH)
@pytest.mark.parametrize(("pattern", "new", "because"), [pytest.param(*row[1:], id=row[0]) for row in FORMS])
def test_takes_a_signature_in_one_form_only(pattern: str, new: str, because: str, level: Level):
    """Each departure from the one form is refused before libxmlsec sees it."""
    document, count = re.subn(pattern, new, signed(DOCUMENT, [level]), count=1, flags=re.DOTALL)

    assert count == 1
    assert outcome_of(document) == because


@pytest.mark.parametrize(
    ("c14n", "transforms", "because"),
    [
        pytest.param(
            C.TransformInclC14N, (C.TransformEnveloped, C.TransformExclC14N), ALGORITHM, id="SignedInfo inclusive"
        ),
        pytest.param(
            C.TransformExclC14N, (C.TransformEnveloped, C.TransformInclC14N), ALGORITHM, id="element inclusive"
        ),
        pytest.param(C.TransformExclC14N, (C.TransformEnveloped,), FORM, id="element by default, inclusive"),
        pytest.param(
            C.TransformExclC14NWithComments,
            (C.TransformEnveloped, C.TransformExclC14NWithComments),
            None,
            id="exclusive with comments",
        ),
    ],
)
def test_takes_exclusive_canonicalisation_only(c14n: Transform, transforms: tuple[Transform, ...], because: str | None):
    """Signatures that were really made over another form are refused, though they would verify."""
    assert outcome_of(signed(DOCUMENT, ["response"], c14n=c14n, transforms=transforms)) == because


def test_takes_one_signature_for_one_element():
    """A second signature in the same place is against the schema."""
    document = signed(DOCUMENT, ["response"])
    signature = document[document.index("<ds:Signature ") : document.index("</ds:Signature>") + len("</ds:Signature>")]

    assert outcome_of(document.replace(signature, signature + signature)) == "response-schema-invalid"


def test_takes_no_id_in_another_namespace_for_the_id():
    """`ID` in a foreign namespace on the signed element is against the schema (CVE-2025-66568)."""
    changes = [("<saml:Assertion ID=", '<saml:Assertion xmlns:x="urn:x" x:ID="_other" ID=')]

    assert outcome_of(signed(edited(DOCUMENT, changes), ["assertion"])) == "response-schema-invalid"


def test_takes_no_signature_of_a_look_alike_namespace():
    """An element named Signature of another namespace is no signature (namespace confusion)."""
    document = signed(DOCUMENT, ["response"])

    assert outcome_of(document.replace("2000/09/xmldsig#", "2000/09/xmldsig")) == "response-schema-invalid"


def test_verifies_from_many_threads_at_once():
    """No thread's key or schema gets into another's verification."""
    keys = [pair("idp"), pair("idp-old"), pair("idp-new"), pair("foreign")]
    cases = [
        (message(signed(key=signer)), expected(identity_provider(published)), signer is published)
        for signer in keys
        for published in keys
    ]

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda case: verify_response(case[0], case[1], NOW), cases * 8))

    assert [isinstance(outcome, VerifiedAssertion) for outcome in outcomes] == [case[2] for case in cases * 8]


def test_reads_the_element_that_was_verified():
    """What a verification returns is the element it was given, not one that it looked up."""
    root: Element = etree.fromstring(signed(DOCUMENT, ["response"]).encode())

    assert verify(root, identity_provider().signing_keys).element is root
