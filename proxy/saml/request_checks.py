# SPDX-License-Identifier: Apache-2.0
"""What an AuthnRequest must say, one named check after another, and where its answer goes.

`REQUEST_CHECKS` come before the request counts as verified; `WISH_CHECKS` after it: what they refuse can be answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from federation.reasons import Refusal
from proxy.saml.fault import shown
from proxy.saml.instants import CLOCK_SKEW, MESSAGE_LIFETIME, read_instant, write_instant
from proxy.saml.metadata import AcsEndpoint, ServiceProvider
from proxy.saml.names import PERSISTENT_FORMAT, POST_BINDING, SAML, SAMLP, TRANSIENT_FORMAT, UNSPECIFIED_FORMAT
from proxy.saml.xml import Element

NAME_ID_FORMATS: Final = frozenset({TRANSIENT_FORMAT, PERSISTENT_FORMAT, UNSPECIFIED_FORMAT})
"""MPASSid's own are transient (facts-mpassid 5), which unspecified leads to; persistent is given where it is asked."""


@dataclass(frozen=True)
class ReceivedRequest:
    """A schema-valid AuthnRequest of a known service, its signature verified if it has one or promised one."""

    element: Element
    service_provider: ServiceProvider
    is_signed: bool
    sso_url: str
    now: datetime


RequestCheck: TypeAlias = Callable[[ReceivedRequest], Refusal | None]


def destination_is_this_endpoint(request: ReceivedRequest) -> Refusal | None:
    """Demand that the destination is the SSO address used, and that a signed request names it (saml-bindings-2.0-os 3.4.5.2, 3.5.5.2)."""
    found = request.element.get("Destination")
    if found is None:
        return Refusal("request-destination-missing", "no Destination", request.sso_url) if request.is_signed else None
    return None if found == request.sso_url else Refusal("request-wrong-destination", shown(found), request.sso_url)


def issue_instant_is_recent(request: ReceivedRequest) -> Refusal | None:
    """Demand that it was issued not long ago, nor in the future (saml-core-2.0-os 3.2.1)."""
    found = request.element.get("IssueInstant", "")
    instant = read_instant(found)
    latest, earliest = request.now + CLOCK_SKEW, request.now - CLOCK_SKEW - MESSAGE_LIFETIME
    if instant > latest:
        return Refusal("request-not-yet-valid", found, f"at most {write_instant(latest)}")
    return None if instant >= earliest else Refusal("request-expired", found, f"at least {write_instant(earliest)}")


def answer_address(request: ReceivedRequest) -> str | Refusal:
    """Return the ACS that the answer goes to: one of the service's metadata, byte for byte, for HTTP-POST.

    The one asked for by URL or by index, else the default (saml-profiles-2.0-os 4.1.4.1, saml-metadata-2.0-os 2.2.3).
    """
    url = request.element.get("AssertionConsumerServiceURL")
    index = request.element.get("AssertionConsumerServiceIndex")
    binding = request.element.get("ProtocolBinding", POST_BINDING)
    endpoints = request.service_provider.acs_endpoints
    if url is not None and index is not None:
        return Refusal("request-acs-ambiguous", "AssertionConsumerServiceURL and -Index", "one of them")
    if binding != POST_BINDING:
        return Refusal("request-binding-unsupported", shown(binding), POST_BINDING)
    if url is not None:
        asked, found = [endpoint for endpoint in endpoints if endpoint.url == url], url
    elif index is not None:
        asked, found = [endpoint for endpoint in endpoints if endpoint.index == int(index)], f"index {index}"
    else:
        return _default(endpoints).url
    if not asked:
        return Refusal("request-acs-unknown", shown(found), "an AssertionConsumerService of the service's metadata")
    if all(endpoint.binding != POST_BINDING for endpoint in asked):
        return Refusal("request-binding-unsupported", shown(asked[0].binding), POST_BINDING)
    return asked[0].url


def _default(endpoints: tuple[AcsEndpoint, ...]) -> AcsEndpoint:
    """Return the first that says it is the default, else the first that does not say it is not, else the first."""
    posted = [endpoint for endpoint in endpoints if endpoint.binding == POST_BINDING]
    preference = {True: 0, None: 1, False: 2}
    return min(posted, key=lambda endpoint: preference[endpoint.is_default])


def it_names_no_person(request: ReceivedRequest) -> Refusal | None:
    """Refuse a Subject: who signs in is for the person to say (saml-profiles-2.0-os 4.1.4.1)."""
    has_subject = request.element.find(SAML + "Subject") is not None
    return Refusal("request-subject-unsupported", "a Subject", "none") if has_subject else None


def name_id_policy_can_be_met(request: ReceivedRequest) -> Refusal | None:
    """Demand a NameID format that is given, and in the service's own name (saml-core-2.0-os 3.4.1.1)."""
    policy = request.element.find(SAMLP + "NameIDPolicy")
    if policy is None:
        return None
    found = policy.get("Format", UNSPECIFIED_FORMAT)
    if found not in NAME_ID_FORMATS:
        return Refusal("name-id-policy-unsupported", shown(found), TRANSIENT_FORMAT)
    qualifier = policy.get("SPNameQualifier", request.service_provider.entity_id)
    if qualifier != request.service_provider.entity_id:
        return Refusal("name-id-policy-unsupported", shown(qualifier), request.service_provider.entity_id)
    return None


def it_may_be_passed_on(request: ReceivedRequest) -> Refusal | None:
    """Refuse a Scoping that forbids a proxy: every source is another provider (saml-core-2.0-os 3.4.1.5.1)."""
    scoping = request.element.find(SAMLP + "Scoping")
    count = None if scoping is None else scoping.get("ProxyCount")
    # Compared as text: the schema lets a number be longer than int() takes.
    if count is None or count.strip().lstrip("+-0") != "":
        return None
    return Refusal("proxy-count-exceeded", f"ProxyCount {shown(count)}", "at least 1")


REQUEST_CHECKS: Final[tuple[RequestCheck, ...]] = (destination_is_this_endpoint, issue_instant_is_recent)
WISH_CHECKS: Final[tuple[RequestCheck, ...]] = (it_names_no_person, name_id_policy_can_be_met, it_may_be_passed_on)
