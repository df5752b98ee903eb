# SPDX-License-Identifier: Apache-2.0
"""The files of the identity provider simulators: each provider's metadata, and the app's own configuration.

Pure: the same declaration, endpoints and certificates give the same bytes, so there is no validUntil and no ID. Only
certificates are written, never a private key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from certs.keys import KeyPair, idp_entity, next_idp_entity
from federation.endpoints import Endpoints, IdentityProviderEndpoints
from federation.model import LANGUAGES, Federation, IdentityProvider, IdpKind, Names
from idp_simulators.configuration import configuration

CONFIGURATION_PATH: Final = "idp/config.json"
PROXY_METADATA_PATH: Final = "idp/metadata/proxy.xml"

_SIGNING_KEY: Final = """\
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>"""

_METADATA: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"\
 xmlns:ds="http://www.w3.org/2000/09/xmldsig#"\
 xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"\
 entityID={entity_id}>
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAuthnRequestsSigned="true">
    <md:Extensions>
      <mdui:UIInfo>
{display_names}
      </mdui:UIInfo>
    </md:Extensions>
{keys}
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location={sso_url}/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location={sso_url}/>
  </md:IDPSSODescriptor>
  <md:Organization>
{organisation}
  </md:Organization>
  <md:ContactPerson contactType="technical">
    <md:GivenName>MPASSid testbed, TEST ONLY</md:GivenName>
    <md:EmailAddress>mailto:testbed@example.org</md:EmailAddress>
  </md:ContactPerson>
</md:EntityDescriptor>
"""


def metadata(federation: Federation, endpoints: Endpoints, certificates: Mapping[str, KeyPair]) -> dict[str, bytes]:
    """Return the EntityDescriptor of every simulated provider that speaks SAML, by its key (saml-metadata-2.0-os 2.4.3).

    `certificates` holds the key pairs of each provider by their entity names; a missing one is a `KeyError`.
    """
    return {
        key: entity_descriptor(
            provider.name,
            endpoints.identity_provider(key, provider.idp.kind),
            [certificates[entity].certificate_base64 for entity in key_entities(key, provider.idp)],
        )
        for key, provider in federation.education_providers.items()
        if not provider.idp.is_own and provider.idp.kind.is_saml
    }


def render(federation: Federation, endpoints: Endpoints, proxy_sp_metadata: bytes) -> dict[str, bytes]:
    """Return the files the simulators' app reads, by path below the state folder."""
    return {
        CONFIGURATION_PATH: configuration(federation, endpoints).to_bytes(),
        PROXY_METADATA_PATH: proxy_sp_metadata,
    }


def key_entities(provider: str, idp: IdentityProvider) -> tuple[str, ...]:
    """Return the names of a provider's signing key pairs: the last one signs, during a rollover the new one.

    A Wilma has none: it proves itself by the secret that it shares with the proxy.
    """
    if idp.kind is IdpKind.WILMA:
        return ()
    return (idp_entity(provider), next_idp_entity(provider)) if idp.rollover else (idp_entity(provider),)


def entity_descriptor(name: Names, endpoints: IdentityProviderEndpoints, certificates: Sequence[str]) -> bytes:
    """Return one provider's metadata: two bindings of SSO, its signing certificates, its names, whom to ask."""
    return _METADATA.format(
        entity_id=quoteattr(endpoints.entity_id),
        sso_url=quoteattr(endpoints.sso_url),
        keys="\n".join(_SIGNING_KEY.format(certificate=certificate) for certificate in certificates),
        display_names=_in_languages(
            " " * 8 + '<mdui:DisplayName xml:lang="{language}">{text}</mdui:DisplayName>', name
        ),
        organisation="\n".join(
            (
                _in_languages('    <md:OrganizationName xml:lang="{language}">{text}</md:OrganizationName>', name),
                _in_languages(
                    '    <md:OrganizationDisplayName xml:lang="{language}">{text}</md:OrganizationDisplayName>',
                    name,
                ),
                f'    <md:OrganizationURL xml:lang="fi">{escape(endpoints.origin)}/</md:OrganizationURL>',
            )
        ),
    ).encode()


def _in_languages(line: str, name: Names) -> str:
    return "\n".join(line.format(language=language, text=escape(name.in_language(language))) for language in LANGUAGES)
