# SPDX-License-Identifier: Apache-2.0
"""Metadata of a service and of an identity provider for tests of `proxy.saml`, valid by default."""

from __future__ import annotations

from typing import Final

from proxy.saml.metadata import ServiceProvider, read_service_provider
from tests.builders.saml_keys import pair
from tests.builders.saml_response import Change, edited

SERVICE: Final = "https://publisher.example/metadata"
SERVICE_ACS: Final = "https://publisher.example/acs"
OTHER_ACS: Final = "https://publisher.example/acs/second"
ARTIFACT_ACS: Final = "https://publisher.example/acs/artifact"

_NAMESPACES: Final = (
    'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"'
    ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
)
_BINDINGS: Final = "urn:oasis:names:tc:SAML:2.0:bindings"


def _key_descriptor(use: str, entity: str) -> str:
    return (
        f'<md:KeyDescriptor use="{use}"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>'
        f"{pair(entity).certificate_base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )


def service_metadata(*changes: Change) -> str:
    """Return the metadata of a service that signs its requests, changed."""
    text = f"""\
<md:EntityDescriptor {_NAMESPACES} entityID="{SERVICE}">
  <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" AuthnRequestsSigned="true"\
 WantAssertionsSigned="true">
    <md:Extensions><mdui:UIInfo><mdui:DisplayName xml:lang="fi">Kustantaja</mdui:DisplayName>\
<mdui:DisplayName xml:lang="sv">Förlag</mdui:DisplayName></mdui:UIInfo></md:Extensions>
    {_key_descriptor("signing", "sp")}
    {_key_descriptor("encryption", "sp-encryption")}
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>
    <md:AssertionConsumerService Binding="{_BINDINGS}:HTTP-Artifact" Location="{ARTIFACT_ACS}" index="0"/>
    <md:AssertionConsumerService Binding="{_BINDINGS}:HTTP-POST" Location="{OTHER_ACS}" index="1"/>
    <md:AssertionConsumerService Binding="{_BINDINGS}:HTTP-POST" Location="{SERVICE_ACS}" index="2" isDefault="true"/>
    <md:AttributeConsumingService index="0"><md:ServiceName xml:lang="fi">Kustantaja</md:ServiceName>\
<md:RequestedAttribute Name="urn:mpass.id:uid" FriendlyName="mpassUsername" isRequired="true"/>\
<md:RequestedAttribute Name="urn:mpass.id:role"/></md:AttributeConsumingService>
  </md:SPSSODescriptor>
</md:EntityDescriptor>"""
    return edited(text, changes)


def provider_metadata(*changes: Change) -> str:
    """Return the metadata of an identity provider, changed."""
    text = f"""\
<md:EntityDescriptor {_NAMESPACES} entityID="https://idp.example/mansikkala/metadata">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    {_key_descriptor("signing", "idp")}
    <md:SingleSignOnService Binding="{_BINDINGS}:HTTP-Redirect" Location="https://idp.example/mansikkala/sso"/>
    <md:SingleSignOnService Binding="{_BINDINGS}:HTTP-POST" Location="https://idp.example/mansikkala/sso/post"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""
    return edited(text, changes)


def service(*changes: Change) -> ServiceProvider:
    """Return the service as it is read from its metadata."""
    return read_service_provider(service_metadata(*changes).encode())
