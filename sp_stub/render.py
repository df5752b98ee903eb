# SPDX-License-Identifier: Apache-2.0
"""From the declaration to the files of the simulated services. Pure: the same input gives the same bytes.

Keys are not made and files not written here; only certificates go into what is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from certs.keys import KeyPair, service_entity
from federation.endpoints import Endpoints
from federation.model import Federation
from sp_stub.config import ServiceConfig
from sp_stub.metadata import entity_descriptor


def metadata(federation: Federation, endpoints: Endpoints, certificates: Mapping[str, KeyPair]) -> dict[str, bytes]:
    """Return the EntityDescriptor of each simulated service, by its key in the declaration.

    `certificates` holds a pair for each `certs.keys.service_entity`.
    """
    return {
        config.service: entity_descriptor(config, certificates[service_entity(config.service)].certificate_base64)
        for config in _configs(federation, endpoints)
    }


def render(federation: Federation, endpoints: Endpoints, proxy_idp_metadata: bytes) -> dict[str, bytes]:
    """Return the files of the simulated services: paths relative to the state folder, and contents."""
    files: dict[str, bytes] = {}
    for config in _configs(federation, endpoints):
        files[f"{config.simulated}/config.json"] = config.to_json()
        files[f"{config.simulated}/metadata/proxy.xml"] = proxy_idp_metadata
    return files


def _configs(federation: Federation, endpoints: Endpoints) -> Iterator[ServiceConfig]:
    names = {
        school.code: school.name for provider in federation.education_providers.values() for school in provider.schools
    }
    business = {*federation.publisher.activated_schools, *(licence.school for licence in federation.publisher.licences)}
    for key, service in sorted(federation.services.items()):
        if service.simulated is None:
            continue
        yield ServiceConfig(
            service=key,
            simulated=service.simulated,
            origin=endpoints.origins.of(service.simulated),
            proxy_origin=endpoints.origins.proxy,
            publisher_origin=endpoints.origins.publisher,
            receives=service.receives,
            sign=service.sign,
            publisher=federation.publisher,
            school_names={code: names[code] for code in sorted(business & names.keys())},
        )
