# SPDX-License-Identifier: Apache-2.0
"""Faults of how a signature is made: its algorithm, its reference, its transforms, what stands inside it."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from typing import Final

import xmlsec
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_der_x509_certificate

from idp_simulators.faults.fault import Fault, Scene, only_response_signed
from idp_simulators.faults.person_attributes import sent_attributes
from idp_simulators.faults.signing_again import response_signed_after, with_algorithm
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.signing import EXCLUSIVE_C14N, Signer

_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_SIGNED: Final = "saml-core-2.0-os 5.4"
_REFERENCE: Final = "saml-core-2.0-os 5.4.2"
_TRANSFORMS: Final = "saml-core-2.0-os 5.4.4"
_TRANSFORM: Final = f'<ds:Transform Algorithm="{EXCLUSIVE_C14N}"/>'
_XPATH: Final = (
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>true()</ds:XPath></ds:Transform>'
)


def _md5(answer: Answer, _scene: Scene) -> Answer:
    return response_signed_after(answer, with_algorithm(f"{_MORE}rsa-md5"))


def _rsa_sha384(answer: Answer, _scene: Scene) -> Answer:
    return response_signed_after(answer, with_algorithm(f"{_MORE}rsa-sha384"))


def _hmac(answer: Answer, scene: Scene) -> Answer:
    """Sign with the public key as if it were a shared secret: whoever lets the message choose accepts it."""
    secret = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, _public_key_pem(scene.answering.signer))
    return response_signed_after(answer, with_algorithm(f"{_MORE}hmac-sha256"), secret)


def _public_key_pem(signer: Signer) -> bytes:
    certificate = load_der_x509_certificate(b64decode(signer.certificate_base64))
    return certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _reference_to_nothing(answer: Answer, _scene: Scene) -> Answer:
    return response_signed_after(answer, lambda text: re.sub(r'URI="#[^"]*"', 'URI=""', text, count=1))


def _canonicalised_with_comments(answer: Answer, _scene: Scene) -> Answer:
    return response_signed_after(answer, lambda text: text.replace(_TRANSFORM, f'{_TRANSFORM[:-3]}WithComments"/>', 1))


def _xpath_transform(answer: Answer, _scene: Scene) -> Answer:
    return response_signed_after(answer, lambda text: text.replace(_TRANSFORM, _XPATH + _TRANSFORM, 1))


def _inclusive_namespaces(answer: Answer, _scene: Scene) -> Answer:
    prefixes = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE_C14N}" PrefixList="saml"/>'
    with_prefixes = f"{_TRANSFORM[:-2]}>{prefixes}</ds:Transform>"
    return response_signed_after(answer, lambda text: text.replace(_TRANSFORM, with_prefixes, 1))


def _comment_in_digest(answer: Answer, _scene: Scene) -> Answer:
    """Split the DigestValue by a comment: one reader sees one digest, another a second (CVE-2025-29775)."""
    alone = only_response_signed(answer)
    return alone.with_edit(lambda text: text.replace("<ds:DigestValue>", "<ds:DigestValue><!-- kommentti -->", 1))


def _instruction_in_value(answer: Answer, _scene: Scene) -> Answer:
    """Split each value by a processing instruction; whoever reads only the text before it reads another value."""
    split = tuple(
        replace(attribute, values=(), markup=tuple(_split(value) for value in attribute.values))
        for attribute in sent_attributes(answer)
    )
    return answer.with_assertion(statements=(split,))


def _split(value: str) -> str:
    middle = len(value) // 2
    before, after = (part.replace("&", "&amp;").replace("<", "&lt;") for part in (value[:middle], value[middle:]))
    return f"{before}<?kommentti?>{after}"


FAULTS: Final = (
    Fault(
        "md5",
        "The signature is by RSA with MD5.",
        "saml2int SDP-ALG01",
        "response-signature-algorithm",
        _md5,
        "The signature is by RSA with SHA-384.",
        _rsa_sha384,
    ),
    Fault(
        "hmac-with-public-key",
        "The signature is an HMAC whose secret is the identity provider's public key.",
        "saml2int SDP-ALG01",
        "response-signature-algorithm",
        _hmac,
        "The signature is by RSA with SHA-384.",
        _rsa_sha384,
    ),
    Fault(
        "reference-to-nothing",
        "The signature's Reference has an empty URI, which means whatever document it stands in.",
        _REFERENCE,
        "response-signature-form",
        _reference_to_nothing,
        "The Reference names the response, and is canonicalised with comments.",
        _canonicalised_with_comments,
    ),
    Fault(
        "xpath-transform",
        "The signature's Reference is transformed by an XPath too.",
        _TRANSFORMS,
        "response-signature-form",
        _xpath_transform,
        "The Reference's canonicalisation names a prefix to include.",
        _inclusive_namespaces,
    ),
    Fault(
        "comment-in-digest",
        "The signature's DigestValue begins with a comment.",
        _SIGNED,
        "response-signature-form",
        _comment_in_digest,
        "Each value is split by a processing instruction, and must be read whole.",
        _instruction_in_value,
    ),
)
