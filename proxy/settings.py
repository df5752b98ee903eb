# SPDX-License-Identifier: Apache-2.0
"""What the proxy works with once it has started: its rendered folder and its keys, read and checked once.

A broken file stops the proxy with an error that names it: a proxy that trusts half a federation is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from certs.keys import PROXY_IDP, PROXY_SP, Keys, home_secret
from federation.endpoints import OpinsysEndpoints, ProxyEndpoints, WilmaEndpoints, opinsys_client_id
from federation.errors import InputError
from federation.model import IdpKind
from federation.organisations import OrganisationRegistry
from proxy.asking.parties import Opinsys, Party, Wilma, read_certificate, sign_in_urls
from proxy.configuration import ProxyConfiguration, ServiceConfiguration, SourceConfiguration
from proxy.render import CERTIFICATES, CONFIGURATION, OWN_IDP_FACE, OWN_SP_FACE, SERVICES, SOURCES
from proxy.saml.keys import DecryptionKey, SigningKey
from proxy.saml.metadata import ServiceProvider, read_identity_provider, read_service_provider

STATE_SECRET: Final = "proxy-state"  # noqa: S105  # the name of a secret, not one


@dataclass(frozen=True)
class TrustedSource:
    """An education provider and whoever signs its people in."""

    configuration: SourceConfiguration
    party: Party


@dataclass(frozen=True)
class TrustedService:
    """A service and its metadata."""

    configuration: ServiceConfiguration
    service_provider: ServiceProvider


@dataclass(frozen=True)
class Settings:
    """Everything the proxy reads at start; nothing of it is read again during a login."""

    configuration: ProxyConfiguration
    endpoints: ProxyEndpoints
    registry: OrganisationRegistry
    sources: Mapping[str, TrustedSource]
    """By flow name, in the order of the declaration."""
    data_flows: frozenset[str]
    """Of those, the ones that have a data service."""
    services: Mapping[str, TrustedService]
    """By entity ID."""
    service_providers: Mapping[str, ServiceProvider]
    """The services' metadata by entity ID."""
    return_origins: frozenset[str]
    """Where a person may be sent back to after logging out: the origins of the services' own ACS addresses."""
    form_targets: tuple[str, ...]
    """Every origin that one of the proxy's forms leads to: where services take responses, where sources sign in, and
    what the declaration says that they redirect to (Chromium holds a form to them through redirects, design 7)."""
    idp_face_metadata: bytes
    sp_face_metadata: bytes
    idp_key: SigningKey = field(repr=False)
    sp_key: SigningKey = field(repr=False)
    decryption_key: DecryptionKey = field(repr=False)
    state_key: bytes = field(repr=False)

    @classmethod
    def read(cls, files: Mapping[str, bytes], keys: Keys) -> Settings:
        """Return the settings from the rendered files (by path below `proxy/`); raises `InputError` naming the file."""
        configuration = read_configuration(files)
        services = [
            TrustedService(service, read_service_provider(_file(files, f"{SERVICES}{service.service}.xml")))
            for service in configuration.services
        ]
        sources = [TrustedSource(source, _party(source, files, keys)) for source in configuration.sources]
        return cls(
            configuration=configuration,
            endpoints=ProxyEndpoints(configuration.origin),
            registry=OrganisationRegistry(configuration.organisations),
            sources={trusted.configuration.source.flow: trusted for trusted in sources},
            data_flows=frozenset(each.source.flow for each in configuration.sources if not each.kind.is_saml),
            services={trusted.service_provider.entity_id: trusted for trusted in services},
            service_providers={trusted.service_provider.entity_id: trusted.service_provider for trusted in services},
            return_origins=frozenset(
                origin_of(acs.url) for trusted in services for acs in trusted.service_provider.acs_endpoints
            ),
            form_targets=_form_targets(configuration, services, sources),
            idp_face_metadata=_file(files, OWN_IDP_FACE),
            sp_face_metadata=_file(files, OWN_SP_FACE),
            idp_key=SigningKey.from_pair(keys.pairs[PROXY_IDP]),
            sp_key=SigningKey.from_pair(keys.pairs[PROXY_SP]),
            decryption_key=DecryptionKey.from_pair(keys.pairs[PROXY_SP]),
            state_key=keys.secrets[STATE_SECRET],
        )


def read_configuration(files: Mapping[str, bytes]) -> ProxyConfiguration:
    """Return the proxy's configuration alone, which says whose secrets are needed; raises `InputError`."""
    try:
        return ProxyConfiguration.model_validate_json(_file(files, CONFIGURATION))
    except ValidationError as error:
        message = f"proxy/{CONFIGURATION}: not what `testbed apply` writes ({error.error_count()} faults); run it again"
        raise InputError(message) from error


def needed_secrets(configuration: ProxyConfiguration) -> tuple[str, ...]:
    """Return the names of the secrets that the proxy needs."""
    shared = (home_secret(each.source.provider) for each in configuration.sources if not each.kind.is_saml)
    return (STATE_SECRET, *shared)


def _party(source: SourceConfiguration, files: Mapping[str, bytes], keys: Keys) -> Party:
    """Return whoever answers for a source, with what proves it."""
    provider, base_url = source.source.provider, source.base_url or ""
    match source.kind:
        case IdpKind.WILMA:
            return Wilma(WilmaEndpoints(base_url), keys.secrets[home_secret(provider)])
        case IdpKind.OPINSYS:
            path = f"{CERTIFICATES}{provider}.pem"
            return Opinsys(
                OpinsysEndpoints(base_url, opinsys_client_id(provider)),
                read_certificate(_file(files, path), f"proxy/{path}"),
                keys.secrets[home_secret(provider)],
            )
        case _:
            return read_identity_provider(_file(files, f"{SOURCES}{provider}.xml"))


def origin_of(url: str) -> str:
    """Return scheme, host and port of `url`, empty where it is not an absolute one of the web."""
    if not url.isascii() or not url.isprintable():  # what urlsplit would silently drop, and a header cannot hold
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and parts.netloc and "@" not in parts.netloc and "\\" not in url
    return f"{parts.scheme}://{parts.netloc}" if is_web else ""


def _form_targets(
    configuration: ProxyConfiguration, services: Iterable[TrustedService], sources: Iterable[TrustedSource]
) -> tuple[str, ...]:
    """Return the origins as a Content-Security-Policy writes them, each once."""
    urls = (
        *(acs.url for trusted in services for acs in trusted.service_provider.acs_endpoints),
        *(url for trusted in sources for url in sign_in_urls(trusted.party)),
    )
    return tuple(sorted({*configuration.redirect_origins, *(origin_of(url).lower() for url in urls)}))


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    if path not in files:
        message = f"proxy/{path}: not there; run `testbed apply`"
        raise InputError(message)
    return files[path]
