# SPDX-License-Identifier: Apache-2.0
"""Signing a metadata document as its publisher does."""

from __future__ import annotations

import xmlsec
from lxml import etree

from tests.builders.saml_keys import pair


def signed_metadata(document: str, entity: str) -> bytes:
    """Return the document signed whole by the key pair of `entity`."""
    root = etree.fromstring(document.encode())
    root.set("ID", "_metadata")
    signature = xmlsec.template.create(
        root, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformRsaSha256, ns="ds"
    )
    root.insert(0, signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256, uri="#_metadata")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pair(entity).private_key_pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)
    return etree.tostring(root)
