# SPDX-License-Identifier: Apache-2.0
"""What the simulators' app runs with: the rendered files and the keys, read once at start into values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from certs.keys import Keys, home_secret
from federation.errors import InputError
from idp_simulators.configuration import SimulatorConfiguration
from idp_simulators.kinds import KINDS
from idp_simulators.provider import Equipment, HomeProvider, held
from idp_simulators.render import key_entities
from idp_simulators.saml.proxy_metadata import AcceptedProxy, read_proxy_metadata

CONFIGURATION: Final = "config.json"
PROXY_METADATA: Final = "metadata/proxy.xml"
SESSION_SECRET: Final = "idp-session"  # noqa: S105 - the name of a secret
RUN_TOKEN: Final = "run-token"  # noqa: S105 - the name of a secret


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
            session_secret=held(keys.secrets, SESSION_SECRET),
            run_token=held(keys.secrets, RUN_TOKEN),
        )


def needed_entities(configuration: SimulatorConfiguration) -> tuple[str, ...]:
    """Return the names of the key pairs that the app needs."""
    return tuple(entity for key, each in configuration.providers.items() for entity in key_entities(key, each.idp))


def needed_secrets(configuration: SimulatorConfiguration) -> tuple[str, ...]:
    """Return the names of the secrets that the app needs."""
    homes = (home_secret(key) for key, each in configuration.providers.items() if not each.idp.kind.is_saml)
    return (SESSION_SECRET, RUN_TOKEN, *homes)


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
    kind, flow = KINDS[municipality.idp.kind], configuration.flow(key)
    equipment = Equipment(key, flow, municipality.name, municipality.idp, endpoints, proxy, keys)
    return HomeProvider(
        key=key,
        flow=flow,
        municipality=municipality,
        people=municipality.registry(),
        endpoints=endpoints,
        kind=kind,
        dialogue=kind.dialogue(equipment),
    )


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    try:
        return files[path]
    except KeyError as error:
        message = f"{path}: there is no such file; run `testbed apply`"
        raise InputError(message) from error
