# SPDX-License-Identifier: Apache-2.0
"""The proxy's rendered folder: configuration, its own metadata, and the metadata of everyone it trusts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from federation.endpoints import Endpoints
from federation.model import Federation
from proxy.configuration import configuration
from proxy.own_metadata import OwnMetadata

CONFIGURATION: Final = "config.json"
OWN_IDP_FACE: Final = "metadata/own-idp.xml"
OWN_SP_FACE: Final = "metadata/own-sp.xml"
SERVICES: Final = "metadata/services/"
SOURCES: Final = "metadata/sources/"
CERTIFICATES: Final = "certificates/"


def render(
    federation: Federation,
    endpoints: Endpoints,
    own: OwnMetadata,
    service_metadata: Mapping[str, bytes],
    source_metadata: Mapping[str, bytes],
    source_certificates: Mapping[str, bytes],
) -> dict[str, bytes]:
    """Return every file of the proxy by its path below the state folder; same input, same bytes.

    `service_metadata` is by service, `source_metadata` by education provider; a party that is in neither is declared
    but not trusted. `source_certificates` are those of the Opinsys', by education provider, in PEM.
    """
    files = {
        CONFIGURATION: configuration(federation, endpoints, service_metadata, source_metadata).to_bytes(),
        OWN_IDP_FACE: own.idp_face,
        OWN_SP_FACE: own.sp_face,
        **{f"{SERVICES}{service}.xml": document for service, document in service_metadata.items()},
        **{f"{SOURCES}{provider}.xml": document for provider, document in source_metadata.items()},
        **{f"{CERTIFICATES}{provider}.pem": certificate for provider, certificate in source_certificates.items()},
    }
    return {f"proxy/{path}": content for path, content in sorted(files.items())}
