# SPDX-License-Identifier: Apache-2.0
"""What makes a kind of identity provider: what it sends of a person, how its answers are finished, what it accepts.

Names are `federation.home_names`'s, because the proxy reads by the same map; a kind decides how values are written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from federation.model import IdentityProvider, Person
from idp_simulators.answers import Answer
from idp_simulators.messages import Attribute
from idp_simulators.proxy_metadata import AcceptedProxy

SentAttributes: TypeAlias = Callable[[IdentityProvider, str, Person], tuple[Attribute, ...]]
"""From the integration, a user name and the registry's entry to the attributes of the assertion."""

Finished: TypeAlias = Callable[[Answer, IdentityProvider, AcceptedProxy], Answer]
"""From a right answer, response and assertion signed, to the answer as the kind gives it."""

Taken: TypeAlias = Callable[[AcceptedProxy, str], AcceptedProxy]
"""From the proxy's metadata and this source's flow name to the proxy as the kind takes it."""


def as_it_is(answer: Answer, _idp: IdentityProvider, _proxy: AcceptedProxy) -> Answer:
    """Return the answer with response and assertion signed."""
    return answer


def whole(proxy: AcceptedProxy, _flow: str) -> AcceptedProxy:
    """Return the proxy with every address of its metadata."""
    return proxy


@dataclass(frozen=True)
class Kind:
    """One kind; every one demands signed requests, and its metadata says so."""

    sent_attributes: SentAttributes
    finished: Finished = as_it_is
    taken: Taken = whole
