# SPDX-License-Identifier: Apache-2.0
"""How the two services look: each its own name and colour, so that a person sees whose page it is."""

from __future__ import annotations

from typing import Final, Literal

from party.pages import Look, Pages
from sp_stub.config import ServiceConfig

_ACCENTS: Final[dict[Literal["publisher", "portal"], str]] = {"publisher": "#7a1f5c", "portal": "#8a4b00"}
KEPT_PARAMETERS: Final = ("target", "number")
"""What the language links carry along: where a login leads to, and which error a message is about."""


def service_pages(config: ServiceConfig) -> Pages:
    """Return the service's pages; raises what `Pages` raises where one could not be shown."""
    look = Look(name=config.name, accent=_ACCENTS[config.simulated], owner=config.name, operator=config.publisher.name)
    return Pages("sp_stub", look, keep=KEPT_PARAMETERS)
