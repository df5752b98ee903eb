# SPDX-License-Identifier: Apache-2.0
"""Opening an EncryptedAssertion (saml-core-2.0-os 2.3.4, xmlenc-core1).

The one form that is read: one EncryptedData of type Element, AES-GCM or in a signed response AES-CBC; one
EncryptedKey, in its KeyInfo or beside it, RSA-OAEP; both values in the message itself. Everything else is refused
before a key is touched. What does not decrypt is refused with one reason and no detail, whatever failed.

The plain text takes the encrypted element's place *as text* and the whole is parsed again within the same bounds:
moving nodes between documents renames prefixes and breaks the signature inside.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives import hashes
from lxml import etree

from federation.reasons import Refusal
from proxy.saml.algorithms import (
    CBC_KEY_BYTES,
    GCM_KEY_BYTES,
    MASK_GENERATIONS,
    OAEP_DIGESTS,
    RSA_OAEP,
    RSA_OAEP_MGF1P,
)
from proxy.saml.content_encryption import opened
from proxy.saml.fault import MessageFault, shown
from proxy.saml.keys import DecryptionKey
from proxy.saml.names import DS, ENCRYPTION_NAMESPACE, SAML, XENC, XENC11
from proxy.saml.post import decoded_base64
from proxy.saml.xml import Element, children, parse, text_of

_SHA1: Final = "http://www.w3.org/2000/09/xmldsig#sha1"
_MGF1_SHA1: Final = "http://www.w3.org/2009/xmlenc11#mgf1sha1"


class CannotDecryptError(Exception):
    """The encrypted assertion is refused; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the refusal."""
        self.refusal = refusal
        super().__init__(str(refusal))


def response_in_plain_text(response: Element, keys: Sequence[DecryptionKey], *, is_verified: bool) -> Element:
    """Return a new Response element like `response`, its one EncryptedAssertion replaced by the assertion in it.

    `is_verified` says that the response's own signature has been verified.
    Raises `CannotDecryptError` (encryption-form, encryption-algorithm, assertion-not-decryptable), and `MessageFault`
    where the plain text is not within the bounds of a message.
    """
    encrypted = next(response.iterchildren(SAML + "EncryptedAssertion"))
    plain_text = _plain_text(encrypted, keys, is_verified=is_verified)
    shell = etree.Element(response.tag, response.attrib, nsmap=encrypted.nsmap)  # type: ignore[arg-type] # the stubs know no default namespace
    shell.extend(copy.deepcopy(child) for child in response if child is not encrypted)
    # The schema puts assertions last, so that the assertion's place is right before the end tag.
    text = etree.tostring(shell)
    end_tag = text.rindex(b"</")
    plain = parse(text[:end_tag] + plain_text + text[end_tag:])
    if len(plain.findall(SAML + "Assertion")) != 1 or plain.find(SAML + "EncryptedAssertion") is not None:
        raise CannotDecryptError(_form("no assertion in the encrypted data", "one Assertion"))
    return plain


def _plain_text(encrypted: Element, keys: Sequence[DecryptionKey], *, is_verified: bool) -> bytes:
    data, encrypted_key = _parts(encrypted)
    content_algorithm, _ = _method(data)
    if content_algorithm not in (GCM_KEY_BYTES | CBC_KEY_BYTES if is_verified else GCM_KEY_BYTES):
        expected = "AES-128 or AES-256, by GCM or, where the response is signed, by CBC"
        raise CannotDecryptError(_algorithm(content_algorithm, expected))
    digest, mask = _wrapping(encrypted_key)
    cipher_text, wrapped = _cipher_value(data), _cipher_value(encrypted_key)
    for key in keys:
        content_key = key.unwrap(wrapped, digest, mask)
        plain_text = None if content_key is None else opened(content_algorithm, content_key, cipher_text)
        if plain_text is not None:
            return plain_text
    raise CannotDecryptError(Refusal("assertion-not-decryptable", "data for another key", "data for this proxy"))


def _parts(encrypted: Element) -> tuple[Element, Element]:
    """Return the one EncryptedData and the one EncryptedKey."""
    data = encrypted.findall(XENC + "EncryptedData")
    keys = list(encrypted.iter(XENC + "EncryptedKey"))
    if len(data) != 1 or len(keys) != 1:
        raise CannotDecryptError(_form(f"{len(data)} EncryptedData, {len(keys)} EncryptedKey", "one of each"))
    parent = keys[0].getparent()
    if parent is not encrypted and (
        parent is None or parent.tag != DS + "KeyInfo" or parent.getparent() is not data[0]
    ):
        raise CannotDecryptError(_form("an EncryptedKey deep inside", "one in the data's KeyInfo or beside the data"))
    kind = data[0].get("Type", ENCRYPTION_NAMESPACE + "Element")
    if kind != ENCRYPTION_NAMESPACE + "Element":
        raise CannotDecryptError(_form(kind, "an encrypted element"))
    return data[0], keys[0]


def _method(encrypted: Element) -> tuple[str, dict[str, Element]]:
    """Return the algorithm and the parameters by tag of an EncryptionMethod."""
    method = encrypted.find(XENC + "EncryptionMethod")
    if method is None:
        raise CannotDecryptError(_form("no EncryptionMethod", "one"))
    parameters = {str(child.tag): child for child in children(method)}
    if len(parameters) != len(children(method)):
        raise CannotDecryptError(_form("a parameter of the encryption method twice", "once"))
    return method.get("Algorithm", ""), parameters


def _wrapping(encrypted_key: Element) -> tuple[hashes.HashAlgorithm, hashes.HashAlgorithm]:
    """Return digest and mask generation of RSA-OAEP; both are SHA-1 where the message does not say (xmlenc-core1 5.5.2)."""
    algorithm, parameters = _method(encrypted_key)
    if algorithm not in {RSA_OAEP, RSA_OAEP_MGF1P}:
        raise CannotDecryptError(_algorithm(algorithm, "RSA-OAEP"))
    if parameters.keys() - {DS + "DigestMethod", XENC11 + "MGF"}:
        raise CannotDecryptError(_form("OAEP parameters", "a digest and a mask generation at most"))
    digest = _parameter(parameters, DS + "DigestMethod", _SHA1)
    mask = _parameter(parameters, XENC11 + "MGF", _MGF1_SHA1)
    if digest not in OAEP_DIGESTS:
        raise CannotDecryptError(_algorithm(digest, "SHA-1 or better in RSA-OAEP"))
    if mask not in MASK_GENERATIONS or (algorithm == RSA_OAEP_MGF1P and mask != _MGF1_SHA1):
        raise CannotDecryptError(_algorithm(mask, "a mask generation of xmlenc 1.1"))
    return OAEP_DIGESTS[digest], MASK_GENERATIONS[mask]


def _parameter(parameters: dict[str, Element], tag: str, default: str) -> str:
    return parameters[tag].get("Algorithm", "") if tag in parameters else default


def _cipher_value(encrypted: Element) -> bytes:
    value = encrypted.find(f"{XENC}CipherData/{XENC}CipherValue")
    text = text_of(value) if value is not None else None
    if text is None:
        raise CannotDecryptError(_form("no CipherValue", "the data in the message itself"))
    try:
        return decoded_base64("".join(text.split()))
    except MessageFault as fault:
        raise CannotDecryptError(_form(fault.found, fault.expected)) from fault


def _form(found: str, expected: str) -> Refusal:
    return Refusal("encryption-form", shown(found), expected)


def _algorithm(found: str, expected: str) -> Refusal:
    return Refusal("encryption-algorithm", shown(found), expected)
