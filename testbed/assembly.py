# SPDX-License-Identifier: Apache-2.0
"""What the parts are composed of: the declaration, the origins and the certificates in, every rendered file out.

Pure, so that a plan is a comparison and a test needs no disk. Which part may hold which key stands here too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import idp_simulators.render
import proxy.own_metadata
import proxy.render
import sp_stub.render
from certs.keys import PROXY_IDP, PROXY_SP, KeyPair, Keys, home_secret, idp_entity, service_entity
from federation.endpoints import Endpoints, Origins, PartName, flow_name
from federation.model import Federation, IdpKind
from testbed.own_parts import NO_DOCUMENTS, OwnDocuments

RUN_TOKEN: Final = "run-token"  # noqa: S105 -- the name of the secret's file

_PARTS_OWN: Final = (RUN_TOKEN, "proxy-state", "idp-session", "publisher-session", "portal-session")


def entities(federation: Federation) -> tuple[str, ...]:
    """Return the name of every key pair this federation needs; a part that is somebody's own keeps its keys itself."""
    return (
        PROXY_IDP,
        PROXY_SP,
        *_simulated_idp_entities(federation),
        *(service_entity(key) for key, service in federation.services.items() if not service.is_own),
    )


def secret_names(federation: Federation) -> tuple[str, ...]:
    """Return the name of every secret this federation needs."""
    return (*_PARTS_OWN, *_home_secrets(federation))


def rendered_files(
    federation: Federation,
    origins: Origins,
    certificates: Mapping[str, KeyPair],
    own: OwnDocuments = NO_DOCUMENTS,
    published: Sequence[KeyPair] = (),
) -> dict[str, bytes]:
    """Return every file of every part by its path below the state folder; same input, same bytes.

    `certificates` holds every one of `entities(federation)`; no private key goes into a file. `own` holds the metadata
    of the parts that are somebody's own: one that is not in it is not trusted. `published` stand in the proxy's
    metadata towards services beside the one that signs, while that is rotated.
    """
    endpoints = Endpoints(origins)
    flows = [
        flow_name(provider.idp.kind, key)
        for key, provider in federation.education_providers.items()
        if provider.idp.kind.is_saml
    ]
    faces = proxy.own_metadata.metadata(endpoints.proxy, certificates, flows, published)
    sources = {**idp_simulators.render.metadata(federation, endpoints, certificates), **own.sources}
    source_certificates = {
        key: certificates[idp_entity(key)].certificate_pem
        for key, provider in federation.education_providers.items()
        if provider.idp.kind is IdpKind.OPINSYS
    }
    services = {**sp_stub.render.metadata(federation, endpoints, certificates), **own.services}
    return {
        **proxy.render.render(federation, endpoints, faces, services, sources, source_certificates),
        **idp_simulators.render.render(federation, endpoints, faces.sp_face),
        **sp_stub.render.render(federation, endpoints, faces.idp_face),
        **own.copies,
    }


def part_files(files: Mapping[str, bytes], part: PartName) -> dict[str, bytes]:
    """Return one part's files by their path below the part's own folder."""
    folder = f"{part}/"
    return {path.removeprefix(folder): content for path, content in files.items() if path.startswith(folder)}


def part_keys(federation: Federation, keys: Keys, part: PartName) -> Keys:
    """Return the keys and secrets that one part may hold, and no others."""
    match part:
        case "proxy":
            return keys.only([PROXY_IDP, PROXY_SP], ["proxy-state", *_home_secrets(federation)])
        case "idp":
            return keys.only(
                _simulated_idp_entities(federation), ["idp-session", RUN_TOKEN, *_home_secrets(federation)]
            )
        case _:
            holders = [service_entity(key) for key, service in federation.services.items() if service.simulated == part]
            return keys.only(holders, [f"{part}-session", RUN_TOKEN])


def _home_secrets(federation: Federation) -> tuple[str, ...]:
    """Return the secrets that the proxy and the simulators share, and no other part holds."""
    return tuple(
        home_secret(key) for key, provider in federation.education_providers.items() if not provider.idp.kind.is_saml
    )


def _simulated_idp_entities(federation: Federation) -> tuple[str, ...]:
    return tuple(
        entity
        for key, provider in federation.education_providers.items()
        if not provider.idp.is_own
        for entity in idp_simulators.render.key_entities(key, provider.idp)
    )
