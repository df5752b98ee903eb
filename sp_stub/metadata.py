# SPDX-License-Identifier: Apache-2.0
"""A service's own metadata, as deterministic text (saml-metadata-2.0-os 2.4.4). Pure.

It promises signed requests, and asks for signed assertions unless the declaration has only responses signed; one ACS
by POST; the attributes the declaration says it receives; display names in three languages for the login service. It has no validUntil, so that the same
declaration gives the same bytes, and no Organization, because nothing reads it.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from federation.attributes import BY_NAME, NAME_FORMAT_URI
from federation.model import LANGUAGES
from sp_stub.config import ServiceConfig

NAME_ID_TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
BINDING_POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
ENCRYPTION_METHODS: Final = (
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
)
"""What an assertion may be encrypted with; CBC and PKCS #1 1.5 are not among them (saml2int SDP-ALG01)."""

_PROTOCOL: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
_ACS: Final = f'index="0" isDefault="true" Binding="{BINDING_POST}"'
_NAMESPACES: Final = (
    'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"'
    ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
)


def entity_descriptor(config: ServiceConfig, certificate_base64: str) -> bytes:
    """Return the service's EntityDescriptor, with one certificate to sign and to encrypt."""
    endpoints = config.endpoints
    wants_assertions = str(config.sign != "response").lower()
    promises = f'AuthnRequestsSigned="true" WantAssertionsSigned="{wants_assertions}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<md:EntityDescriptor {_NAMESPACES} entityID={quoteattr(endpoints.entity_id)}>",
        f"  <md:SPSSODescriptor {promises} protocolSupportEnumeration={quoteattr(_PROTOCOL)}>",
        "    <md:Extensions>",
        "      <mdui:UIInfo>",
        *_names("mdui:DisplayName", config, indent=8),
        "      </mdui:UIInfo>",
        "    </md:Extensions>",
        *_key("signing", certificate_base64, ()),
        *_key("encryption", certificate_base64, ENCRYPTION_METHODS),
        f"    <md:NameIDFormat>{NAME_ID_TRANSIENT}</md:NameIDFormat>",
        f"    <md:AssertionConsumerService {_ACS} Location={quoteattr(endpoints.acs_url)}/>",
        '    <md:AttributeConsumingService index="0" isDefault="true">',
        *_names("md:ServiceName", config, indent=6),
        *(_requested(name) for name in config.receives),
        "    </md:AttributeConsumingService>",
        "  </md:SPSSODescriptor>",
        "</md:EntityDescriptor>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _names(element: str, config: ServiceConfig, indent: int) -> list[str]:
    return [
        f'{" " * indent}<{element} xml:lang="{language}">{escape(config.name.in_language(language))}</{element}>'
        for language in LANGUAGES
    ]


def _key(use: str, certificate_base64: str, methods: tuple[str, ...]) -> list[str]:
    return [
        f'    <md:KeyDescriptor use="{use}">',
        "      <ds:KeyInfo><ds:X509Data>",
        f"        <ds:X509Certificate>{certificate_base64}</ds:X509Certificate>",
        "      </ds:X509Data></ds:KeyInfo>",
        *(f'      <md:EncryptionMethod Algorithm="{method}"/>' for method in methods),
        "    </md:KeyDescriptor>",
    ]


def _requested(name: str) -> str:
    attribute = BY_NAME[name]
    return (
        f"      <md:RequestedAttribute Name={quoteattr(attribute.saml_name)}"
        f' NameFormat="{NAME_FORMAT_URI}" FriendlyName={quoteattr(attribute.friendly_name)}/>'
    )
