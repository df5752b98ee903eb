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

from certs.keys import PROXY_IDP, PROXY_SP, Keys
from federation.endpoints import ProxyEndpoints
from federation.errors import InputError
from federation.organisations import OrganisationRegistry
from proxy.configuration import ProxyConfiguration, ServiceConfiguration, SourceConfiguration
from proxy.render import CONFIGURATION, OWN_IDP_FACE, OWN_SP_FACE, SERVICES, SOURCES
from proxy.saml.keys import DecryptionKey, SigningKey
from proxy.saml.metadata import IdentityProvider, ServiceProvider, read_identity_provider, read_service_provider

STATE_SECRET: Final = "proxy-state"  # noqa: S105  # the name of a secret, not one


@dataclass(frozen=True)
class TrustedSource:
    """An education provider and the metadata of its identity provider."""

    configuration: SourceConfiguration
    identity_provider: IdentityProvider


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
        try:
            configuration = ProxyConfiguration.model_validate_json(_file(files, CONFIGURATION))
        except ValidationError as error:
            message = (
                f"proxy/{CONFIGURATION}: not what `testbed apply` writes ({error.error_count()} faults); run it again"
            )
            raise InputError(message) from error
        services = [
            TrustedService(service, read_service_provider(_file(files, f"{SERVICES}{service.service}.xml")))
            for service in configuration.services
        ]
        sources = [
            TrustedSource(source, read_identity_provider(_file(files, f"{SOURCES}{source.source.provider}.xml")))
            for source in configuration.sources
        ]
        return cls(
            configuration=configuration,
            endpoints=ProxyEndpoints(configuration.origin),
            registry=OrganisationRegistry(configuration.organisations),
            sources={trusted.configuration.source.flow: trusted for trusted in sources},
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
        *(url for trusted in sources for url in trusted.identity_provider.sso_urls.values()),
    )
    return tuple(sorted({*configuration.redirect_origins, *(origin_of(url).lower() for url in urls)}))


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    if path not in files:
        message = f"proxy/{path}: not there; run `testbed apply`"
        raise InputError(message)
    return files[path]
