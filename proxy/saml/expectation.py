# SPDX-License-Identifier: Apache-2.0
"""What a response is measured against, and the two shapes its checks see it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from proxy.saml.instants import CLOCK_SKEW
from proxy.saml.keys import DecryptionKey
from proxy.saml.metadata import IdentityProvider
from proxy.saml.signature import Verified
from proxy.saml.xml import Element


@dataclass(frozen=True)
class ExpectedResponse:
    """The one answer that is expected: to our request, from the identity provider that was asked."""

    identity_provider: IdentityProvider
    request_id: str
    acs_url: str
    """Where it arrived: the Destination and the Recipient."""
    sp_entity_id: str
    """The audience: the proxy's entity ID towards identity providers."""
    requested_at: datetime
    """The IssueInstant of our request."""
    force_authn: bool = False
    decryption_keys: tuple[DecryptionKey, ...] = ()
    clock_skew: timedelta = CLOCK_SKEW


@dataclass(frozen=True)
class ReceivedResponse:
    """A schema-valid Response element. Where it is not signed itself its fields can only speak against it."""

    element: Element
    is_signed: bool
    expected: ExpectedResponse
    now: datetime


@dataclass(frozen=True)
class ReceivedAssertion:
    """An Assertion element whose signature, or whose response's, verified."""

    verified: Verified
    expected: ExpectedResponse
    now: datetime

    @property
    def element(self) -> Element:
        """The verified element."""
        return self.verified.element
