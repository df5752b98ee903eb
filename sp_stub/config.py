# SPDX-License-Identifier: Apache-2.0
"""`config.json` of one service: what it knows of the federation and of its own business, as one model.

`sp_stub.render` writes it and `sp_stub.settings` reads it; keys and secrets never stand in it.
"""

from __future__ import annotations

import json
from typing import Final, Literal

from pydantic import ValidationError

from federation.endpoints import ServiceEndpoints
from federation.errors import InputError
from federation.model import Declared, Key, Names, Publisher, SchoolCode, SchoolType

PORTAL_NAME: Final = Names(fi="Kirjahylly", sv="Bokhyllan", en="The Bookshelf")
"""The portal's own name: invented, and the same in every declaration."""


class KnownSchool(Declared):
    """What the service's own records say of a school; `customer` is the key of its education provider."""

    name: Names
    type: SchoolType
    customer: Key


class ServiceConfig(Declared):
    """One service, its publisher's business and the addresses its pages lead to."""

    service: Key
    simulated: Literal["publisher", "portal"]
    origin: str
    proxy_origin: str
    publisher_origin: str
    portal_origin: str | None = None
    """Where the portal is, where there is one."""
    receives: tuple[str, ...]
    sign: Literal["both", "response", "assertion"] = "both"
    """What of an answer must be signed."""
    publisher: Publisher
    schools: dict[SchoolCode, KnownSchool]
    """Every school of the federation, by its code; offices are known by the school they belong to."""
    customers: dict[Key, Names]
    """Every education provider of the federation: what its customers are called."""
    administrators: dict[str, Key]
    """Teachers with administrator rights: the key of their education provider by their uid."""

    @property
    def endpoints(self) -> ServiceEndpoints:
        """The service's own addresses."""
        return ServiceEndpoints(self.origin)

    @property
    def name(self) -> Names:
        """The name people know the service by."""
        return self.publisher.name if self.simulated == "publisher" else PORTAL_NAME

    def to_json(self) -> bytes:
        """Return the file's content; the same configuration gives the same bytes."""
        content = self.model_dump(mode="json", exclude_none=True)
        return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()

    @classmethod
    def from_json(cls, content: bytes) -> ServiceConfig:
        """Read what `to_json` wrote; raises `InputError` for anything else."""
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            found = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:5])
            message = f"config.json: not a service's configuration ({found}); run `testbed apply`"
            raise InputError(message) from error
