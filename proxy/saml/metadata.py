# SPDX-License-Identifier: Apache-2.0
"""Reading the metadata of services and identity providers into values (saml-metadata-2.0-os).

A document is one EntityDescriptor, or an EntitiesDescriptor in which exactly one entity has the role it is read for; it
follows the schema and that entity has the role once. Descriptors of roles by extension (md:RoleDescriptor), which ADFS
and Entra ID write for WS-Federation, belong to other schemas and are passed over. Everything is read when the proxy
starts; a login finds keys and addresses as values. `validUntil` is judged by whoever takes a document in, and
`cacheDuration` is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Final, Literal, TypeVar
from urllib.parse import urlsplit

from federation.errors import InputError
from proxy.saml.fault import MessageFault
from proxy.saml.instants import read_instant
from proxy.saml.keys import EncryptionKey, VerificationKey
from proxy.saml.names import DS, MD, MDUI, POST_BINDING, REDIRECT_BINDING, XML
from proxy.saml.schema import METADATA
from proxy.saml.signature import verify
from proxy.saml.xml import METADATA_BOUNDS, Element, parse, text_of

KeyT = TypeVar("KeyT", VerificationKey, EncryptionKey)
RoleName = Literal["SPSSODescriptor", "IDPSSODescriptor"]

_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
"""A host name or IPv4 address and perhaps a port: what a Content-Security-Policy can name."""
_OTHER_ROLE: Final[Mapping[RoleName, tuple[RoleName, str, str]]] = {
    "SPSSODescriptor": ("IDPSSODescriptor", "an identity provider", "a service (SPSSODescriptor)"),
    "IDPSSODescriptor": ("SPSSODescriptor", "a service", "an identity provider (IDPSSODescriptor)"),
}
"""What is described instead, and what was expected."""


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
    valid_until: datetime | None = None
    """The earliest `validUntil` on the role, the entity and what they stand in."""


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
    valid_until: datetime | None = None
    """The earliest `validUntil` on the role, the entity and what they stand in."""


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
        signing_keys=_signing_keys(role, entity_id),
        encryption_keys=_encryption_keys(role, entity_id),
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
        valid_until=_valid_until(role, entity_id),
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
    signing_keys = _signing_keys(role, entity_id)
    if not signing_keys:
        raise _unusable(entity_id, "no KeyDescriptor for signing", "at least one")
    return IdentityProvider(
        entity_id=entity_id,
        signing_keys=signing_keys,
        sso_urls=MappingProxyType(sso_urls),
        want_authn_requests_signed=bool(_boolean(role.get("WantAuthnRequestsSigned"))),
        name_id_formats=_name_id_formats(role),
        display_names=_display_names(role),
        valid_until=_valid_until(role, entity_id),
    )


def _role(document: bytes, role_name: RoleName, signed_by: VerificationKey | None) -> tuple[Element, Element]:
    """Return the EntityDescriptor and its one descriptor of the role."""
    try:
        root = parse(document, METADATA_BOUNDS)
        METADATA.check(_without_other_schemas(root))
        if signed_by is not None:
            root = verify(root, [signed_by]).element
    except MessageFault as fault:
        message = f"metadata: {fault.flaw}: found {fault.found}, expected {fault.expected}; get the document again"
        raise InputError(message) from fault
    entity = _entity(root, role_name)
    entity_id = entity.get("entityID", "")
    roles = entity.findall(MD + role_name)
    other, found, expected = _OTHER_ROLE[role_name]
    if not roles and entity.find(MD + other) is not None:
        raise _unusable(entity_id, f"{found} ({other})", expected)
    if len(roles) != 1:
        raise _unusable(entity_id, f"{len(roles)} {role_name} elements", "one")
    return entity, roles[0]


def _entity(root: Element, role_name: RoleName) -> Element:
    """Return the one entity that the document describes in this role."""
    if root.tag == MD + "EntityDescriptor":
        return root
    if root.tag == MD + "EntitiesDescriptor":
        entities = [entity for entity in _entities(root) if entity.find(MD + role_name) is not None]
        if len(entities) == 1:
            return entities[0]
        found = f"an EntitiesDescriptor in which {len(entities)} entities have an {role_name}"
    else:
        found = str(root.tag)
    message = f"metadata: found {found}, expected one EntityDescriptor; take this party's own document"
    raise InputError(message)


def _entities(root: Element) -> Iterator[Element]:
    """Give the entities of a document of many, nested ones too, but not what lies in an extension."""
    for entity in root.iter(MD + "EntityDescriptor"):
        if all(ancestor.tag == MD + "EntitiesDescriptor" for ancestor in entity.iterancestors()):
            yield entity


def _without_other_schemas(root: Element) -> Element:
    """Return the tree without roles by extension, whose types stand in schemas that SAML does not have."""
    if next(root.iter(MD + "RoleDescriptor"), None) is None:
        return root
    copy = deepcopy(root)
    for role in list(copy.iter(MD + "RoleDescriptor")):
        parent = role.getparent()
        if parent is not None:
            parent.remove(role)
    return copy


def _valid_until(role: Element, entity_id: str) -> datetime | None:
    """Return the earliest validUntil of the role and everything it stands in (saml-metadata-2.0-os 2.3.1)."""
    texts = (element.get("validUntil") for element in (role, *role.iterancestors()))
    try:
        return min((read_instant(text.strip()) for text in texts if text is not None), default=None)
    except MessageFault as fault:
        raise _unusable(entity_id, f"the validUntil {fault.found!r}", fault.expected) from fault


def _signing_keys(role: Element, entity_id: str) -> tuple[VerificationKey, ...]:
    return tuple(
        _key(partial(VerificationKey.from_certificate, certificate), entity_id)
        for descriptor in _descriptors(role, "signing")
        for certificate in _certificates(descriptor)
    )


def _encryption_keys(role: Element, entity_id: str) -> tuple[EncryptionKey, ...]:
    """Return the keys to encrypt with, each with the methods its KeyDescriptor names (saml-metadata-2.0-os 2.4.1.1)."""
    return tuple(
        _key(partial(EncryptionKey.from_certificate, certificate, methods), entity_id)
        for descriptor in _descriptors(role, "encryption")
        for methods in [{method.get("Algorithm", "") for method in descriptor.iterfind(MD + "EncryptionMethod")}]
        for certificate in _certificates(descriptor)
    )


def _descriptors(role: Element, use: Literal["signing", "encryption"]) -> Iterator[Element]:
    """Yield the KeyDescriptors for `use`; one without a use serves both (saml-metadata-2.0-os 2.4.1.1)."""
    return (found for found in role.iterfind(MD + "KeyDescriptor") if found.get("use", use) == use)


def _certificates(descriptor: Element) -> Iterator[str]:
    for certificate in descriptor.iterfind(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate"):
        yield text_of(certificate) or ""


def _key(read: Callable[[], KeyT], entity_id: str) -> KeyT:
    try:
        return read()
    except InputError as error:
        message = f"metadata of {entity_id}: {error}"
        raise InputError(message) from error


def _location(endpoint: Element, entity_id: str) -> str:
    """Return an endpoint's address, which a browser is sent to: never `javascript:` (CVE-2023-45683)."""
    url = endpoint.get("Location", "")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.netloc) or parts.fragment:
        expected = "http or https, a host name or IPv4 address, perhaps a port, no fragment"
        raise _unusable(entity_id, f"the address {url!r}", expected)
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
