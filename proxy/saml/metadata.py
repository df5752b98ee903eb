# SPDX-License-Identifier: Apache-2.0
"""Reading the metadata of services and identity providers into values (saml-metadata-2.0-os).

A document is one EntityDescriptor, follows the schema, and holds exactly one descriptor of the role it is read for.
Everything is read when the proxy starts; a login finds keys and addresses as values. `validUntil` and `cacheDuration`
are for whoever fetches a document and are not read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from federation.errors import InputError
from proxy.saml.fault import MessageFault
from proxy.saml.keys import EncryptionKey, VerificationKey
from proxy.saml.names import DS, MD, MDUI, POST_BINDING, REDIRECT_BINDING, XML
from proxy.saml.schema import METADATA
from proxy.saml.signature import verify
from proxy.saml.xml import METADATA_BOUNDS, Element, parse, text_of

KeyT = TypeVar("KeyT", VerificationKey, EncryptionKey)


@dataclass(frozen=True)
class AcsEndpoint:
    """Where a service takes responses: one AssertionConsumerService."""

    url: str
    binding: str
    index: int
    is_default: bool | None
    """`None` where the metadata does not say, which differs from `false` (saml-metadata-2.0-os 2.2.3)."""


@dataclass(frozen=True)
class RequestedAttribute:
    """An attribute that a service's metadata asks for; what it receives is decided by the declaration."""

    name: str
    friendly_name: str | None
    is_required: bool


@dataclass(frozen=True)
class ServiceProvider:
    """A service, as its metadata describes it."""

    entity_id: str
    signing_keys: tuple[VerificationKey, ...]
    encryption_keys: tuple[EncryptionKey, ...]
    acs_endpoints: tuple[AcsEndpoint, ...]
    authn_requests_signed: bool
    want_assertions_signed: bool
    name_id_formats: tuple[str, ...]
    requested_attributes: tuple[RequestedAttribute, ...]
    display_names: Mapping[str, str]
    """By language, from mdui:UIInfo; empty where there is none."""


@dataclass(frozen=True)
class IdentityProvider:
    """An identity provider, as its metadata describes it."""

    entity_id: str
    signing_keys: tuple[VerificationKey, ...]
    sso_urls: Mapping[str, str]
    """By binding."""
    want_authn_requests_signed: bool
    name_id_formats: tuple[str, ...]
    display_names: Mapping[str, str]


def read_service_provider(document: bytes, signed_by: VerificationKey | None = None) -> ServiceProvider:
    """Return the service that a metadata document describes, its signature verified if `signed_by` is given.

    Raises `InputError` for a document that is not schema-valid metadata of one service, has no ACS endpoint for
    HTTP-POST, an ACS address that is not http(s), or a key that is too short.
    """
    entity, role = _role(document, "SPSSODescriptor", signed_by)
    entity_id = entity.get("entityID", "")
    endpoints = tuple(
        AcsEndpoint(
            url=_location(endpoint, entity_id),
            binding=endpoint.get("Binding", ""),
            index=int(endpoint.get("index", "")),
            is_default=_boolean(endpoint.get("isDefault")),
        )
        for endpoint in role.iterfind(MD + "AssertionConsumerService")
    )
    if not any(endpoint.binding == POST_BINDING for endpoint in endpoints):
        raise _unusable(entity_id, "no AssertionConsumerService for HTTP-POST", "at least one")
    if len({endpoint.index for endpoint in endpoints}) < len(endpoints):
        raise _unusable(entity_id, "two AssertionConsumerServices with one index", "each index once")
    return ServiceProvider(
        entity_id=entity_id,
        signing_keys=_keys(role, "signing", VerificationKey, entity_id),
        encryption_keys=_keys(role, "encryption", EncryptionKey, entity_id),
        acs_endpoints=endpoints,
        authn_requests_signed=bool(_boolean(role.get("AuthnRequestsSigned"))),
        want_assertions_signed=bool(_boolean(role.get("WantAssertionsSigned"))),
        name_id_formats=_name_id_formats(role),
        requested_attributes=tuple(
            RequestedAttribute(
                name=attribute.get("Name", ""),
                friendly_name=attribute.get("FriendlyName"),
                is_required=bool(_boolean(attribute.get("isRequired"))),
            )
            for attribute in role.iterfind(f"{MD}AttributeConsumingService/{MD}RequestedAttribute")
        ),
        display_names=_display_names(role),
    )


