# SPDX-License-Identifier: Apache-2.0
"""Changing what `idp_simulators.saml.signing` writes, its own SignedInfo too, and signing that.

A fault that is an odd but sound signature must verify for whoever accepts it: an edit alone would only break it.
"""

from __future__ import annotations

from typing import Any, Final

import xmlsec
from lxml import etree

from idp_simulators.faults.fault import only_response_signed
from idp_simulators.saml.answers import Answer, Edit
from idp_simulators.saml.signing import XMLDSIG
from idp_simulators.saml.xml_reading import Element

RSA_SHA256_URI: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def response_signed_after(answer: Answer, edit: Edit, key: Any = None) -> Answer:  # noqa: ANN401 -- xmlsec ships no types
    """Return the answer with its text changed by `edit` and then signed, as response only, by its own key or `key`."""
    alone = only_response_signed(answer)
    return alone.with_edit(lambda text: _signed_again(edit(text), key or alone.signings[0].signer.key))


def with_algorithm(uri: str) -> Edit:
    """Return the edit that names another signature algorithm."""
    return lambda text: text.replace(RSA_SHA256_URI, uri, 1)


def response_signature(response: Element) -> Element:
    """Return the response's own signature."""
    return next(response.iterchildren(f"{{{XMLDSIG}}}Signature"))


def _signed_again(text: str, key: Any) -> str:  # noqa: ANN401 -- xmlsec ships no types
    root = etree.fromstring(text.encode())
    context = xmlsec.SignatureContext()
    context.key = key
    context.register_id(root, "ID")
    context.sign(response_signature(root))
    return etree.tostring(root, encoding="unicode")
