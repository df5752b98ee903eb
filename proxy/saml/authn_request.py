# SPDX-License-Identifier: Apache-2.0
"""Verifying a service's AuthnRequest, by HTTP-Redirect or HTTP-POST (saml-core-2.0-os 3.4.1).

The order: bounds, parse, schema (`redirect`, `post`, `xml`, `schema`); version; the issuer is a known service; its
signature, which must be there if the metadata promises one and must verify if it is there; destination, time and
where the answer goes (`request_checks`). From then on the request is verified, and a refusal of what it wishes
carries it, so that the service can be told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, cast

from federation.reasons import Refusal
from proxy.saml.fault import Flaw, MessageFault, shown
from proxy.saml.instants import read_instant
from proxy.saml.metadata import ServiceProvider
from proxy.saml.names import ENTITY_FORMAT, SAML, SAMLP
from proxy.saml.post import document_of, read_form
from proxy.saml.redirect import RedirectMessage, read_redirect, verify_redirect
from proxy.saml.request_checks import REQUEST_CHECKS, WISH_CHECKS, ReceivedRequest, answer_address
from proxy.saml.schema import PROTOCOL
from proxy.saml.signature import is_signed, verify
from proxy.saml.xml import Element, parse, text_of

Comparison: TypeAlias = Literal["exact", "minimum", "maximum", "better"]

MAX_RELAY_STATE: Final = 512
"""Bytes: more than the standard's 80, because common service libraries put an address there; it must fit a cookie."""


@dataclass(frozen=True)
class VerifiedAuthnRequest:
    """A request of a known service: its signature, where there is one, and the answer's address are verified."""

    id: str
    service_provider: ServiceProvider
    issue_instant: datetime
    acs_url: str
    force_authn: bool
    is_passive: bool
    requested_classes: tuple[str, ...]
    comparison: Comparison
    name_id_format: str | None
    relay_state: str | None
    is_signed: bool

    @property
    def issuer(self) -> str:
        """The service's entity ID."""
        return self.service_provider.entity_id


@dataclass(frozen=True)
class RefusedRequest:
    """A request that is not served; `request` is there once it is verified, so that the service may be answered."""

    refusal: Refusal
    request: VerifiedAuthnRequest | None = None


def verify_authn_request_redirect(
    raw_query: str, services: Mapping[str, ServiceProvider], sso_url: str, now: datetime
) -> VerifiedAuthnRequest | RefusedRequest:
    """Return the AuthnRequest in an undecoded query string, verified (saml-bindings-2.0-os 3.4).

    `services` holds the known services by entity ID; `sso_url` is the address that the request arrived at.
    """
    try:
        message = read_redirect(raw_query)
        element, service = _of_known_service(message.document, services, message.relay_state)
        _check_redirect_signature(message, element, service)
        request = ReceivedRequest(element, service, message.is_signed, sso_url, now)
        return _verified(request, message.relay_state)
    except _RefusedError as error:
        return RefusedRequest(error.refusal)
    except MessageFault as fault:
        return RefusedRequest(fault.refusal("request"))


def verify_authn_request_post(
    body: bytes, services: Mapping[str, ServiceProvider], sso_url: str, now: datetime
) -> VerifiedAuthnRequest | RefusedRequest:
    """Return the AuthnRequest in an undecoded form body, verified (saml-bindings-2.0-os 3.5)."""
    try:
        posted = read_form(body, "SAMLRequest")
        element, service = _of_known_service(document_of(posted.message), services, posted.relay_state)
        if is_signed(element) or service.authn_requests_signed:
            verify(element, service.signing_keys)
        request = ReceivedRequest(element, service, is_signed(element), sso_url, now)
        return _verified(request, posted.relay_state)
    except _RefusedError as error:
        return RefusedRequest(error.refusal)
    except MessageFault as fault:
        return RefusedRequest(fault.refusal("request"))


