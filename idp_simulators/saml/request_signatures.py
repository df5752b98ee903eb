# SPDX-License-Identifier: Apache-2.0
"""Verifies the signature of an AuthnRequest with the keys of the proxy's metadata, in either of its two forms.

A signature inside the message counts only in the one form that SAML allows (saml-core-2.0-os 5.4): a child of the
root, one Reference to the root's ID, enveloped, exclusive canonicalisation, no Object. KeyInfo is never looked at.
"""

from __future__ import annotations

from typing import Final

import xmlsec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from federation.reasons import Refusal
from idp_simulators.home_request import RefusedRequestError
from idp_simulators.saml.bindings import DetachedSignature
from idp_simulators.saml.proxy_metadata import AcceptedProxy
from idp_simulators.saml.xml_reading import Element

_DS: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_ENC: Final = "http://www.w3.org/2001/04/xmlenc#"
_ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"

_SIGNATURE_ALGORITHMS: Final[dict[str, hashes.HashAlgorithm]] = {
    f"{_MORE}rsa-sha256": hashes.SHA256(),
    f"{_MORE}rsa-sha384": hashes.SHA384(),
    f"{_MORE}rsa-sha512": hashes.SHA512(),
}
_DIGEST_ALGORITHMS: Final = frozenset({f"{_ENC}sha256", f"{_MORE}sha384", f"{_ENC}sha512"})


def verify_detached(signature: DetachedSignature, proxy: AcceptedProxy) -> None:
    """Raise `RefusedRequestError` unless one of the proxy's keys made the redirect's signature."""
    algorithm = _SIGNATURE_ALGORITHMS.get(signature.algorithm)
    if algorithm is None:
        raise RefusedRequestError(
            Refusal("home-request-signature-algorithm", signature.algorithm, "RSA with SHA-256 or more")
        )
    for key in proxy.keys:
        try:
            key.rsa.verify(signature.value, signature.signed, padding.PKCS1v15(), algorithm)
        except InvalidSignature:
            continue
        return
    raise RefusedRequestError(Refusal("home-request-signature-invalid"))


def verify_enveloped(root: Element, proxy: AcceptedProxy) -> None:
    """Raise `RefusedRequestError` unless one of the proxy's keys signed the whole of `root`."""
    signatures = list(root.iter(f"{_DS}Signature"))
    if not signatures:
        raise RefusedRequestError(Refusal("home-request-signature-missing"))
    if len(signatures) > 1 or signatures[0].getparent() is not root:
        raise RefusedRequestError(Refusal("home-request-signature-form", expected="one Signature, below the root"))
    _check_form(signatures[0], root.get("ID", ""))
    if not any(_is_by(key.xmlsec, signatures[0], root) for key in proxy.keys):
        raise RefusedRequestError(Refusal("home-request-signature-invalid"))


def _check_form(signature: Element, root_id: str) -> None:
    children = [child.tag for child in signature]
    if children not in (
        [f"{_DS}SignedInfo", f"{_DS}SignatureValue"],
        [f"{_DS}SignedInfo", f"{_DS}SignatureValue", f"{_DS}KeyInfo"],
    ):
        raise RefusedRequestError(
            Refusal("home-request-signature-form", expected="SignedInfo, SignatureValue, KeyInfo")
        )
    info = signature[0]
    if [child.tag for child in info] != [f"{_DS}CanonicalizationMethod", f"{_DS}SignatureMethod", f"{_DS}Reference"]:
        raise RefusedRequestError(Refusal("home-request-signature-form", expected="one Reference"))
    canonicalization, method, reference = info
    digest = reference.find(f"{_DS}DigestMethod")
    if method.get("Algorithm") not in _SIGNATURE_ALGORITHMS:
        raise RefusedRequestError(
            Refusal("home-request-signature-algorithm", method.get("Algorithm", ""), "RSA with SHA-256 or more")
        )
    if digest is None or digest.get("Algorithm") not in _DIGEST_ALGORITHMS:
        raise RefusedRequestError(Refusal("home-request-signature-algorithm", expected="a SHA-256 digest or more"))
    transforms = [transform.get("Algorithm") for transform in reference.iterfind(f"{_DS}Transforms/{_DS}Transform")]
    if (
        canonicalization.get("Algorithm") != _EXCLUSIVE
        or transforms != [_ENVELOPED, _EXCLUSIVE]
        or reference.get("URI") != f"#{root_id}"
    ):
        raise RefusedRequestError(
            Refusal("home-request-signature-form", expected="enveloped, exclusive, over the root's ID")
        )


def _is_by(key: xmlsec.Key, signature: Element, root: Element) -> bool:
    context = xmlsec.SignatureContext()
    context.key = key
    try:
        context.register_id(root, "ID")
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True
