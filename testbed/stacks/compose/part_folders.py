# SPDX-License-Identifier: Apache-2.0
"""What each container is given: its own configuration, keys and passwords, and nothing of the others. Pure.

A part's folder has the shape of a state folder, so that the part reads it as it does on the local stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from certs.folder import PRIVATE, PUBLIC
from certs.keys import Keys
from federation.endpoints import PARTS, Origins, PartName
from federation.model import Federation
from testbed.assembly import RUN_TOKEN, part_files, part_keys
from testbed.stacks.compose.balancer import CERTIFICATES, CONFIGURATION, NOTHING, OWN_SP, Beyond, balancer_configuration
from testbed.stacks.compose.database import (
    PARTS_WITH_DATABASE,
    init_script,
    password_file,
    password_secret,
)

PASSWORD_FILE: Final = "secrets/pgpass"  # noqa: S105 -- where it lies
CA_CERTIFICATE: Final = "tls/ca.crt"
LOAD: Final = "load"


@dataclass(frozen=True)
class GivenFile:
    """One file of a container's folder."""

    content: bytes
    mode: int = PRIVATE
    is_secret: bool = True
    """Whether it holds a key, a password or what proves one."""


@dataclass(frozen=True)
class Rendered:
    """All there is after an apply: rendered files, keys and secrets (database passwords among them), TLS."""

    federation: Federation
    origins: Origins
    files: Mapping[str, bytes]
    keys: Keys
    ca_certificate: bytes
    tls_chains: Mapping[str, bytes]
    """By host name: key, certificate, the CA's."""
    beyond: Beyond = NOTHING


def folders(rendered: Rendered) -> dict[str, dict[str, GivenFile]]:
    """Return the files of each container's folder by path, by the container's name."""
    return {
        **{part: dict(_part(rendered, part)) for part in PARTS},
        "balancer": {
            CONFIGURATION: GivenFile(balancer_configuration(rendered.origins, rendered.beyond), is_secret=False),
            **{f"{CERTIFICATES}/{host}.pem": GivenFile(chain) for host, chain in rendered.tls_chains.items()},
        },
        # verifiers, no passwords; the server reads it as a user of its own
        "database": {
            "roles.sql": GivenFile(
                init_script({part: _password(rendered, part) for part in PARTS_WITH_DATABASE}), PUBLIC
            )
        },
        **({OWN_SP: _own_sp(rendered)} if rendered.beyond.own_sp else {}),
        **({LOAD: _load(rendered)} if rendered.beyond.has_load else {}),
    }


def _own_sp(rendered: Rendered) -> dict[str, GivenFile]:
    """Return what a service of somebody's own takes from MPASSid: nothing that the others would not tell anybody."""
    return {
        "idp-metadata.xml": GivenFile(rendered.files["proxy/metadata/own-idp.xml"], PUBLIC, is_secret=False),
        "ca.crt": GivenFile(rendered.ca_certificate, PUBLIC, is_secret=False),
    }


def _load(rendered: Rendered) -> dict[str, GivenFile]:
    """Return what a load run needs: whom to believe, and what lets it ask whom a service saw."""
    token = rendered.keys.secrets[RUN_TOKEN].hex().encode("ascii")
    return {RUN_TOKEN: GivenFile(token), "ca.crt": GivenFile(rendered.ca_certificate, PUBLIC, is_secret=False)}


def _part(rendered: Rendered, part: PartName) -> Iterator[tuple[str, GivenFile]]:
    for path, content in part_files(rendered.files, part).items():
        yield f"{part}/{path}", GivenFile(content, is_secret=False)
    keys = part_keys(rendered.federation, rendered.keys, part)
    for name, pair in keys.pairs.items():
        yield f"keys/{name}.key.pem", GivenFile(pair.private_key_pem)
        yield f"keys/{name}.crt.pem", GivenFile(pair.certificate_pem, is_secret=False)
    for name, secret in keys.secrets.items():
        yield f"secrets/{name}", GivenFile(secret.hex().encode("ascii"))
    yield CA_CERTIFICATE, GivenFile(rendered.ca_certificate, is_secret=False)
    if part in PARTS_WITH_DATABASE:
        yield PASSWORD_FILE, GivenFile(password_file(part, _password(rendered, part)))


def _password(rendered: Rendered, part: PartName) -> str:
    return rendered.keys.secrets[password_secret(part)].hex()