class _RefusedError(Exception):
    """A check that only requests have said no before the request was verified."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))


def _of_known_service(
    document: bytes, services: Mapping[str, ServiceProvider], relay_state: str | None
) -> tuple[Element, ServiceProvider]:
    """Return the schema-valid AuthnRequest and the service that it names as its issuer."""
    _check_relay_state(relay_state or "")
    element = parse(document)
    if element.tag != SAMLP + "AuthnRequest":
        raise MessageFault(Flaw.WRONG_MESSAGE, str(element.tag), "an AuthnRequest")
    PROTOCOL.check(element)
    if element.get("Version") != "2.0":
        raise _RefusedError(Refusal("request-version-unsupported", shown(element.get("Version", "")), "2.0"))
    issuer = element.find(SAML + "Issuer")
    entity_id = None if issuer is None else text_of(issuer)
    if issuer is None or not entity_id:
        raise _RefusedError(Refusal("request-issuer-missing", "no Issuer", "the service's entity ID"))
    if issuer.get("Format", ENTITY_FORMAT) != ENTITY_FORMAT:
        raise _RefusedError(Refusal("request-issuer-format", shown(issuer.get("Format", "")), ENTITY_FORMAT))
    if entity_id not in services:
        raise _RefusedError(Refusal("service-unknown", shown(entity_id), "a service of this federation"))
    return element, services[entity_id]


def _check_relay_state(relay_state: str) -> None:
    """Demand a RelayState that fits into the login's state and comes out of a form as it went in.

    A browser makes CR LF of every line break in a form, so that a service would not get its own value back.
    """
    size = len(relay_state.encode())
    if size > MAX_RELAY_STATE:
        raise _RefusedError(Refusal("relay-state-too-large", f"{size} bytes", f"{MAX_RELAY_STATE} bytes"))
    if any(unicodedata.category(character) == "Cc" for character in relay_state):
        raise _RefusedError(Refusal("relay-state-control-character", "a control character", "printable text"))


def _check_redirect_signature(message: RedirectMessage, element: Element, service: ServiceProvider) -> None:
    if is_signed(element):
        raise MessageFault(Flaw.SIGNATURE_FORM, "ds:Signature in a redirected message", "Signature in the query")
    if message.is_signed or service.authn_requests_signed:
        verify_redirect(message, service.signing_keys)


def _verified(request: ReceivedRequest, relay_state: str | None) -> VerifiedAuthnRequest | RefusedRequest:
    for check in REQUEST_CHECKS:
        refusal = check(request)
        if refusal is not None:
            return RefusedRequest(refusal)
    acs_url = answer_address(request)
    if isinstance(acs_url, Refusal):
        return RefusedRequest(acs_url)
    verified = _values(request, acs_url, relay_state)
    for check in WISH_CHECKS:
        refusal = check(request)
        if refusal is not None:
            return RefusedRequest(refusal, verified)
    return verified


def _values(request: ReceivedRequest, acs_url: str, relay_state: str | None) -> VerifiedAuthnRequest:
    element = request.element
    context = element.find(SAMLP + "RequestedAuthnContext")
    classes = [] if context is None else context.findall(SAML + "AuthnContextClassRef")
    policy = element.find(SAMLP + "NameIDPolicy")
    return VerifiedAuthnRequest(
        id=element.get("ID", ""),
        service_provider=request.service_provider,
        issue_instant=read_instant(element.get("IssueInstant", "")),
        acs_url=acs_url,
        force_authn=_is_true(element.get("ForceAuthn")),
        is_passive=_is_true(element.get("IsPassive")),
        requested_classes=tuple((text_of(name) or "").strip() for name in classes),
        comparison=cast("Comparison", "exact" if context is None else context.get("Comparison", "exact")),
        name_id_format=None if policy is None else policy.get("Format"),
        relay_state=relay_state,
        is_signed=request.is_signed,
    )


def _is_true(text: str | None) -> bool:
    """Return an optional xs:boolean; the schema has seen to its form."""
    return text is not None and text.strip() in {"true", "1"}
