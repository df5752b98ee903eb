# SPDX-License-Identifier: Apache-2.0
"""All that one service needs to run: its configuration, the login service's metadata, its own keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from certs.keys import KeyPair, Keys, service_entity
from federation.errors import InputError
from sp_stub.config import ServiceConfig
from sp_stub.metadata import entity_descriptor
from sp_stub.proxy_metadata import LoginService, read_login_service

CONFIG_FILE: Final = "config.json"
PROXY_METADATA_FILE: Final = "metadata/proxy.xml"
RUN_TOKEN: Final = "run-token"  # noqa: S105  # the secret's name


@dataclass(frozen=True)
class Settings:
    """One service's settings; everything is read and checked before the app is made."""

    config: ServiceConfig
    login_service: LoginService
    key_pair: KeyPair
    run_token: bytes = field(repr=False)
    session_secret: bytes = field(repr=False)

    @property
    def service(self) -> str:
        """The service's key in the declaration."""
        return self.config.service

    @property
    def simulated(self) -> Literal["publisher", "portal"]:
        """Which of the two services this is."""
        return self.config.simulated

    @property
    def metadata(self) -> bytes:
        """The service's own metadata, the bytes the proxy was given."""
        return entity_descriptor(self.config, self.key_pair.certificate_base64)

    @classmethod
    def read(cls, files: Mapping[str, bytes], keys: Keys) -> Settings:
        """Return the settings in a part's files and keys; raises `InputError` for what is missing or broken."""
        config = ServiceConfig.from_json(_file(files, CONFIG_FILE))
        try:
            return cls(
                config=config,
                login_service=read_login_service(_file(files, PROXY_METADATA_FILE)),
                key_pair=keys.pairs[service_entity(config.service)],
                run_token=keys.secrets[RUN_TOKEN],
                session_secret=keys.secrets[session_secret_name(config.simulated)],
            )
        except KeyError as error:
            message = f"{config.service}: no key or secret {error}; run `testbed apply`"
            raise InputError(message) from error


def session_secret_name(simulated: str) -> str:
    """Return the name of the secret that a service's sessions and forms hang on."""
    return f"{simulated}-session"


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    if path not in files:
        message = f"{path}: missing; run `testbed apply`"
        raise InputError(message)
    return files[path]
