# SPDX-License-Identifier: Apache-2.0
"""What the simulators' app runs with: the rendered files and the keys, read once at start into values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from pydantic import ValidationError

from certs.keys import KeyPair, Keys
from federation.endpoints import IdentityProviderEndpoints
from federation.errors import InputError
from federation.people import PeopleRegistry
from idp_simulators.configuration import Municipality, SimulatorConfiguration
from idp_simulators.kinds import KINDS
from idp_simulators.kinds.kind import Kind
from idp_simulators.proxy_metadata import AcceptedProxy, read_proxy_metadata
from idp_simulators.render import entity_descriptor, key_entities
from idp_simulators.signing import Signer

CONFIGURATION: Final = "config.json"
PROXY_METADATA: Final = "metadata/proxy.xml"
SESSION_SECRET: Final = "idp-session"  # noqa: S105 - the name of a secret
RUN_TOKEN: Final = "run-token"  # noqa: S105 - the name of a secret

NEEDED_SECRETS: Final = (SESSION_SECRET, RUN_TOKEN)

_Held = TypeVar("_Held")


@dataclass(frozen=True)
class HomeProvider:
    """One simulated identity provider, ready to answer."""

    key: str
    flow: str
    municipality: Municipality
    people: PeopleRegistry
    endpoints: IdentityProviderEndpoints
    kind: Kind
    proxy: AcceptedProxy
    """The proxy as this provider takes it."""
    signer: Signer
    metadata: bytes


@dataclass(frozen=True)
class Settings:
    """Everything the app is made from."""

    origin: str
    providers: Mapping[str, HomeProvider]
    proxy: AcceptedProxy
    session_secret: bytes = field(repr=False)
    run_token: bytes = field(repr=False)

    @classmethod
    def read(cls, files: Mapping[str, bytes], keys: Keys) -> Settings:
        """Return the settings of the files below the part's folder; raises `InputError` for what is missing or wrong.

        `keys` holds the key pair of every provider and the two secrets.
        """
        configuration = read_configuration(files)
        proxy = read_proxy_metadata(_file(files, PROXY_METADATA), PROXY_METADATA)
        return cls(
            origin=configuration.origin,
            providers={key: _provider(configuration, key, keys, proxy) for key in configuration.providers},
            proxy=proxy,
            session_secret=_held(keys.secrets, SESSION_SECRET),
            run_token=_held(keys.secrets, RUN_TOKEN),
        )


def needed_entities(configuration: SimulatorConfiguration) -> tuple[str, ...]:
    """Return the names of the key pairs that the app needs."""
    return tuple(entity for key, each in configuration.providers.items() for entity in key_entities(key, each.idp))


def read_configuration(files: Mapping[str, bytes]) -> SimulatorConfiguration:
    """Return the app's configuration alone, which says whose keys are needed; raises `InputError`."""
    try:
        return SimulatorConfiguration.model_validate_json(_file(files, CONFIGURATION))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        message = f"{CONFIGURATION}: {place}: {first['msg']}; run `testbed apply` to write it again"
        raise InputError(message) from error


def _provider(configuration: SimulatorConfiguration, key: str, keys: Keys, proxy: AcceptedProxy) -> HomeProvider:
    municipality, endpoints = configuration.providers[key], configuration.endpoints(key)
    pairs: list[KeyPair] = [_held(keys.pairs, entity) for entity in key_entities(key, municipality.idp)]
    kind, flow = KINDS[municipality.idp.kind], configuration.flow(key)
    return HomeProvider(
        key=key,
        flow=flow,
        municipality=municipality,
        people=municipality.registry(),
        endpoints=endpoints,
        kind=kind,
        proxy=kind.taken(proxy, flow),
        signer=Signer.of(pairs[-1]),
        metadata=entity_descriptor(municipality.name, endpoints, [pair.certificate_base64 for pair in pairs]),
    )


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    try:
        return files[path]
    except KeyError as error:
        message = f"{path}: there is no such file; run `testbed apply`"
        raise InputError(message) from error


def _held(held: Mapping[str, _Held], name: str) -> _Held:
    try:
        return held[name]
    except KeyError as error:
        message = f"{name}: the key or secret is missing; run `testbed apply`"
        raise InputError(message) from error
