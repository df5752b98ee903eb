# SPDX-License-Identifier: Apache-2.0
"""Kind `google`: shaped as a custom SAML app of Google Workspace (facts-mpassid 7).

- Short names, several values joined by `;` in one.
- Its administrator has typed in one ACS address, this source's own at the proxy: any other is refused, the proxy's
  general one too, and answers go there whether the request names it or not.
- Either the response or the assertion is signed, as the declaration says.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from federation.errors import InputError
from federation.model import IdentityProvider, Person
from idp_simulators.kinds.values import held_values, joined_attribute
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.kind import SamlKind
from idp_simulators.saml.messages import Attribute
from idp_simulators.saml.proxy_metadata import AcceptedProxy


def sent_attributes(idp: IdentityProvider, user_name: str, person: Person) -> tuple[Attribute, ...]:
    """Return the mapped attributes of `person`."""
    return tuple(joined_attribute(name, values) for _, name, values in held_values(user_name, person, idp))


def finished(answer: Answer, idp: IdentityProvider, _proxy: AcceptedProxy) -> Answer:
    """Return the answer signed at the one place that the declaration chooses."""
    return answer.signed_at(answer.response.id if idp.signs == "response" else answer.assertion.id)


def taken(proxy: AcceptedProxy, flow: str) -> AcceptedProxy:
    """Return the proxy with this source's own ACS only; raises `InputError` where its metadata has none."""
    fixed = tuple(url for url in proxy.acs_urls if urlsplit(url).path.split("/")[1] == flow)
    if not fixed:
        message = f"metadata/proxy.xml: no ACS of {flow}; run `testbed apply`"
        raise InputError(message)
    return proxy.with_acs_urls(fixed)


KIND: Final = SamlKind(sent_attributes, finished, taken)