def read_identity_provider(document: bytes, signed_by: VerificationKey | None = None) -> IdentityProvider:
    """Return the identity provider that a metadata document describes, its signature verified if `signed_by` is given.

    Raises `InputError` for a document that is not schema-valid metadata of one identity provider, has no signing key,
    no SSO address for HTTP-Redirect, an address that is not http(s), or a key that is too short.
    """
    entity, role = _role(document, "IDPSSODescriptor", signed_by)
    entity_id = entity.get("entityID", "")
    sso_urls: dict[str, str] = {}
    for endpoint in role.iterfind(MD + "SingleSignOnService"):
        sso_urls.setdefault(endpoint.get("Binding", ""), _location(endpoint, entity_id))
    if REDIRECT_BINDING not in sso_urls:
        raise _unusable(entity_id, "no SingleSignOnService for HTTP-Redirect", "one")
    signing_keys = _keys(role, "signing", VerificationKey, entity_id)
    if not signing_keys:
        raise _unusable(entity_id, "no KeyDescriptor for signing", "at least one")
    return IdentityProvider(
        entity_id=entity_id,
        signing_keys=signing_keys,
        sso_urls=MappingProxyType(sso_urls),
        want_authn_requests_signed=bool(_boolean(role.get("WantAuthnRequestsSigned"))),
        name_id_formats=_name_id_formats(role),
        display_names=_display_names(role),
    )


def _role(document: bytes, role_name: str, signed_by: VerificationKey | None) -> tuple[Element, Element]:
    """Return the EntityDescriptor and its one descriptor of the role."""
    try:
        entity = parse(document, METADATA_BOUNDS)
        METADATA.check(entity)
        if signed_by is not None:
            entity = verify(entity, [signed_by]).element
    except MessageFault as fault:
        message = f"metadata: {fault.flaw}: found {fault.found}, expected {fault.expected}; get the document again"
        raise InputError(message) from fault
    if entity.tag != MD + "EntityDescriptor":
        message = f"metadata: found {entity.tag}, expected one EntityDescriptor; take this party's own document"
        raise InputError(message)
    roles = entity.findall(MD + role_name)
    if len(roles) != 1:
        raise _unusable(entity.get("entityID", ""), f"{len(roles)} {role_name} elements", "one")
    return entity, roles[0]


def _keys(role: Element, use: Literal["signing", "encryption"], kind: type[KeyT], entity_id: str) -> tuple[KeyT, ...]:
    """Return the keys for `use`; a KeyDescriptor without a use serves both (saml-metadata-2.0-os 2.4.1.1)."""
    return tuple(_one_key(certificate, kind, entity_id) for certificate in _certificates(role, use))


def _certificates(role: Element, use: str) -> Iterator[str]:
    for descriptor in role.iterfind(MD + "KeyDescriptor"):
        if descriptor.get("use", use) == use:
            for certificate in descriptor.iterfind(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate"):
                yield text_of(certificate) or ""


def _one_key(certificate: str, kind: type[KeyT], entity_id: str) -> KeyT:
    try:
        return kind.from_certificate(certificate)
    except InputError as error:
        message = f"metadata of {entity_id}: {error}"
        raise InputError(message) from error


def _location(endpoint: Element, entity_id: str) -> str:
    """Return an endpoint's address, which a browser is sent to: never `javascript:` (CVE-2023-45683)."""
    url = endpoint.get("Location", "")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.fragment:
        raise _unusable(entity_id, f"the address {url!r}", "http or https, a host, no fragment")
    return url


def _name_id_formats(role: Element) -> tuple[str, ...]:
    return tuple((text_of(name_format) or "").strip() for name_format in role.iterfind(MD + "NameIDFormat"))


def _display_names(role: Element) -> Mapping[str, str]:
    names = role.iterfind(f"{MD}Extensions/{MDUI}UIInfo/{MDUI}DisplayName")
    return MappingProxyType({name.get(XML + "lang", ""): text_of(name) or "" for name in names})


def _boolean(text: str | None) -> bool | None:
    """Return an xs:boolean; the schema has seen to its form."""
    return None if text is None else text.strip() in {"true", "1"}


def _unusable(entity_id: str, found: str, expected: str) -> InputError:
    return InputError(f"metadata of {entity_id}: found {found}, expected {expected}; correct the document")
