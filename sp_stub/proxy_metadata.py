# SPDX-License-Identifier: Apache-2.0
"""What a service takes from the login service's metadata: entity ID, the redirect SSO address, signing certificates.

The file was rendered on this machine; it is read once, when the app starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from federation.errors import InputError

_NAMESPACES: Final = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
_REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_ROLE: Final = "/md:EntityDescriptor/md:IDPSSODescriptor"


@dataclass(frozen=True)
class LoginService:
    """The IdP face of the proxy as this service knows it."""

    entity_id: str
    sso_redirect_url: str
    signing_certificates: tuple[str, ...]
    """Base64 DER without armour, in the order of the metadata."""


def read_login_service(document: bytes) -> LoginService:
    """Return what the metadata holds; raises `InputError` where something a service needs is missing."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        message = f"metadata/proxy.xml: not well-formed XML ({error}); run `testbed apply`"
        raise InputError(message) from error
    certificates = _found(
        root,
        f"{_ROLE}/md:KeyDescriptor[not(@use) or @use='signing']/ds:KeyInfo/ds:X509Data/ds:X509Certificate/text()",
        "a signing certificate",
    )
    return LoginService(
        entity_id=_found(root, "/md:EntityDescriptor/@entityID", "an entityID")[0],
        sso_redirect_url=_found(
            root, f"{_ROLE}/md:SingleSignOnService[@Binding='{_REDIRECT}']/@Location", "a redirect SSO address"
        )[0],
        signing_certificates=tuple("".join(certificate.split()) for certificate in certificates),
    )


def _found(root: etree._Element, expression: str, expected: str) -> list[str]:
    values = root.xpath(expression, namespaces=_NAMESPACES)
    if not isinstance(values, list) or not values:
        message = f"metadata/proxy.xml: expected {expected}, found none; run `testbed apply`"
        raise InputError(message)
    return [str(value) for value in values]
