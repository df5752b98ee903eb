# SPDX-License-Identifier: Apache-2.0
"""Where every party answers: all addresses and entity IDs of the testbed, derived in this one place.

Nothing else builds a URL of a party. The proxy's paths have MPASSid's own shape, so a client written for MPASSid
works by changing the host (facts-mpassid 1 and 5); the other parties' paths are the testbed's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

PartName: TypeAlias = Literal["proxy", "idp", "publisher", "portal"]

HTTP_PORT: Final = 80
HTTPS_PORT: Final = 443

PARTS: Final[tuple[PartName, ...]] = ("proxy", "idp", "publisher", "portal")

BASE_DOMAIN: Final = "localhost"
"""What the TLS host names are below: to a browser each name directly below it is a site of its own, so that SameSite
faults show. Below another domain they are one site."""

HOST_LABELS: Final[dict[PartName, str]] = {
    "proxy": "mpass",
    "idp": "idp",
    "publisher": "publisher",
    "portal": "portal",
}
"""The first label of each TLS host name."""

WILMA_DATA_PATH: Final = "/external/mpass"
OPINSYS_USERS_PATH: Final = "/v3/users/"
"""What the proxy asks of a data service, below an education provider's base URL; no browser does."""


@dataclass(frozen=True)
class Origins:
    """The base URL of each part on one stack: scheme, host and port, no trailing slash."""

    proxy: str
    idp: str
    publisher: str
    portal: str

    @classmethod
    def local(cls, port_base: int = 8000) -> Origins:
        """Return `http://localhost:PORT` for every part, from `port_base` upwards in the order of `PARTS`."""
        return cls(**{part: f"http://localhost:{port_base + offset}" for offset, part in enumerate(PARTS)})

    @classmethod
    def local_tls(cls, port_base: int = 8443) -> Origins:
        """Return the https names with a port for each part, from `port_base` upwards in the order of `PARTS`."""
        return cls(
            **{
                part: f"https://{HOST_LABELS[part]}.{BASE_DOMAIN}:{port_base + offset}"
                for offset, part in enumerate(PARTS)
            }
        )

    @classmethod
    def tls(cls, port: int = HTTPS_PORT, base_domain: str = BASE_DOMAIN) -> Origins:
        """Return the https names of the in-process stack (the port of https) or of a balancer on `port`."""
        suffix = "" if port == HTTPS_PORT else f":{port}"
        return cls(**{part: f"https://{HOST_LABELS[part]}.{base_domain}{suffix}" for part in PARTS})

    def of(self, part: PartName) -> str:
        """Return the origin of one part."""
        origin: str = getattr(self, part)
        return origin

    def host_name(self, part: PartName) -> str:
        """Return the host name of one part."""
        return urlsplit(self.of(part)).hostname or ""

    def port(self, part: PartName) -> int:
        """Return the port of one part."""
        parts = urlsplit(self.of(part))
        return parts.port or (HTTPS_PORT if parts.scheme == "https" else HTTP_PORT)

    def is_secure(self) -> bool:
        """Tell whether every part is on https."""
        return all(urlsplit(self.of(part)).scheme == "https" for part in PARTS)


@dataclass(frozen=True)
class ProxyEndpoints:
    """The proxy's addresses: its IdP face towards services, its SP face towards IdPs, its own pages."""

    origin: str

    @property
    def idp_entity_id(self) -> str:
        """The entity ID services know, and the URL its metadata is served from."""
        return f"{self.origin}/idp/shibboleth"

    @property
    def sso_redirect_url(self) -> str:
        """Where services send an AuthnRequest by HTTP-Redirect."""
        return f"{self.origin}/idp/profile/SAML2/Redirect/SSO"

    @property
    def sso_post_url(self) -> str:
        """Where services send an AuthnRequest by HTTP-POST."""
        return f"{self.origin}/idp/profile/SAML2/POST/SSO"

    @property
    def sp_entity_id(self) -> str:
        """The entity ID identity providers know."""
        return f"{self.origin}/shibboleth"

    @property
    def sp_metadata_url(self) -> str:
        """Where the SP face's metadata is served."""
        return f"{self.origin}/Shibboleth.sso/Metadata"

    @property
    def acs_url(self) -> str:
        """The ACS for any source."""
        return f"{self.origin}/Shibboleth.sso/SAML2/POST"

    def flow_acs_url(self, flow: str) -> str:
        """Return the ACS of one source, by its flow name."""
        return f"{self.origin}/{flow}/Shibboleth.sso/SAML2/POST"

    def picker_url(self, login_id: str) -> str:
        """Return the school picker's address for one login in progress."""
        return f"{self.origin}/login/{login_id}/school"

    def wilma_return_url(self, login_id: str) -> str:
        """Return where Wilma sends the person of one login in progress back to; the nonce follows as its query."""
        return f"{self.origin}/login/{login_id}/wilma"

    def opinsys_return_url(self, login_id: str) -> str:
        """Return where Opinsys posts its token for one login in progress."""
        return f"{self.origin}/login/{login_id}/opinsys"


