# SPDX-License-Identifier: Apache-2.0
"""That a fault is what it claims to be: whoever allowed it would be taken in, so that a refusal proves something."""

from __future__ import annotations

import base64
import hashlib

import pytest
import xmlsec
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree

from party.run_token import bearer
from tests.builders.homes import NAMESPACES, RUN_TOKEN, hidden, home, key_pair


def response_with(fault: str) -> etree._Element:
    at = home()
    order = {"fault": fault, "person": "mansikkala/demo_u0001"}
    at.client.post("/control/faults", json=order, headers={"Authorization": bearer(RUN_TOKEN)})
    return etree.fromstring(base64.b64decode(hidden(at.log_in(), "SAMLResponse")))


def public_key(kind: str) -> xmlsec.Key:
    """Return Mansikkala's public key, as what it is or as the secret of an HMAC."""
    certificate = key_pair("idp-mansikkala").certificate_pem
    if kind == "rsa":
        return xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertPem)
    pem = (
        load_pem_x509_certificate(certificate)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, pem)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("sha1", "rsa"),
        ("md5", "rsa"),
        ("hmac-with-public-key", "hmac"),
        ("reference-to-nothing", "rsa"),
        ("xpath-transform", "rsa"),
    ],
)
def test_verifies_for_whoever_allows_it(fault: str, kind: str):
    """A signature of a forbidden kind is sound in its kind."""
    response = response_with(fault)
    context = xmlsec.SignatureContext()
    context.key = public_key(kind)
    context.register_id(response, "ID")

    context.verify(response.find("ds:Signature", NAMESPACES))


@pytest.mark.parametrize("fault", ["encrypted-by-cbc", "encrypted-by-pkcs1", "encrypted-and-unsigned"])
def test_decrypts_for_whoever_allows_it(fault: str):
    """An assertion encrypted in a forbidden way can be read with the proxy's key."""
    response = response_with(fault)
    manager = xmlsec.KeysManager()
    private_key = key_pair("proxy-sp").private_key_pem
    manager.add_key(xmlsec.Key.from_memory(private_key, xmlsec.constants.KeyDataFormatPem))
    context = xmlsec.EncryptionContext(manager)
    context.decrypt(next(response.iter("{*}EncryptedData")))

    assert [value.text for value in response.iter("{*}AttributeValue")][:1] == ["Testi1"]


@pytest.mark.parametrize("fault", ["xsw-1", "xsw-4-response", "xsw-6-response", "xsw-7-response", "xsw-8-response"])
def test_keeps_the_signed_response_where_it_still_verifies(fault: str):
    """Somewhere in a wrapped document stands what was signed, as it was when it was signed: same ID, same digest."""
    forged = response_with(fault)
    reference = next(forged.iter("{*}Reference"))
    candidates = [
        each
        for each in forged.iter("{*}Response")
        if each is not forged and f"#{each.get('ID')}" == reference.get("URI")
    ]
    (signed,) = candidates
    for signature in signed.findall("ds:Signature", NAMESPACES):
        signed.remove(signature)
    alone = etree.tostring(signed, method="c14n", exclusive=True, with_tail=False)
    expected = "".join((next(reference.iter("{*}DigestValue")).text or "").split())

    assert base64.b64encode(hashlib.sha256(alone).digest()).decode() == expected
