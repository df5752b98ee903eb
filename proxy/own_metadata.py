# SPDX-License-Identifier: Apache-2.0
"""The proxy's own metadata: its IdP face towards services, its SP face towards identity providers.

Built with pysaml2's metadata classes once, when the testbed is rendered; the proxy serves the bytes. The IdP face
looks as MPASSid's does (facts-mpassid 5): one signing key (two while it is rotated), transient name ids first, no logout endpoint, no demand
for signed requests. Neither document has a validUntil: the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, SamlBase, element_to_extension_element, md, samlp, xmldsig
from saml2.extension import mdui
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NAMEID_FORMAT_TRANSIENT

from certs.keys import PROXY_IDP, PROXY_SP, KeyPair
from federation.endpoints import ProxyEndpoints

CONTENT_TYPE: Final = "application/samlmetadata+xml"

_PREFIXES: Final = {"md": md.NAMESPACE, "ds": xmldsig.NAMESPACE, "mdui": mdui.NAMESPACE}

_DISPLAY_NAMES: Final = (("fi", "MPASSid-testiympäristö"), ("sv", "MPASSid-testmiljö"), ("en", "MPASSid testbed"))


@dataclass(frozen=True)
class OwnMetadata:
    """Both documents, UTF-8."""

    idp_face: bytes
    sp_face: bytes


def metadata(
    endpoints: ProxyEndpoints,
    certificates: Mapping[str, KeyPair],
    flows: Sequence[str],
    published: Sequence[KeyPair] = (),
) -> OwnMetadata:
    """Return the proxy's metadata; the SP face offers one ACS for any source and one per flow.

    `published` stand in the IdP face after the key that signs: one that will, or one that has signed.
    """
    idp_keys = (certificates[PROXY_IDP], *published)
    return OwnMetadata(
        idp_face=_document(endpoints.idp_entity_id, idpsso_descriptor=_idp_face(endpoints, idp_keys)),
        sp_face=_document(endpoints.sp_entity_id, spsso_descriptor=_sp_face(endpoints, certificates[PROXY_SP], flows)),
    )


def _idp_face(endpoints: ProxyEndpoints, pairs: Sequence[KeyPair]) -> md.IDPSSODescriptor:
    return md.IDPSSODescriptor(
        protocol_support_enumeration=samlp.NAMESPACE,
        extensions=_user_interface(),
        key_descriptor=[_key(pair, "signing") for pair in pairs],
        name_id_format=[
            md.NameIDFormat(text=NAMEID_FORMAT_TRANSIENT),
            md.NameIDFormat(text=NAMEID_FORMAT_PERSISTENT),
        ],
        single_sign_on_service=[
            md.SingleSignOnService(binding=BINDING_HTTP_REDIRECT, location=endpoints.sso_redirect_url),
            md.SingleSignOnService(binding=BINDING_HTTP_POST, location=endpoints.sso_post_url),
        ],
    )


def _sp_face(endpoints: ProxyEndpoints, pair: KeyPair, flows: Sequence[str]) -> md.SPSSODescriptor:
    acs_urls = [endpoints.acs_url, *(endpoints.flow_acs_url(flow) for flow in flows)]
    return md.SPSSODescriptor(
        protocol_support_enumeration=samlp.NAMESPACE,
        authn_requests_signed="true",
        want_assertions_signed="true",
        extensions=_user_interface(),
        key_descriptor=[_key(pair, "signing"), _key(pair, "encryption")],
        name_id_format=[md.NameIDFormat(text=NAMEID_FORMAT_TRANSIENT)],
        assertion_consumer_service=[
            md.AssertionConsumerService(
                binding=BINDING_HTTP_POST,
                location=url,
                index=str(index),
                is_default="true" if index == 0 else None,
            )
            for index, url in enumerate(acs_urls)
        ],
    )


def _key(pair: KeyPair, use: str) -> md.KeyDescriptor:
    certificate = xmldsig.X509Certificate(text=pair.certificate_base64)
    info = xmldsig.KeyInfo(x509_data=[xmldsig.X509Data(x509_certificate=[certificate])])
    return md.KeyDescriptor(use=use, key_info=info)


def _user_interface() -> md.Extensions:
    names = [mdui.DisplayName(lang=language, text=name) for language, name in _DISPLAY_NAMES]
    return md.Extensions(extension_elements=[element_to_extension_element(mdui.UIInfo(display_name=names))])


def _document(entity_id: str, **role: SamlBase) -> bytes:
    name = _DISPLAY_NAMES[0][1]
    descriptor = md.EntityDescriptor(
        entity_id=entity_id,
        organization=md.Organization(
            organization_name=[md.OrganizationName(lang="fi", text=name)],
            organization_display_name=[md.OrganizationDisplayName(lang="fi", text=name)],
            organization_url=[md.OrganizationURL(lang="fi", text=entity_id)],
        ),
        contact_person=[
            md.ContactPerson(
                contact_type="technical",
                given_name=md.GivenName(text="MPASSid testbed"),
                email_address=[md.EmailAddress(text="mailto:testbed@example.org")],
            )
        ],
        **role,
    )
    text: bytes = descriptor.to_string(nspair=_PREFIXES)
    return text + b"\n"
