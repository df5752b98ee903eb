# SPDX-License-Identifier: Apache-2.0
"""From the declaration to the files of the simulated services. Pure: the same input gives the same bytes.

Keys are not made and files not written here; only certificates go into what is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from certs.keys import KeyPair, service_entity
from federation.endpoints import Endpoints
from federation.home import HomeValues, single
from federation.model import Federation, SchoolType
from federation.people import PeopleRegistry
from federation.source import Source
from federation.values import uid
from sp_stub.config import KnownSchool, ServiceConfig
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
    schools = _schools(federation)
    administrators = _administrators(federation)
    has_portal = any(service.simulated == "portal" for service in federation.services.values())
    for key, service in sorted(federation.services.items()):
        if service.simulated is None:
            continue
        yield ServiceConfig(
            service=key,
            simulated=service.simulated,
            origin=endpoints.origins.of(service.simulated),
            proxy_origin=endpoints.origins.proxy,
            publisher_origin=endpoints.origins.publisher,
            portal_origin=endpoints.origins.portal if has_portal else None,
            receives=service.receives,
            sign=service.sign,
            publisher=federation.publisher,
            schools=schools,
            customers={key: provider.name for key, provider in federation.education_providers.items()},
            administrators=administrators,
        )


def _schools(federation: Federation) -> dict[str, KnownSchool]:
    """Return what the publisher knows of every school in the country."""
    return {
        school.code: KnownSchool(name=school.name, type=school.type, customer=key)
        for key, provider in federation.education_providers.items()
        for school in provider.schools
        if school.type is not SchoolType.OFFICE
    }


def _administrators(federation: Federation) -> dict[str, str]:
    """Return the education providers of the declared administrators, by the uids that they will sign in with."""
    customers: dict[str, str] = {}
    for reference in federation.publisher.administrators:
        key, _, user_name = reference.partition("/")
        provider = federation.education_providers[key]
        person = PeopleRegistry.of(provider).person(user_name)
        user_id = None if person is None else single(HomeValues.of(user_name, person).user_id)
        if user_id is not None:
            customers[uid(Source.of(key, provider).idp_id, user_id)] = key
    return customers
