# SPDX-License-Identifier: Apache-2.0
"""The proxy's own AuthnRequest to an identity provider, signed, by HTTP-Redirect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from proxy.saml.canonical import attribute_text, element_text
from proxy.saml.instants import write_instant
from proxy.saml.keys import SigningKey
from proxy.saml.names import ASSERTION_NAMESPACE, POST_BINDING, PROTOCOL_NAMESPACE, TRANSIENT_FORMAT
from proxy.saml.redirect import redirect_url


@dataclass(frozen=True)
class AuthnRequest:
    """What the proxy asks an identity provider for."""

    id: str
    issue_instant: datetime
    sp_entity_id: str
    acs_url: str
    destination: str
    force_authn: bool = False
    is_passive: bool = False


def issue_authn_request(request: AuthnRequest, relay_state: str, key: SigningKey) -> str:
    """Return the address to send the browser to: the signed request in the query of `request.destination`.

    saml-core-2.0-os 3.4.1, saml-bindings-2.0-os 3.4.4; the answer is asked for by HTTP-POST at `request.acs_url`.
    """
    flags = (' ForceAuthn="true"' if request.force_authn else "") + (' IsPassive="true"' if request.is_passive else "")
    document = (
        f'<samlp:AuthnRequest xmlns:samlp="{PROTOCOL_NAMESPACE}"'
        f' AssertionConsumerServiceURL="{attribute_text(request.acs_url)}"'
        f' Destination="{attribute_text(request.destination)}"{flags} ID="{attribute_text(request.id)}"'
        f' IssueInstant="{write_instant(request.issue_instant)}" ProtocolBinding="{POST_BINDING}" Version="2.0">'
        f'<saml:Issuer xmlns:saml="{ASSERTION_NAMESPACE}">{element_text(request.sp_entity_id)}</saml:Issuer>'
        f'<samlp:NameIDPolicy AllowCreate="true" Format="{TRANSIENT_FORMAT}"></samlp:NameIDPolicy>'
        "</samlp:AuthnRequest>"
    )
    return redirect_url(request.destination, document.encode(), relay_state, key)
