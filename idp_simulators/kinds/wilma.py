# SPDX-License-Identifier: Apache-2.0
"""Kind `wilma`: a school administration system with a redirect protocol of its own (facts-mpassid 7, home-protocols 2).

- It proves itself by a secret that it shares with the proxy; it has no key and no metadata.
- The browser carries who signed in and nothing else; what is known of them is asked for at its data service.
- Guardians sign in too, and have no role.
"""

from __future__ import annotations

from typing import Final

from certs.keys import home_secret
from federation.endpoints import ProxyEndpoints
from idp_simulators.provider import Equipment, LoginAddress
from idp_simulators.wilma.dialogue import WilmaDialogue


class WilmaKind:
    """Makes Wilmas."""

    login = LoginAddress("mpass/login")
    rules = ("external/mpass",)

    def dialogue(self, equipment: Equipment) -> WilmaDialogue:
        """Return how one Wilma speaks; raises `InputError` where its secret is missing."""
        return WilmaDialogue(equipment.secret(home_secret(equipment.key)), ProxyEndpoints(equipment.proxy.origin))


KIND: Final = WilmaKind()
