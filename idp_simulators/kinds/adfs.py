# SPDX-License-Identifier: Apache-2.0
"""Kind `adfs`: shaped as Active Directory Federation Services (facts-mpassid 7).

- Claim URIs, several values joined by `;` in one.
- The assertion is signed and then encrypted to the proxy's encryption certificate, so that a proxy without one gets
  no login at all; the response around it is not signed.
- During a rollover of its signing key, metadata holds the old certificate and the new one (`idp_simulators.render`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from federation.errors import InputError
from federation.model import IdentityProvider, Person
from idp_simulators.kinds.values import held_values, joined_attribute
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.kind import SamlKind
from idp_simulators.saml.messages import Attribute
from idp_simulators.saml.proxy_metadata import AcceptedProxy


def sent_attributes(idp: IdentityProvider, user_name: str, person: Person) -> tuple[Attribute, ...]:
    """Return the claims about `person`."""
    return tuple(joined_attribute(name, values) for _, name, values in held_values(user_name, person, idp))


def finished(answer: Answer, _idp: IdentityProvider, proxy: AcceptedProxy) -> Answer:
    """Return the answer with its assertion signed, and encrypted to the proxy."""
    return replace(answer.signed_at(answer.assertion.id), encryption_key=proxy.encryption_key)


def taken(proxy: AcceptedProxy, flow: str) -> AcceptedProxy:
    """Return the proxy as it is; raises `InputError` where its metadata has no key to encrypt to."""
    if proxy.encryption_key is None:
        message = f"metadata/proxy.xml: no encryption certificate, which {flow} needs; run `testbed apply`"
        raise InputError(message)
    return proxy


KIND: Final = SamlKind(sent_attributes, finished, taken)
