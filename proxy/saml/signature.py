# SPDX-License-Identifier: Apache-2.0
"""Whether an element is signed by one of the keys that metadata promises.

The one form that is accepted (saml-core-2.0-os 5.4), checked on the very tree whose values are read:

1. one ds:Signature, a child of the signed element;
2. in it one SignedInfo, one SignatureValue, perhaps a KeyInfo, which is ignored; no Object, no comment, no
   processing instruction;
3. one Reference, and it names the ID of the signed element, which no other element has (`xml` sees to that);
4. as transforms the enveloped signature, then exclusive canonicalisation; the latter for SignedInfo too;
5. algorithms of the allow-list, of the kind that the key is.

Only then libxmlsec verifies, with one explicit key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import xmlsec
from lxml import etree

from proxy.saml.algorithms import DIGESTS, SIGNATURE_ALGORITHMS
from proxy.saml.fault import Flaw, MessageFault
from proxy.saml.keys import VerificationKey
from proxy.saml.names import DS, ENVELOPED_SIGNATURE, EXCLUSIVE_C14N, EXCLUSIVE_C14N_WITH_COMMENTS
from proxy.saml.xml import Element, children

_C14N = frozenset({EXCLUSIVE_C14N, EXCLUSIVE_C14N_WITH_COMMENTS})
_INCLUSIVE_NAMESPACES = f"{{{EXCLUSIVE_C14N}}}InclusiveNamespaces"


@dataclass(frozen=True)
class Verified:
    """An element whose signature verified, or that lies in such an element: the only thing values are read from."""

    element: Element


def is_signed(element: Element) -> bool:
    """Tell whether `element` claims to be signed: a ds:Signature is its child."""
    return element.find(DS + "Signature") is not None


def verify(element: Element, keys: Sequence[VerificationKey]) -> Verified:
    """Return `element` as verified: its signature has the one form and is by one of `keys`.

    Raises `MessageFault` (signature-missing, signature-form, signature-algorithm, signature-invalid).
    """
    signatures = element.findall(DS + "Signature")
    if not signatures:
        raise MessageFault(Flaw.SIGNATURE_MISSING, "no signature", "a signature")
    if len(signatures) > 1:
        raise MessageFault(Flaw.SIGNATURE_FORM, f"{len(signatures)} signatures", "one signature")
    signature = signatures[0]
    key_kind = SIGNATURE_ALGORITHMS[_check_form(signature, element)].key_kind
    for key in keys:
        if key.kind == key_kind and _verifies(signature, element, key):
            return Verified(element)
    raise MessageFault(
        Flaw.SIGNATURE_INVALID, "a signature by another key, or changed content", "a key of the metadata"
    )


def _verifies(signature: Element, element: Element, key: VerificationKey) -> bool:
    context = xmlsec.SignatureContext()
    context.key = key.xmlsec_key
    context.register_id(element, "ID")
    try:
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True


def _check_form(signature: Element, element: Element) -> str:
    """Return the signature's algorithm; raises `MessageFault` unless the signature has the one form."""
    if next(signature.iter(etree.Comment, etree.ProcessingInstruction), None) is not None:
        raise MessageFault(Flaw.SIGNATURE_FORM, "a comment in the signature", "none")
    parts = _tags(signature)
    if parts not in (
        [DS + "SignedInfo", DS + "SignatureValue"],
        [DS + "SignedInfo", DS + "SignatureValue", DS + "KeyInfo"],
    ):
        raise MessageFault(Flaw.SIGNATURE_FORM, _names(parts), "SignedInfo, SignatureValue and perhaps KeyInfo")
    signed_info = signature[0]
    parts = _tags(signed_info)
    if parts != [DS + "CanonicalizationMethod", DS + "SignatureMethod", DS + "Reference"]:
        raise MessageFault(
            Flaw.SIGNATURE_FORM, _names(parts), "CanonicalizationMethod, SignatureMethod and one Reference"
        )
    canonicalisation, method, reference = signed_info
    _check_canonicalisation(canonicalisation)
    _check_reference(reference, element)
    algorithm = method.get("Algorithm", "")
    if algorithm not in SIGNATURE_ALGORITHMS:
        raise MessageFault(Flaw.SIGNATURE_ALGORITHM, algorithm, "RSA or ECDSA with SHA-256 or better")
    if len(method):
        raise MessageFault(Flaw.SIGNATURE_FORM, "a parameter of the signature method", "none")
    return algorithm


def _check_reference(reference: Element, element: Element) -> None:
    uri = reference.get("URI")
    expected = "#" + element.get("ID", "")
    if uri != expected:
        raise MessageFault(Flaw.SIGNATURE_FORM, f"a reference to {uri!r}", f"a reference to {expected!r}")
    parts = _tags(reference)
    if parts != [DS + "Transforms", DS + "DigestMethod", DS + "DigestValue"]:
        raise MessageFault(Flaw.SIGNATURE_FORM, _names(parts), "Transforms, DigestMethod and DigestValue")
    transforms, digest, _value = reference
    _check_transforms(children(transforms))
    if digest.get("Algorithm") not in DIGESTS:
        raise MessageFault(Flaw.SIGNATURE_ALGORITHM, digest.get("Algorithm", ""), "SHA-256 or better")


def _check_transforms(transforms: list[Element]) -> None:
    algorithms = [transform.get("Algorithm", "") for transform in transforms]
    if algorithms[:1] != [ENVELOPED_SIGNATURE] or len(algorithms) != 2:  # noqa: PLR2004 - the two of rule 4
        expected = "the enveloped signature, then exclusive canonicalisation"
        raise MessageFault(Flaw.SIGNATURE_FORM, ", ".join(algorithms), expected)
    if len(transforms[0]):
        raise MessageFault(Flaw.SIGNATURE_FORM, "a parameter of the enveloped signature", "none")
    _check_canonicalisation(transforms[1])


def _check_canonicalisation(method: Element) -> None:
    if method.get("Algorithm") not in _C14N:
        raise MessageFault(Flaw.SIGNATURE_ALGORITHM, method.get("Algorithm", ""), EXCLUSIVE_C14N)
    if _tags(method) not in ([], [_INCLUSIVE_NAMESPACES]):
        raise MessageFault(Flaw.SIGNATURE_FORM, _names(_tags(method)), "InclusiveNamespaces or nothing")


def _tags(element: Element) -> list[str]:
    return [str(child.tag) for child in children(element)]


def _names(tags: Sequence[str]) -> str:
    return ", ".join(tag.rpartition("}")[2] for tag in tags) or "nothing"
