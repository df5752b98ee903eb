# SPDX-License-Identifier: Apache-2.0
"""The name a service knows a signed-in person by: transient, and persistent where the service asks for it.

MPASSid gives transient names only (facts-mpassid 5), fresh for each answer; that is the default. A service that asks
for a persistent one gets the same name for a person at each login, another one than every other service gets
(saml-core-2.0-os 8.3.7): an HMAC of uid and service, from which neither can be found. Nothing personal stands in
either.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from federation.home import HomeValues, single
from federation.source import Source
from federation.values import uid
from proxy.saml.names import PERSISTENT_FORMAT, TRANSIENT_FORMAT

_PURPOSE: Final = b"persistent name id\0"


@dataclass(frozen=True)
class SubjectName:
    """A NameID's value and format."""

    value: str
    format: str


def transient_name() -> SubjectName:
    """Return a fresh name of 128 random bits."""
    return SubjectName(f"_{secrets.token_hex(16)}", TRANSIENT_FORMAT)


def persistent_name(key: bytes, source: Source, home: HomeValues, service_entity_id: str) -> SubjectName | None:
    """Return the person's lasting name at this service; None where the registry holds no user id to make it of."""
    user_id = single(home.user_id)
    if user_id is None:
        return None
    person_at_service = f"{uid(source.idp_id, user_id)}\0{service_entity_id}".encode()
    return SubjectName(hmac.digest(key, _PURPOSE + person_at_service, "sha256").hex(), PERSISTENT_FORMAT)
