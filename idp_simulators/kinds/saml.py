# SPDX-License-Identifier: Apache-2.0
"""Kind `saml`: a municipality's own SAML identity provider, with the default attribute names (facts-mpassid 7).

Each value is an AttributeValue of its own, in the order of the registry; the multi-value rules are the proxy's.
Response and assertion are both signed.
"""

from __future__ import annotations

from typing import Final

from federation.model import IdentityProvider, Person
from idp_simulators.kinds.values import held_values
from idp_simulators.saml.kind import SamlKind
from idp_simulators.saml.messages import Attribute


def sent_attributes(idp: IdentityProvider, user_name: str, person: Person) -> tuple[Attribute, ...]:
    """Return what the identity provider says of `person`, in the order of the table of names."""
    return tuple(Attribute(name, values) for _, name, values in held_values(user_name, person, idp))


KIND: Final = SamlKind(sent_attributes)
