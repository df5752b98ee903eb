# SPDX-License-Identifier: Apache-2.0
"""Encrypts the assertion of a message to the proxy (saml-core-2.0-os 2.3.4, xmlenc-core1).

AES-256-GCM with a fresh key for each message, which goes along under RSA-OAEP. What is encrypted is the text of the
assertion as it was signed: it declares its own namespaces, so it can be read wherever it is put back.
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from idp_simulators.saml.messages import ASSERTION_NAMESPACE

_KEY_BITS: Final = 256
_NONCE_BYTES: Final = 12
# From the first assertion's start to the last one's end: what a fault put between goes in as well.
_ASSERTION: Final = re.compile(r"<saml:Assertion\b.*</saml:Assertion>", re.DOTALL)

_ENCRYPTED: Final = """\
<saml:EncryptedAssertion xmlns:saml="{saml}">\
<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Element">\
<xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/>\
<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey>\
<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p">\
<ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></xenc:EncryptionMethod>\
<xenc:CipherData><xenc:CipherValue>{key}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>\
<xenc:CipherData><xenc:CipherValue>{data}</xenc:CipherValue></xenc:CipherData>\
</xenc:EncryptedData></saml:EncryptedAssertion>"""


@dataclass(frozen=True)
class EncryptionKey:
    """The public key that an assertion is encrypted to."""

    rsa: rsa.RSAPublicKey = field(repr=False)


def with_encrypted_assertion(text: str, key: EncryptionKey) -> str:
    """Return a message with its assertion encrypted; one without an assertion stays as it is."""
    return _ASSERTION.sub(lambda assertion: _encrypted(assertion[0], key), text, count=1)


def _encrypted(assertion: str, key: EncryptionKey) -> str:
    content_key, nonce = AESGCM.generate_key(_KEY_BITS), secrets.token_bytes(_NONCE_BYTES)
    data = nonce + AESGCM(content_key).encrypt(nonce, assertion.encode(), None)
    # SHA-1 here is OAEP's mask, as ADFS writes it: no collision matters in it.
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 -- see above
    return _ENCRYPTED.format(
        saml=ASSERTION_NAMESPACE,
        key=base64.b64encode(key.rsa.encrypt(content_key, oaep)).decode("ascii"),
        data=base64.b64encode(data).decode("ascii"),
    )
