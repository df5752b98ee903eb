# SPDX-License-Identifier: Apache-2.0
"""How the two services look: each its own name and colour, so that a person sees whose page it is."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

from party.pages import Look, Pages
from sp_stub.config import ServiceConfig

_ACCENTS: Final[dict[Literal["publisher", "portal"], str]] = {"publisher": "#7a1f5c", "portal": "#8a4b00"}
KEPT_PARAMETERS: Final = (
    "target",
    "number",
    "q",
    "level",
    "school",
    "via",
    "sivu",
    "staff",
    "action",
    "kind",
    "subject",
)
"""What the language links carry along: where a login leads to, which error a message is about, what is searched for at
the portal, that somebody came by it, and what customer service looks for; people it looks for by POST alone."""


def service_pages(config: ServiceConfig) -> Pages:
    """Return the service's pages; raises what `Pages` raises where one could not be shown."""
    accent = _ACCENTS[config.simulated]
    return _pages(Look(name=config.name, accent=accent, owner=config.name, operator=config.publisher.name))


@lru_cache(maxsize=8)
def _pages(look: Look) -> Pages:
    """Return the pages of a look; read once, because compiling every template in three languages takes 0.3 s."""
    return Pages("sp_stub", look, keep=KEPT_PARAMETERS)
