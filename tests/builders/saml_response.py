# SPDX-License-Identifier: Apache-2.0
"""Responses of an identity provider for tests of `proxy.saml`, valid by default.

A test changes the text before it is signed (`changes`, pairs of old and new), how it is signed, or the text after it
is signed (`edited`). Written as one readable document and signed by libxmlsec; it shares no code with what it tests,
nor with the IdP simulators.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

import xmlsec
from lxml import etree

from certs.keys import KeyPair
from proxy.saml.keys import DecryptionKey, VerificationKey
from proxy.saml.metadata import IdentityProvider
from proxy.saml.response import ExpectedResponse
from tests.builders.saml_keys import pair

Level: TypeAlias = Literal["response", "assertion"]
Change: TypeAlias = tuple[str, str]
Transform: TypeAlias = Any
"""One of xmlsec's constants, which have no type."""

NOW: Final = datetime(2026, 8, 10, 8, 0, 0, tzinfo=UTC)
REQUESTED_AT: Final = datetime(2026, 8, 10, 7, 59, 0, tzinfo=UTC)
IDP: Final = "https://idp.example/mansikkala/metadata"
PROXY: Final = "https://proxy.example/shibboleth"
ACS: Final = "https://proxy.example/ShibMansikkala/Shibboleth.sso/SAML2/POST"
REQUEST_ID: Final = "_request"

DOCUMENT: Final = f"""\
<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"\
 ID="_response" Version="2.0" IssueInstant="2026-08-10T08:00:00Z" Destination="{ACS}" InResponseTo="{REQUEST_ID}">
  <saml:Issuer>{IDP}</saml:Issuer>
  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
  <saml:Assertion ID="_assertion" Version="2.0" IssueInstant="2026-08-10T08:00:00Z">
    <saml:Issuer>{IDP}</saml:Issuer>
    <saml:Subject>
      <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">_name</saml:NameID>
      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
        <saml:SubjectConfirmationData Recipient="{ACS}" NotOnOrAfter="2026-08-10T08:05:00Z"\
 InResponseTo="{REQUEST_ID}"/>
      </saml:SubjectConfirmation>
    </saml:Subject>
    <saml:Conditions NotBefore="2026-08-10T07:59:59Z" NotOnOrAfter="2026-08-10T08:05:00Z">
      <saml:AudienceRestriction><saml:Audience>{PROXY}</saml:Audience></saml:AudienceRestriction>
    </saml:Conditions>
    <saml:AuthnStatement AuthnInstant="2026-08-10T07:59:58Z" SessionIndex="_session">
      <saml:AuthnContext>
        <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
      </saml:AuthnContext>
    </saml:AuthnStatement>
    <saml:AttributeStatement>
      <saml:Attribute Name="firstName"><saml:AttributeValue>Testi</saml:AttributeValue></saml:Attribute>
      <saml:Attribute Name="schoolCode"><saml:AttributeValue>30076</saml:AttributeValue>\
<saml:AttributeValue></saml:AttributeValue><saml:AttributeValue>30077</saml:AttributeValue></saml:Attribute>
    </saml:AttributeStatement>
  </saml:Assertion>
</samlp:Response>"""

TAGS: Final[dict[Level, str]] = {
    "response": "{urn:oasis:names:tc:SAML:2.0:protocol}Response",
    "assertion": "{urn:oasis:names:tc:SAML:2.0:assertion}Assertion",
}
BOTH: Final[tuple[Level, ...]] = ("assertion", "response")
SAML_NAMESPACES: Final = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}


def edited(text: str, changes: Iterable[Change]) -> str:
    """Return `text` with each change made once; a change that would change nothing is a fault of the test."""
    for old, new in changes:
        if old not in text:
            message = f"the document does not hold {old!r}"
            raise LookupError(message)
        text = text.replace(old, new, 1)
    return text


def assertion_first(changes: Iterable[Change]) -> str:
    """Return the document, changed from the Assertion on only: what stands before it stays."""
    head, tag, rest = DOCUMENT.partition("<saml:Assertion ")
    return head + edited(tag + rest, changes)


def signed(  # noqa: PLR0913 - each is one thing a test may vary
    text: str = DOCUMENT,
    levels: Iterable[Level] = BOTH,
    *,
    key: KeyPair | None = None,
    method: Transform = xmlsec.constants.TransformRsaSha256,
    digest: Transform = xmlsec.constants.TransformSha256,
    transforms: tuple[Transform, ...] = (xmlsec.constants.TransformEnveloped, xmlsec.constants.TransformExclC14N),
    c14n: Transform = xmlsec.constants.TransformExclC14N,
    secret: bytes | None = None,
) -> str:
    """Return `text` signed at `levels`, in that order, by the identity provider's key or by `key` (or an HMAC secret)."""
    root = etree.fromstring(text.encode())
    for level in levels:
        element = next(root.iter(TAGS[level]))
        signature = xmlsec.template.create(element, c14n, method, ns="ds")
        issuer = element.find("saml:Issuer", SAML_NAMESPACES)
        element.insert(0 if issuer is None else element.index(issuer) + 1, signature)
        if issuer is not None:
            # What stands after a tag in the text must stay in its place.
            signature.tail, issuer.tail = issuer.tail, None
        reference = xmlsec.template.add_reference(signature, digest, uri="#" + element.get("ID", ""))
        for transform in transforms:
            xmlsec.template.add_transform(reference, transform)
        if secret is None:
            xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
        xmlsec.tree.add_ids(root, ["ID"])
        context = xmlsec.SignatureContext()
        context.key = _xmlsec_key(key or pair("idp"), secret)
        context.sign(signature)
    return etree.tostring(root, encoding="unicode")


def _xmlsec_key(key: KeyPair, secret: bytes | None) -> xmlsec.Key:
    if secret is not None:
        return xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, secret)
    loaded = xmlsec.Key.from_memory(key.private_key_pem, xmlsec.constants.KeyDataFormatPem)
    loaded.load_cert_from_memory(key.certificate_pem, xmlsec.constants.KeyDataFormatPem)
    return loaded


def message(text: str | bytes) -> str:
    """Return the form field's value for a document."""
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def identity_provider(*pairs: KeyPair) -> IdentityProvider:
    """Return the identity provider as its metadata would be read; by default with one key."""
    return IdentityProvider(
        entity_id=IDP,
        signing_keys=tuple(
            VerificationKey.from_certificate(each.certificate_base64) for each in pairs or [pair("idp")]
        ),
        sso_urls={"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect": "https://idp.example/mansikkala/sso"},
        want_authn_requests_signed=True,
        name_id_formats=(),
        display_names={},
    )


def expected(idp: IdentityProvider | None = None, *, force_authn: bool = False) -> ExpectedResponse:
    """Return what the proxy expects when the default response arrives."""
    return ExpectedResponse(
        identity_provider=idp or identity_provider(),
        request_id=REQUEST_ID,
        acs_url=ACS,
        sp_entity_id=PROXY,
        requested_at=REQUESTED_AT,
        force_authn=force_authn,
        decryption_keys=(DecryptionKey.from_pair(pair("proxy-sp")),),
    )
