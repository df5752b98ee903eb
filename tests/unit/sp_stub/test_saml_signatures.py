# SPDX-License-Identifier: Apache-2.0
"""The one form of signature: what is looked at before any key is used."""

from __future__ import annotations

import copy

import pytest
import xmlsec
from lxml import etree

from sp_stub.saml.answers import ResponseNotAcceptedError
from sp_stub.saml.provider import SamlServiceProvider
from tests.builders.sp_response import NOW, SAML, FakeResponse, encoded, key_pair
from tests.builders.sp_service import service_settings

DS = "http://www.w3.org/2000/09/xmldsig#"
ENVELOPED = b"http://www.w3.org/2000/09/xmldsig#enveloped-signature"
RSA_SHA256 = b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = b"http://www.w3.org/2001/04/xmlenc#sha256"
EXCLUSIVE = b"http://www.w3.org/2001/10/xml-exc-c14n#"
FORM, ALGORITHM = "response-signature-form", "response-signature-algorithm"


def check_that_fails(message: bytes) -> str:
    with pytest.raises(ResponseNotAcceptedError) as caught:
        SamlServiceProvider(service_settings(), lambda: NOW).verify(encoded(message), "id-request")
    return caught.value.refusal.reason_id


EDITS = {
    "refers to the whole document": (b'URI="#id-assertion"', b'URI=""', FORM),
    "refers to nothing": (b' URI="#id-assertion"', b"", FORM),
    "refers to another element": (b'URI="#id-assertion"', b'URI="#id-response"', FORM),
    "transforms by XPath": (ENVELOPED, b"http://www.w3.org/TR/1999/REC-xpath-19991116", FORM),
    "transforms by XSLT": (ENVELOPED, b"http://www.w3.org/TR/1999/REC-xslt-19991116", FORM),
    "is canonicalised inclusively": (EXCLUSIVE, b"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", FORM),
    "carries an object": (b"</ds:SignatureValue>", b"</ds:SignatureValue><ds:Object/>", FORM),
    "is an HMAC with a public key": (RSA_SHA256, b"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", ALGORITHM),
    "is made with MD5": (RSA_SHA256, b"http://www.w3.org/2001/04/xmldsig-more#rsa-md5", ALGORITHM),
    "is digested with MD5": (SHA256, b"http://www.w3.org/2001/04/xmldsig-more#md5", ALGORITHM),
}


@pytest.mark.parametrize(("found", "put", "check"), EDITS.values(), ids=EDITS.keys())
def test_refuses_a_signature_that(found: bytes, put: bytes, check: str):
    """Anything but the one form is refused for its form, before the signature is verified."""
    message = FakeResponse().xml()
    assert found in message

    assert check_that_fails(message.replace(found, put, 1)) == check


def signed_with(*, references: int, transforms: int, canonicalization: str) -> bytes:
    """Return a response whose assertion has a signature that holds, of an unusual form."""
    root = etree.fromstring(FakeResponse(sign_response=False, sign_assertion=False).xml())
    assertion = root.find(f"{{{SAML}}}Assertion")
    constants = xmlsec.constants
    method = getattr(constants, canonicalization)
    signature = xmlsec.template.create(assertion, method, constants.TransformRsaSha256, ns="ds")
    assertion.insert(1, signature)
    for _ in range(references):
        reference = xmlsec.template.add_reference(signature, constants.TransformSha256, uri="#id-assertion")
        xmlsec.template.add_transform(reference, constants.TransformEnveloped)
        for _ in range(transforms):
            xmlsec.template.add_transform(reference, method)
    xmlsec.tree.add_ids(assertion, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key_pair("proxy-idp").private_key_pem, xmlsec.KeyFormat.PEM)
    context.sign(signature)
    return etree.tostring(root)


@pytest.mark.parametrize(
    ("references", "transforms", "canonicalization"),
    [(2, 1, "TransformExclC14N"), (1, 2, "TransformExclC14N"), (1, 1, "TransformInclC14N")],
    ids=["two references", "three transforms", "inclusive canonicalisation"],
)
def test_refuses_a_signature_that_holds_but_has(references: int, transforms: int, canonicalization: str):
    """The form is refused though xmlsec would accept it."""
    message = signed_with(references=references, transforms=transforms, canonicalization=canonicalization)

    assert check_that_fails(message) == FORM


def test_goes_on_when_the_form_is_the_usual_one():
    """The twin: the same builder with the one form gets as far as the response's own missing signature."""
    message = signed_with(references=1, transforms=1, canonicalization="TransformExclC14N")

    assert check_that_fails(message) == "response-signature-missing"


def test_refuses_two_signatures_on_one_assertion():
    """The schema allows one."""
    root = etree.fromstring(FakeResponse(sign_response=False).xml())
    signature = root.find(f"{{{SAML}}}Assertion/{{{DS}}}Signature")
    signature.addnext(copy.deepcopy(signature))

    assert check_that_fails(etree.tostring(root)) == "response-schema-invalid"
