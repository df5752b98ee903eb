# SPDX-License-Identifier: Apache-2.0
"""Encrypted assertions for tests of `proxy.saml`: made by libxmlsec as others make them, or by hand to be odd."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Final

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from certs.keys import KeyPair
from tests.builders.saml_keys import pair
from tests.builders.saml_response import SAML_NAMESPACES, TAGS, Transform

_KEY_SIZES: Final = {
    "aes128": (xmlsec.constants.KeyDataAes, 128),
    "aes192": (xmlsec.constants.KeyDataAes, 192),
    "aes256": (xmlsec.constants.KeyDataAes, 256),
    "tripledes": (xmlsec.constants.KeyDataDes, 192),
}
_HASHES: Final = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}  # noqa: S303 - what OAEP is made of by default
_XENC: Final = "http://www.w3.org/2001/04/xmlenc#"


def encrypted(
    document: str,
    data_method: Transform = xmlsec.constants.TransformAes256Gcm,
    key_method: Transform = xmlsec.constants.TransformRsaOaep,
    to: KeyPair | None = None,
    *,
    key_beside: bool = False,
) -> str:
    """Return `document` with its Assertion encrypted by libxmlsec for `to` (the proxy)."""
    root = etree.fromstring(document.encode())
    assertion = next(root.iter(TAGS["assertion"]))
    holder = etree.Element(f"{{{SAML_NAMESPACES['saml']}}}EncryptedAssertion", nsmap={"saml": SAML_NAMESPACES["saml"]})
    root.replace(assertion, holder)
    data = xmlsec.template.encrypted_data_create(holder, data_method, type=xmlsec.constants.TypeEncElement, ns="xenc")
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    key_info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    encrypted_key = xmlsec.template.add_encrypted_key(key_info, key_method)
    xmlsec.template.encrypted_data_ensure_cipher_value(encrypted_key)
    manager = xmlsec.KeysManager()
    manager.add_key(
        xmlsec.Key.from_memory((to or pair("proxy-sp")).certificate_pem, xmlsec.constants.KeyDataFormatCertPem)
    )
    context = xmlsec.EncryptionContext(manager)
    kind, size = next(value for name, value in _KEY_SIZES.items() if name in data_method.href)
    context.key = xmlsec.Key.generate(kind, size, xmlsec.constants.KeyDataTypeSession)
    holder.append(data)
    data = context.encrypt_binary(data, etree.tostring(assertion, with_tail=False))
    text = etree.tostring(root, encoding="unicode")
    return _with_key_beside(text) if key_beside else text


def _with_key_beside(document: str) -> str:
    key = document[document.index("<xenc:EncryptedKey>") : document.index("</ds:KeyInfo>")]
    key_info = document[document.index("<ds:KeyInfo ") : document.index("</ds:KeyInfo>") + len("</ds:KeyInfo>")]
    declared = key.replace("<xenc:EncryptedKey>", f'<xenc:EncryptedKey xmlns:xenc="{_XENC}">')
    return document.replace(key_info, "").replace("</xenc:EncryptedData>", f"</xenc:EncryptedData>{declared}")


def sealed(
    plain_text: bytes,
    algorithm: str = _XENC + "rsa-oaep-mgf1p",
    parameters: str = "",
    digest: str = "sha1",
    mask: str = "sha1",
    content_key: bytes = b"k" * 32,
    spoil: Callable[[bytes], bytes] = bytes,
) -> str:
    """Return an EncryptedAssertion of `plain_text`, written by hand; `spoil` changes the cipher text."""
    certificate = x509.load_pem_x509_certificate(pair("proxy-sp").certificate_pem)
    public_key = certificate.public_key()
    assert isinstance(public_key, rsa.RSAPublicKey)
    wrapped = public_key.encrypt(content_key, padding.OAEP(padding.MGF1(_HASHES[mask]), _HASHES[digest], None))
    nonce = b"n" * 12
    cipher_text = spoil(nonce + AESGCM(content_key).encrypt(nonce, plain_text, None))
    return (
        f'<saml:EncryptedAssertion xmlns:saml="{SAML_NAMESPACES["saml"]}"><xenc:EncryptedData xmlns:xenc="{_XENC}"'
        f' Type="{_XENC}Element"><xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/>'
        f'<ds:KeyInfo xmlns:ds="{SAML_NAMESPACES["ds"]}"><xenc:EncryptedKey>'
        f'<xenc:EncryptionMethod Algorithm="{algorithm}">{parameters}</xenc:EncryptionMethod><xenc:CipherData>'
        f"<xenc:CipherValue>{base64.b64encode(wrapped).decode()}</xenc:CipherValue></xenc:CipherData>"
        "</xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData>"
        f"<xenc:CipherValue>{base64.b64encode(cipher_text).decode()}</xenc:CipherValue></xenc:CipherData>"
        "</xenc:EncryptedData></saml:EncryptedAssertion>"
    )


def replaced_by_cipher_text(document: str, data: str) -> str:
    """Return `document` with the EncryptedAssertion `data` in the place of its Assertion."""
    return re.sub("<saml:Assertion .*</saml:Assertion>", lambda _: data, document, flags=re.DOTALL)
