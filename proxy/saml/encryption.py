# SPDX-License-Identifier: Apache-2.0
"""Encrypting an assertion for a service: AES-GCM, the key wrapped by RSA-OAEP (saml-core-2.0-os 2.3.4, xmlenc-core1)."""

from __future__ import annotations

import base64
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from proxy.saml.algorithms import GCM_KEY_BYTES, MASK_GENERATIONS, OAEP_DIGESTS, RSA_OAEP_MGF1P
from proxy.saml.keys import EncryptionKey
from proxy.saml.names import ASSERTION_NAMESPACE, ENCRYPTION_NAMESPACE, SIGNATURE_NAMESPACE

_SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
_MGF1_SHA1 = "http://www.w3.org/2009/xmlenc11#mgf1sha1"
_NONCE_BYTES = 12


def encrypted_assertion(assertion: str, key: EncryptionKey) -> str:
    """Return a saml:EncryptedAssertion, in canonical form, that only the holder of the private key can read.

    The content key and nonce are fresh for every call and used once, so they are not the caller's to give.
    """
    content_key, nonce = AESGCM.generate_key(8 * GCM_KEY_BYTES[key.content_algorithm]), os.urandom(_NONCE_BYTES)
    cipher_text = nonce + AESGCM(content_key).encrypt(nonce, assertion.encode(), None)
    wrapped = key.wrap(content_key, OAEP_DIGESTS[_SHA1], MASK_GENERATIONS[_MGF1_SHA1])
    encrypted_key = (
        f'<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="{RSA_OAEP_MGF1P}">'
        f'<ds:DigestMethod Algorithm="{_SHA1}"></ds:DigestMethod></xenc:EncryptionMethod>'
        f"<xenc:CipherData><xenc:CipherValue>{_base64(wrapped)}</xenc:CipherValue></xenc:CipherData>"
        "</xenc:EncryptedKey>"
    )
    return (
        f'<saml:EncryptedAssertion xmlns:saml="{ASSERTION_NAMESPACE}">'
        f'<xenc:EncryptedData xmlns:xenc="{ENCRYPTION_NAMESPACE}" Type="{ENCRYPTION_NAMESPACE}Element">'
        f'<xenc:EncryptionMethod Algorithm="{key.content_algorithm}"></xenc:EncryptionMethod>'
        f'<ds:KeyInfo xmlns:ds="{SIGNATURE_NAMESPACE}">{encrypted_key}</ds:KeyInfo>'
        f"<xenc:CipherData><xenc:CipherValue>{_base64(cipher_text)}</xenc:CipherValue></xenc:CipherData>"
        "</xenc:EncryptedData></saml:EncryptedAssertion>"
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
