# SPDX-License-Identifier: Apache-2.0
"""The one form of signature and encryption that is accepted, looked at before any key is used.

python3-saml 1.16 refuses SHA-1 and leaves the rest to xmlsec: other algorithms, further references and transforms,
and the ways in which an assertion is encrypted. What SAML allows is less (saml-core-2.0-os 5.4, saml2int SDP-ALG01):

- the parent's own ID is signed, by one reference
- the transforms are enveloped-signature and exclusive canonicalisation, and nothing else
- RSA with SHA-256 or better
- encryption by AES-GCM, with a key wrapped by RSA-OAEP
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from sp_stub.metadata import ENCRYPTION_METHODS
from sp_stub.saml.answers import refuse

_NAMESPACES: Final = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_XENC: Final = "http://www.w3.org/2001/04/xmlenc#"

SIGNATURE_METHODS: Final = frozenset({f"{_MORE}rsa-sha256", f"{_MORE}rsa-sha384", f"{_MORE}rsa-sha512"})
DIGEST_METHODS: Final = frozenset({f"{_XENC}sha256", f"{_MORE}sha384", f"{_XENC}sha512"})
CANONICALIZATIONS: Final = frozenset(
    {"http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"}
)
TRANSFORMS: Final = CANONICALIZATIONS | {"http://www.w3.org/2000/09/xmldsig#enveloped-signature"}
_MOST_TRANSFORMS: Final = 2


def check_signature_forms(document: etree._Element) -> None:
    """Return when every signature in the document has the accepted form; raises `ResponseNotAcceptedError`."""
    for signature in _found(document, "//ds:Signature"):
        _check_algorithms(signature)
        references = _found(signature, ".//ds:Reference")
        parent = signature.getparent()
        expected = "" if parent is None else f"#{parent.get('ID')}"
        if len(references) != 1 or references[0].get("URI") != expected or _found(signature, "./ds:Object"):
            found = ", ".join(str(reference.get("URI")) for reference in references)
            refuse("response-signature-form", found, f"one reference, to {expected}")


def check_encryption(encrypted: etree._Element) -> None:
    """Return when an EncryptedAssertion uses accepted algorithms; raises `ResponseNotAcceptedError`.

    It is asked before the private key is used, so that nobody can probe the key with the padding of PKCS #1 1.5.
    """
    methods = [str(method.get("Algorithm")) for method in _found(encrypted, ".//xenc:EncryptionMethod")]
    if not methods or not set(methods) <= set(ENCRYPTION_METHODS):
        refuse("encryption-algorithm", ", ".join(methods), ", ".join(ENCRYPTION_METHODS))


def _check_algorithms(signature: etree._Element) -> None:
    _check_each(signature, "./ds:SignedInfo/ds:SignatureMethod", SIGNATURE_METHODS, "response-signature-algorithm")
    _check_each(signature, ".//ds:Reference/ds:DigestMethod", DIGEST_METHODS, "response-signature-algorithm")
    _check_each(signature, "./ds:SignedInfo/ds:CanonicalizationMethod", CANONICALIZATIONS, "response-signature-form")
    _check_each(signature, ".//ds:Transform", TRANSFORMS, "response-signature-form")
    transforms = _found(signature, ".//ds:Transform")
    if len(transforms) > _MOST_TRANSFORMS:
        refuse("response-signature-form", f"{len(transforms)} transforms", f"{_MOST_TRANSFORMS}")


def _check_each(signature: etree._Element, path: str, allowed: frozenset[str], check: str) -> None:
    for element in _found(signature, path):
        algorithm = str(element.get("Algorithm"))
        if algorithm not in allowed:
            refuse(check, algorithm, ", ".join(sorted(allowed)))


def _found(element: etree._Element, path: str) -> list[etree._Element]:
    found = element.xpath(path, namespaces=_NAMESPACES)
    return [node for node in found if isinstance(node, etree._Element)] if isinstance(found, list) else []  # noqa: SLF001  # lxml exports the type by this name only
