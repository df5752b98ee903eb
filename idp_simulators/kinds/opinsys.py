# SPDX-License-Identifier: Apache-2.0
"""Kind `opinsys`: a directory service that answers with a signed token (facts-mpassid 7, home-protocols 3).

- The token says who signed in by an opaque id; what is known of them is asked for at its data service.
- It signs with a key of its own, and knows the proxy by a name and a password.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certs.keys import home_secret, idp_entity
from federation.endpoints import ProxyEndpoints
from federation.errors import InputError
from idp_simulators.opinsys.dialogue import SUBJECT, OpinsysDialogue
from idp_simulators.opinsys.subjects import Subjects
from idp_simulators.provider import Equipment, LoginAddress

_SIMULATOR_SECRET: Final = "idp-session"  # noqa: S105 -- the name of a secret


class OpinsysKind:
    """Makes Opinsyses."""

    login = LoginAddress("v3/sso")
    rules = (f"v3/users/<{SUBJECT}>",)

    def dialogue(self, equipment: Equipment) -> OpinsysDialogue:
        """Return how one Opinsys speaks; raises `InputError` where a key or secret of it is missing."""
        pair = equipment.pair(idp_entity(equipment.key))
        # Keys made by `certs` are right; testing the primes would cost 54 ms each.
        key = load_pem_private_key(pair.private_key_pem, password=None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(key, RSAPrivateKey):
            message = f"{pair.entity}: expected an RSA key; run `testbed apply`"
            raise InputError(message)
        return OpinsysDialogue(
            key=key,
            secret=equipment.secret(home_secret(equipment.key)),
            subjects=Subjects.with_secret(equipment.secret(_SIMULATOR_SECRET), equipment.key),
            proxy=ProxyEndpoints(equipment.proxy.origin),
        )


KIND: Final = OpinsysKind()
