# SPDX-License-Identifier: Apache-2.0
"""Which metadata of somebody's own part is trusted, and what is said of the rest. Pure: documents and time come in.

A document is taken when the proxy can read it in its role, its `validUntil` is not past, its signature verifies where
the declaration names a certificate, and its entity ID is no other party's. Otherwise:

- the last good copy, judged by the same rules, stays in use, and the reason is said; or
- without one, this part alone is left out: it is not trusted, and the reason is said.

Both are faults, after which a command ends with 1 although everything else is done as declared. Only an address that
does not answer, while its copy is still good, is none: one can work without a network.

What a service receives is `receives` alone, as MPASSid releases by the registry's card and not by metadata
(facts-mpassid 9): a RequestedAttribute neither widens nor narrows it. Where metadata asks for what `receives` does not
hold, by Name whatever its FriendlyName, a notice says so.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from federation.attributes import BY_NAME, BY_SAML_NAME
from federation.endpoints import Endpoints, Origins
from federation.errors import InputError
from federation.model import Federation, Service
from federation.own_parts import OwnPart, Role
from proxy.saml.keys import VerificationKey
from proxy.saml.metadata import IdentityProvider, ServiceProvider, read_identity_provider, read_service_provider
from testbed.own_parts import Found, Notice, OwnDocuments, copy_path

Party: TypeAlias = ServiceProvider | IdentityProvider


def judge(federation: Federation, origins: Origins, found: Mapping[OwnPart, Found], now: datetime) -> OwnDocuments:
    """Return the documents that are trusted, the copies to keep, and a notice for everything a person should know."""
    judging = _Judging(now, _simulated_entity_ids(federation, Endpoints(origins)))
    documents: dict[Role, dict[str, bytes]] = {Role.SERVICE: {}, Role.IDENTITY_PROVIDER: {}}
    copies: dict[str, bytes] = {}
    notices: list[Notice] = []
    for part, there in found.items():
        document, party, said = judging.choose(part, there)
        notices += said
        if document is not None and party is not None:
            documents[part.role][part.key] = document
            notices += _notices(part, party, federation, origins)
        # a copy that cannot be used now may be good again, for example when another party's entity ID has changed
        kept = document if document is not None else there.copy
        if kept is not None:
            copies[copy_path(part)] = kept
    return OwnDocuments(documents[Role.SERVICE], documents[Role.IDENTITY_PROVIDER], copies, tuple(notices))


@dataclass
class _Judging:
    """Takes one part after another; `_holders` says whose each entity ID is."""

    now: datetime
    _holders: dict[str, str] = field(default_factory=dict)

    def choose(self, part: OwnPart, found: Found) -> tuple[bytes | None, Party | None, list[Notice]]:
        """Return the document to use, what it describes, and what is to be said of the choice."""
        try:
            if found.certificate_problem is not None:
                raise InputError(found.certificate_problem)  # noqa: TRY301 - the same answer as to a bad document
            key = _verification_key(part, found.certificate)
        except InputError as error:
            return None, None, [Notice(part, f"{error}. {_LEFT_OUT}", is_fault=True)]
        problem = found.problem
        if found.document is not None:
            try:
                return found.document, self._taken(part, found.document, key), []
            except InputError as error:
                problem = str(error)
        if found.copy is None:
            return None, None, [Notice(part, f"{problem}. {_LEFT_OUT}", is_fault=True)]
        try:
            party = self._taken(part, found.copy, key)
        except InputError as error:
            text = f"{problem}. The last good copy is of no use any more: {error}. {_LEFT_OUT}"
            return None, None, [Notice(part, text, is_fault=True)]
        return found.copy, party, [Notice(part, f"{problem}. {_COPY_IN_USE}", is_fault=not found.is_unanswered)]

    def _taken(self, part: OwnPart, document: bytes, key: VerificationKey | None) -> Party:
        """Return what `document` describes, its entity ID noted as this part's; raises `InputError` for a bad one."""
        read = read_service_provider if part.role is Role.SERVICE else read_identity_provider
        party: Party = read(document, key)
        if party.valid_until is not None and party.valid_until <= self.now:
            message = (
                f"metadata of {party.entity_id}: expired: found validUntil {party.valid_until:%Y-%m-%dT%H:%M:%SZ}, "
                f"expected a time after {self.now:%Y-%m-%dT%H:%M:%SZ}; get the document again"
            )
            raise InputError(message)
        holder = self._holders.setdefault(party.entity_id, part.place)
        if holder != part.place:
            message = (
                f"metadata of {party.entity_id}: found the entity ID of {holder}, expected one that no other party has; "
                "give each party its own"
            )
            raise InputError(message)
        return party


_LEFT_OUT = "It is left out until this is put right; everything else is as declared"
_COPY_IN_USE = "The last good copy stays in use"


def _simulated_entity_ids(federation: Federation, endpoints: Endpoints) -> dict[str, str]:
    holders = {endpoints.proxy.idp_entity_id: "the proxy", endpoints.proxy.sp_entity_id: "the proxy"}
    for key, service in federation.services.items():
        if service.simulated is not None:
            holders[endpoints.service(service.simulated).entity_id] = f"services.{key}"
    for key, provider in federation.education_providers.items():
        if not provider.idp.is_own:
            holders[endpoints.identity_provider(key, provider.idp.kind).entity_id] = f"education_providers.{key}.idp"
    return holders


def _verification_key(part: OwnPart, certificate_pem: bytes | None) -> VerificationKey | None:
    if certificate_pem is None:
        return None
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
    except ValueError as error:
        message = f"metadata_certificate {part.certificate}: found something else, expected a certificate in PEM"
        raise InputError(message) from error
    return VerificationKey.from_certificate(base64.b64encode(certificate.public_bytes(Encoding.DER)).decode("ascii"))


def _notices(part: OwnPart, party: Party, federation: Federation, origins: Origins) -> Iterator[Notice]:
    """Give what is no fault, but may surprise."""
    if isinstance(party, ServiceProvider):
        yield from (Notice(part, text) for text in _unreceived(party, federation.services[part.key]))
        addresses = [endpoint.url for endpoint in party.acs_endpoints]
    else:
        addresses = list(party.sso_urls.values())
    schemes = {urlsplit(address).scheme for address in addresses}
    if not origins.is_secure() and "https" in schemes:
        yield Notice(
            part,
            "is on https while the testbed is on http: a browser may not send cookies back and forth, "
            "and a login then ends in a page about a lost session; run the testbed with --tls",
        )
    if origins.is_secure() and "http" in schemes:
        yield Notice(
            part,
            "is on http while the testbed is on https: a browser drops cookies on the way back, at once or after two "
            "minutes, and a login then ends in a page about a lost session; run the testbed without --tls",
        )


def _unreceived(party: ServiceProvider, service: Service) -> Iterator[str]:
    """Say which attributes the metadata asks for in vain."""
    received = {BY_NAME[name].saml_name for name in service.receives}
    for requested in party.requested_attributes:
        if requested.name in received:
            continue
        what = "requires" if requested.is_required else "asks for"
        known = BY_SAML_NAME.get(requested.name)
        why = f"`receives` does not hold {known.name}" if known else "MPASSid has no such attribute"
        yield f"its metadata {what} {requested.name}, which it does not receive: {why}"
