# SPDX-License-Identifier: Apache-2.0
"""AuthnRequests of a service for tests of `proxy.saml`, valid by default, signed as libraries of services do."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, quote_plus

import xmlsec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from certs.keys import KeyPair
from tests.builders.saml_keys import pair
from tests.builders.saml_metadata import SERVICE, SERVICE_ACS

NOW: Final = datetime(2026, 8, 10, 8, 0, 0, tzinfo=UTC)
SSO: Final = "https://proxy.example/idp/profile/SAML2/Redirect/SSO"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

DOCUMENT: Final = f"""\
<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"\
 ID="_request" Version="2.0" IssueInstant="2026-08-10T08:00:00Z" Destination="{SSO}"\
 AssertionConsumerServiceURL="{SERVICE_ACS}" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST">\
<saml:Issuer>{SERVICE}</saml:Issuer>\
<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient" AllowCreate="true"/>\
</samlp:AuthnRequest>"""


def deflated(document: str | bytes) -> str:
    """Return a document as the value of SAMLRequest, before it is percent-encoded."""
    data = document.encode() if isinstance(document, str) else document
    return base64.b64encode(zlib.compress(data, wbits=-15)).decode()


def unsigned_query(document: str | bytes = DOCUMENT, relay_state: str | None = "relay") -> str:
    """Return the query of an unsigned request."""
    query = f"SAMLRequest={quote_plus(deflated(document))}"
    return query if relay_state is None else f"{query}&RelayState={quote_plus(relay_state)}"


def signed_query(
    document: str | bytes = DOCUMENT,
    relay_state: str | None = "relay",
    key: KeyPair | None = None,
    algorithm: str = RSA_SHA256,
    digest: hashes.HashAlgorithm | None = None,
    escape: Callable[[str], str] = quote_plus,
) -> str:
    """Return the query of a signed request; `escape` is how the sender percent-encodes."""
    parameters = [f"SAMLRequest={escape(deflated(document))}"]
    if relay_state is not None:
        parameters.append(f"RelayState={escape(relay_state)}")
    parameters.append(f"SigAlg={escape(algorithm)}")
    text = "&".join(parameters)
    private_key = load_pem_private_key((key or pair("sp")).private_key_pem, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(private_key, rsa.RSAPrivateKey)
    signature = private_key.sign(text.encode(), padding.PKCS1v15(), digest or hashes.SHA256())
    return f"{text}&Signature={escape(base64.b64encode(signature).decode())}"


def lower_case_escape(text: str) -> str:
    """Percent-encode with lower-case digits and `%20`, as some senders do."""
    return "".join(char if char.isalnum() else "".join(f"%{byte:02x}" for byte in char.encode()) for char in text)


def signed_document(document: str = DOCUMENT, key: KeyPair | None = None) -> str:
    """Return the request with an enveloped signature."""
    root = etree.fromstring(document.encode())
    signature = xmlsec.template.create(
        root, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformRsaSha256, ns="ds"
    )
    root.insert(1, signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256, uri="#" + root.get("ID", ""))
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory((key or pair("sp")).private_key_pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)
    return etree.tostring(root, encoding="unicode")


def form(document: str | bytes, relay_state: str | None = "relay") -> bytes:
    """Return a document as a form's body."""
    data = document.encode() if isinstance(document, str) else document
    body = f"SAMLRequest={quote(base64.b64encode(data).decode(), safe='')}"
    return (body if relay_state is None else f"{body}&RelayState={quote_plus(relay_state)}").encode()
