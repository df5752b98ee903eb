# SPDX-License-Identifier: Apache-2.0
"""Signatures over a message's text, by python-xmlsec (saml-core-2.0-os 5).

A message holds a mark where a signature may stand (`messages.signature_of`). `sign` puts a template in the place of
each mark that is to be signed, takes the other marks away, parses once, signs inside out and writes the text. The
algorithms and what stands in KeyInfo can be chosen, because faults choose wrong ones; so can the key.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import xmlsec
from lxml import etree

from certs.keys import KeyPair

EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
XMLDSIG: Final = "http://www.w3.org/2000/09/xmldsig#"

_MARK: Final = re.compile(r"<!--signature of ([A-Za-z0-9_.-]+)-->")


class Hash(StrEnum):
    """What a digest is made with, alone or in an RSA signature."""

    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"

    @property
    def signature_uri(self) -> str:
        """RSA with this hash (RFC 4051 2.3; SHA-1 is XMLDSig's own)."""
        if self is Hash.SHA1:
            return f"{XMLDSIG}rsa-sha1"
        return f"http://www.w3.org/2001/04/xmldsig-more#rsa-{self.value}"

    @property
    def digest_uri(self) -> str:
        """The hash itself."""
        if self is Hash.SHA1:
            return f"{XMLDSIG}sha1"
        return f"http://www.w3.org/2001/04/xmlenc#{self.value}"


@dataclass(frozen=True)
class Signer:
    """A key that signs, loaded once, and the certificate that names it."""

    key: Any = field(repr=False)
    certificate_base64: str

    @classmethod
    def of(cls, pair: KeyPair) -> Signer:
        """Return the signer of a key pair made by `certs`."""
        return cls(
            xmlsec.Key.from_memory(pair.private_key_pem, xmlsec.constants.KeyDataFormatPem), pair.certificate_base64
        )


@dataclass(frozen=True)
class Signing:
    """How one element is signed. `certificate_base64` is what KeyInfo claims; `None` leaves KeyInfo out."""

    element_id: str
    signer: Signer
    certificate_base64: str | None
    signature_hash: Hash = Hash.SHA256
    digest_hash: Hash = Hash.SHA256

    @classmethod
    def by(cls, signer: Signer, element_id: str) -> Signing:
        """Return the ordinary way: SHA-256, and the signer's own certificate in KeyInfo."""
        return cls(element_id, signer, signer.certificate_base64)


def sign(text: str, signings: Sequence[Signing]) -> str:
    """Return `text` with the elements of `signings` signed, in that order: an inner element before an outer one.

    Each is signed over its one Reference `#ID`, enveloped, with exclusive canonicalisation (saml-core-2.0-os 5.4).
    """
    wanted = {signing.element_id: signing for signing in signings}
    root = etree.fromstring(
        _MARK.sub(lambda mark: _template(wanted[mark[1]]) if mark[1] in wanted else "", text).encode()
    )
    elements = {element.get("ID"): element for element in root.iter("{*}Response", "{*}Assertion")}
    for signing in signings:
        element = elements[signing.element_id]
        context = xmlsec.SignatureContext()
        context.key = signing.signer.key
        context.register_id(element, "ID")
        context.sign(next(element.iterchildren(f"{{{XMLDSIG}}}Signature")))
    return etree.tostring(root, encoding="unicode")


def _template(signing: Signing) -> str:
    certificate = signing.certificate_base64
    key_info = (
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        if certificate is not None
        else ""
    )
    return (
        f'<ds:Signature xmlns:ds="{XMLDSIG}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE_C14N}"/>'
        f'<ds:SignatureMethod Algorithm="{signing.signature_hash.signature_uri}"/>'
        f'<ds:Reference URI="#{signing.element_id}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{ENVELOPED}"/><ds:Transform Algorithm="{EXCLUSIVE_C14N}"/>'
        f'</ds:Transforms><ds:DigestMethod Algorithm="{signing.digest_hash.digest_uri}"/><ds:DigestValue/>'
        f"</ds:Reference></ds:SignedInfo><ds:SignatureValue/>{key_info}</ds:Signature>"
    )
