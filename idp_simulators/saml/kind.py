# SPDX-License-Identifier: Apache-2.0
"""What makes a kind that speaks SAML: what it sends of a person, how its answers are finished, what it accepts.

Names are `federation.home_names`'s, because the proxy reads by the same map; a kind decides how values are written.
Every one demands signed requests, and its metadata says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from federation.model import IdentityProvider
from idp_simulators.provider import Equipment, LoginAddress
from idp_simulators.render import entity_descriptor, key_entities
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.dialogue import Finished, SamlDialogue, SentAttributes
from idp_simulators.saml.proxy_metadata import AcceptedProxy
from idp_simulators.saml.signing import Signer

METADATA_RULE: Final = "metadata"

Taken: TypeAlias = Callable[[AcceptedProxy, str], AcceptedProxy]
"""From the proxy's metadata and this source's flow name to the proxy as the kind takes it."""


def as_it_is(answer: Answer, _idp: IdentityProvider, _proxy: AcceptedProxy) -> Answer:
    """Return the answer with response and assertion signed."""
    return answer


def whole(proxy: AcceptedProxy, _flow: str) -> AcceptedProxy:
    """Return the proxy with every address of its metadata."""
    return proxy


@dataclass(frozen=True)
class SamlKind:
    """One kind that speaks SAML."""

    sent_attributes: SentAttributes
    finished: Finished = as_it_is
    taken: Taken = whole

    @property
    def login(self) -> LoginAddress:
        """Where an AuthnRequest is sent, by HTTP-Redirect or HTTP-POST."""
        return LoginAddress("sso", ("GET", "POST"))

    @property
    def rules(self) -> tuple[str, ...]:
        """The EntityDescriptor."""
        return (METADATA_RULE,)

    def dialogue(self, equipment: Equipment) -> SamlDialogue:
        """Return how one provider speaks; raises `InputError` where the proxy lacks what the kind needs."""
        pairs = [equipment.pair(entity) for entity in key_entities(equipment.key, equipment.idp)]
        certificates = [pair.certificate_base64 for pair in pairs]
        return SamlDialogue(
            sent_attributes=self.sent_attributes,
            finished=self.finished,
            signer=Signer.of(pairs[-1]),
            whole_proxy=equipment.proxy,
            proxy=self.taken(equipment.proxy, equipment.flow),
            metadata=entity_descriptor(equipment.name, equipment.endpoints, certificates),
        )
