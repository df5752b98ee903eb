# SPDX-License-Identifier: Apache-2.0
"""Text that is already in exclusive canonical form when it is written, and signatures over such text.

A message that is written canonically needs no XML library to be signed: what is digested is what is sent. The rules
that the writers keep (xml-c14n, xml-exc-c14n): attributes sorted by name, namespaces declared where they are first
used, no empty-element tags, and the escapes below. `xs`, which stands only inside values of xsi:type, is declared on
the Assertion and named as an inclusive prefix, so that canonicalisation keeps it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

from proxy.saml.algorithms import RSA_SHA256, SHA256_DIGEST
from proxy.saml.keys import SigningKey
from proxy.saml.names import ENVELOPED_SIGNATURE, EXCLUSIVE_C14N, SIGNATURE_NAMESPACE

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ELEMENT_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_ATTRIBUTE_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
)


class UnencodableTextError(ValueError):
    """A text holds a character that XML 1.0 cannot hold, not even escaped (xml 2.2)."""


def is_encodable(text: str) -> bool:
    """Tell whether XML can hold `text`: control characters and lone surrogates it cannot."""
    return _NOT_XML.search(text) is None


def element_text(text: str) -> str:
    """Return `text` escaped as content; raises `UnencodableTextError`."""
    return _encodable(text).translate(_ELEMENT_ESCAPES)


def attribute_text(text: str) -> str:
    """Return `text` escaped as an attribute's value between double quotes; raises `UnencodableTextError`."""
    return _encodable(text).translate(_ATTRIBUTE_ESCAPES)


def signature(canonical: str, element_id: str, key: SigningKey) -> str:
    """Return the enveloped ds:Signature over an element whose canonical text (without it) is `canonical`.

    It has the one form that `signature` accepts, RSA-SHA256 and SHA-256.
    """
    signed_info = _signed_info(element_id, hashlib.sha256(canonical.encode()).digest())
    # SignedInfo on its own, as it is signed, declares the namespace that it inherits in the document.
    standing_alone = f'<ds:SignedInfo xmlns:ds="{SIGNATURE_NAMESPACE}">{signed_info}</ds:SignedInfo>'
    value = base64.b64encode(key.sign(standing_alone.encode())).decode("ascii")
    return (
        f'<ds:Signature xmlns:ds="{SIGNATURE_NAMESPACE}"><ds:SignedInfo>{signed_info}</ds:SignedInfo>'
        f"<ds:SignatureValue>{value}</ds:SignatureValue>"
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{key.certificate_base64}</ds:X509Certificate></ds:X509Data>"
        "</ds:KeyInfo></ds:Signature>"
    )


def _signed_info(element_id: str, digest: bytes) -> str:
    inclusive = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE_C14N}" PrefixList="xs"></ec:InclusiveNamespaces>'
    return (
        f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE_C14N}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{RSA_SHA256.uri}"></ds:SignatureMethod>'
        f'<ds:Reference URI="#{attribute_text(element_id)}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{ENVELOPED_SIGNATURE}"></ds:Transform>'
        f'<ds:Transform Algorithm="{EXCLUSIVE_C14N}">{inclusive}</ds:Transform></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{SHA256_DIGEST}"></ds:DigestMethod>'
        f"<ds:DigestValue>{base64.b64encode(digest).decode('ascii')}</ds:DigestValue></ds:Reference>"
    )


def _encodable(text: str) -> str:
    if not is_encodable(text):
        message = "a text holds a character that XML cannot hold; drop the value before it is sent"
        raise UnencodableTextError(message)
    return text
