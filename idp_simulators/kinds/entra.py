# SPDX-License-Identifier: Apache-2.0
"""Kind `entra`: shaped as Entra ID (facts-mpassid 7).

- Claim URIs for names, extension claims for what the directory was extended by; several values joined by `;` in one.
- Where the declaration names groups, a person holds ids of groups in the place of roles; they are sent as Entra ID
  sends groups, each a value of its own, those that mean nothing to MPASSid too.
- Only the assertion is signed. The issuer is shaped as a tenant's (`federation.endpoints`).

An expired client secret is not seen here: people would sign in, and the proxy stops the login before (`federation.gates`).
"""

from __future__ import annotations

from typing import Final

from federation.home_names import GROUPS_CLAIM
from federation.model import IdentityProvider, Person
from idp_simulators.kinds.values import held_values, joined_attribute
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.kind import SamlKind
from idp_simulators.saml.messages import Attribute
from idp_simulators.saml.proxy_metadata import AcceptedProxy


def sent_attributes(idp: IdentityProvider, user_name: str, person: Person) -> tuple[Attribute, ...]:
    """Return the claims about `person`."""
    return tuple(
        Attribute(name, values, name_format=None) if name == GROUPS_CLAIM else joined_attribute(name, values)
        for _, name, values in held_values(user_name, person, idp)
    )


def finished(answer: Answer, _idp: IdentityProvider, _proxy: AcceptedProxy) -> Answer:
    """Return the answer with its assertion signed and nothing else."""
    return answer.signed_at(answer.assertion.id)


KIND: Final = SamlKind(sent_attributes, finished)
