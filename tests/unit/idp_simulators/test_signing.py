# SPDX-License-Identifier: Apache-2.0
"""Signatures over responses and assertions."""

from dataclasses import replace

import pytest
import xmlsec
from lxml import etree

from idp_simulators.saml.signing import Hash, Signer, Signing, sign
from tests.builders.homes import NAMESPACES, key_pair

ASSERTION_ID, RESPONSE_ID = "_a1", "_r1"
TEXT = (
    '<p:Response xmlns:p="urn:p" ID="_r1"><!--signature of _r1-->'
    '<a:Assertion xmlns:a="urn:a" ID="_a1"><!--signature of _a1--><a:Value>1</a:Value></a:Assertion></p:Response>'
)


def signer(entity: str = "idp-mansikkala") -> Signer:
    return Signer.of(key_pair(entity))


def both(by: Signer) -> list[Signing]:
    return [Signing.by(by, ASSERTION_ID), Signing.by(by, RESPONSE_ID)]


def verifies(text: str, element_id: str, entity: str = "idp-mansikkala") -> bool:
    root = etree.fromstring(text)
    (element,) = root.xpath("//*[@ID=$id]", id=element_id)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key_pair(entity).certificate_pem, xmlsec.constants.KeyDataFormatCertPem)
    context.register_id(element, "ID")
    try:
        context.verify(element.find("ds:Signature", NAMESPACES))
    except xmlsec.Error:
        return False
    return True


def test_signs_assertion_and_response_so_that_both_verify():
    """The inner signature still holds after the outer one was made."""
    text = sign(TEXT, both(signer()))

    assert (verifies(text, ASSERTION_ID), verifies(text, RESPONSE_ID)) == (True, True)


def test_makes_a_signature_that_no_other_key_verifies():
    """The signature belongs to the signer's certificate alone."""
    assert not verifies(sign(TEXT, both(signer())), RESPONSE_ID, "idp-kuusikoski")


@pytest.mark.parametrize(
    ("element_id", "signed"),
    [pytest.param(RESPONSE_ID, ["_r1"], id="only the response"), pytest.param(ASSERTION_ID, ["_a1"], id="only it")],
)
def test_leaves_no_mark_where_nothing_is_signed(element_id: str, signed: list[str]):
    """Only what was asked for is signed, and no mark is left behind."""
    text = sign(TEXT, [Signing.by(signer(), element_id)])

    owners = [signature.getparent().get("ID") for signature in etree.fromstring(text).iter("{*}Signature")]

    assert (owners, "<!--" in text) == (signed, False)


@pytest.mark.parametrize(
    ("chosen", "uris"),
    [
        (Hash.SHA1, ["http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2000/09/xmldsig#sha1"]),
        (
            Hash.SHA512,
            ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "http://www.w3.org/2001/04/xmlenc#sha512"],
        ),
    ],
)
def test_signs_with_the_chosen_algorithms(chosen: Hash, uris: list[str]):
    """Signature and digest algorithm are the ones asked for, and the signature is a real one."""
    text = sign(TEXT, [replace(Signing.by(signer(), RESPONSE_ID), signature_hash=chosen, digest_hash=chosen)])
    root = etree.fromstring(text)

    named = [root.find(f".//ds:{name}", NAMESPACES).get("Algorithm") for name in ("SignatureMethod", "DigestMethod")]

    assert (named, verifies(text, RESPONSE_ID)) == (uris, True)


def test_leaves_key_info_out_where_no_certificate_is_claimed():
    """KeyInfo is what the signing says, also nothing."""
    text = sign(TEXT, [replace(Signing.by(signer(), RESPONSE_ID), certificate_base64=None)])

    assert (etree.fromstring(text).find(".//ds:KeyInfo", NAMESPACES), verifies(text, RESPONSE_ID)) == (None, True)


def test_keeps_the_private_key_out_of_its_representation():
    """A signer that is printed shows no key."""
    assert "PRIVATE" not in repr(signer())


def test_is_not_led_astray_by_a_value_that_looks_like_a_mark():
    """A mark counts only where the message's own text put it."""
    text = TEXT.replace("<a:Value>1<", "<a:Value>&lt;!--signature of _r1--&gt;<")

    assert len(list(etree.fromstring(sign(text, both(signer()))).iter("{*}Signature"))) == 2