@dataclass(frozen=True)
class IdentityProviderEndpoints:
    """One simulated municipality's addresses, below the IdP simulators' origin."""

    origin: str
    provider: str
    kind: str = "saml"

    @property
    def entity_id(self) -> str:
        """The entity ID, in the shape of its kind; a plain one's is the URL its metadata is served from."""
        match self.kind:
            case "entra":
                return f"{self.origin}/{tenant_id(self.provider)}/"
            case "adfs":
                return f"{self.origin}/{self.provider}/adfs/services/trust"
            case "google":
                return f"{self.origin}/{self.provider}/o/saml2?idpid=C{tenant_id(self.provider)[:8]}"
            case "wilma" | "opinsys":
                return self.base_url
            case _:
                return self.metadata_url

    @property
    def base_url(self) -> str:
        """What all its addresses begin with; the entity ID of those that speak no SAML."""
        return f"{self.origin}/{self.provider}"

    @property
    def metadata_url(self) -> str:
        """Where the metadata is served."""
        return f"{self.origin}/{self.provider}/metadata"

    @property
    def sso_url(self) -> str:
        """Where an AuthnRequest is sent, by HTTP-Redirect or HTTP-POST."""
        return f"{self.origin}/{self.provider}/sso"

    @property
    def wilma(self) -> WilmaEndpoints:
        """The addresses of a Wilma."""
        return WilmaEndpoints(self.base_url)

    @property
    def opinsys(self) -> OpinsysEndpoints:
        """The addresses of an Opinsys."""
        return OpinsysEndpoints(self.base_url, opinsys_client_id(self.provider))


@dataclass(frozen=True)
class WilmaEndpoints:
    """One Wilma's addresses (home-protocols 2)."""

    base_url: str

    @property
    def login_url(self) -> str:
        """Where the proxy sends a person to sign in."""
        return f"{self.base_url}/mpass/login"

    @property
    def data_url(self) -> str:
        """Where the proxy asks for what the registry holds of a person."""
        return f"{self.base_url}{WILMA_DATA_PATH}"


@dataclass(frozen=True)
class OpinsysEndpoints:
    """One Opinsys's addresses, and by what name the proxy asks its data service (home-protocols 3)."""

    base_url: str
    client_id: str

    @property
    def sso_url(self) -> str:
        """Where the proxy sends a person to sign in."""
        return f"{self.base_url}/v3/sso"

    def user_url(self, subject: str) -> str:
        """Return where the proxy asks for what the registry holds of the person called `subject` in the token."""
        return f"{self.base_url}{OPINSYS_USERS_PATH}{quote(subject, safe='')}"


@dataclass(frozen=True)
class ServiceEndpoints:
    """A simulated service's addresses."""

    origin: str

    @property
    def entity_id(self) -> str:
        """The entity ID, and the URL its metadata is served from."""
        return f"{self.origin}/metadata"

    @property
    def acs_url(self) -> str:
        """Where the proxy posts its responses."""
        return f"{self.origin}/acs"

    @property
    def login_page_url(self) -> str:
        """The service's own login page."""
        return f"{self.origin}/kirjaudu"

    @property
    def mpassid_login_url(self) -> str:
        """Where a login with MPASSid starts; takes `target` (a path of this service) and `lang`."""
        return f"{self.origin}/kirjaudu/mpassid"

    @property
    def session_url(self) -> str:
        """What the service received, as JSON, for whoever holds the run's token."""
        return f"{self.origin}/session.json"


@dataclass(frozen=True)
class Endpoints:
    """All addresses of one stack."""

    origins: Origins

    @property
    def proxy(self) -> ProxyEndpoints:
        """The proxy's addresses."""
        return ProxyEndpoints(self.origins.proxy)

    def identity_provider(self, provider: str, kind: str = "saml") -> IdentityProviderEndpoints:
        """Return the addresses of the simulated IdP of one education provider, by its key and kind."""
        return IdentityProviderEndpoints(self.origins.idp, provider, kind)

    def service(self, simulated: Literal["publisher", "portal"]) -> ServiceEndpoints:
        """Return the addresses of a simulated service."""
        return ServiceEndpoints(self.origins.of(simulated))


def tenant_id(provider: str) -> str:
    """Return the GUID that Entra ID would know an education provider by: the same on every stack."""
    return str(uuid5(NAMESPACE_URL, f"tenant:{provider}"))


def opinsys_client_id(provider: str) -> str:
    """Return by what name the proxy asks the data service of an Opinsys: directory-style (facts-mpassid 7)."""
    return f"uid=mpass,ou=System Accounts,dc=edu,dc={provider},dc=fi"


def flow_name(kind: str, provider: str) -> str:
    """Return the flow name of a source: its kind's prefix and the provider's key, capitalised by segment.

    A plain SAML integration is called `Shib…`, as the older ones of MPASSid are (facts-mpassid 7 and 9).
    """
    prefix = {"saml": "Shib"}.get(kind, kind.capitalize())
    return prefix + "".join(segment.capitalize() for segment in provider.split("-"))


def idp_id(kind: str, provider: str) -> str:
    """Return the id a source has in the registry: its kind and the provider's key (facts-mpassid 9).

    It goes into every uid (facts-mpassid 1), so it depends on nothing but the declaration: a person has the same uid
    on every stack.
    """
    return f"{kind}_{provider}"
