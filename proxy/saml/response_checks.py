# SPDX-License-Identifier: Apache-2.0
"""What the Response element itself must say, one named check after another.

A check returns a `Refusal` or `None`. None of them returns a value to be used: a response that is not signed itself,
around an assertion that is, can be refused for what it says but is believed nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from federation.reasons import STATUS_PREFIX, Refusal
from proxy.saml.expectation import ReceivedResponse
from proxy.saml.fault import shown
from proxy.saml.instants import MESSAGE_LIFETIME, read_instant, write_instant
from proxy.saml.names import ENTITY_FORMAT, SAML, SAMLP, STATUS_SUCCESS
from proxy.saml.xml import Element, text_of

ResponseCheck: TypeAlias = Callable[[ReceivedResponse], Refusal | None]


def issuer_is_the_one_asked(response: ReceivedResponse) -> Refusal | None:
    """Demand that the issuer, if named, is the one asked, and that a signed response names it (saml-profiles-2.0-os 4.1.4.2).

    Checked before the signature, whose key is that entity's: an answer of another trusted provider is refused for
    what it is (CVE-2026-49284).
    """
    issuer = response.element.find(SAML + "Issuer")
    expected = response.expected.identity_provider.entity_id
    if issuer is None:
        return Refusal("issuer-missing", "no Issuer in a signed Response", expected) if response.is_signed else None
    refusal = issuer_has_entity_format(issuer)
    if refusal is not None:
        return refusal
    return None if text_of(issuer) == expected else Refusal("wrong-issuer", shown(text_of(issuer) or ""), expected)


def issuer_has_entity_format(issuer: Element) -> Refusal | None:
    """Demand that an issuer's Format is absent or `entity` (saml-profiles-2.0-os 4.1.4.2)."""
    found = issuer.get("Format", ENTITY_FORMAT)
    return None if found == ENTITY_FORMAT else Refusal("issuer-format", shown(found), ENTITY_FORMAT)


def version_is_two(response: ReceivedResponse) -> Refusal | None:
    """Demand version 2.0 (saml-core-2.0-os 3.2.2)."""
    found = response.element.get("Version", "")
    return None if found == "2.0" else Refusal("response-version-unsupported", shown(found), "2.0")


def destination_is_this_acs(response: ReceivedResponse) -> Refusal | None:
    """Demand that the destination is where it arrived, and that a signed response names it (saml-bindings-2.0-os 3.5.5.2)."""
    found = response.element.get("Destination")
    expected = response.expected.acs_url
    if found is None:
        return Refusal("destination-missing", "no Destination", expected) if response.is_signed else None
    return None if found == expected else Refusal("wrong-destination", shown(found), expected)


def it_answers_our_request(response: ReceivedResponse) -> Refusal | None:
    """Demand an InResponseTo that is the ID of our request (saml-profiles-2.0-os 4.1.4.3); nothing unsolicited."""
    found = response.element.get("InResponseTo")
    expected = response.expected.request_id
    if found is None:
        return Refusal("in-response-to-missing", "no InResponseTo", expected)
    return None if found == expected else Refusal("wrong-in-response-to", shown(found), expected)


def issue_instant_is_recent(response: ReceivedResponse) -> Refusal | None:
    """Demand that it was issued after our request, not long ago, nor in the future (saml-core-2.0-os 3.2.2)."""
    found = response.element.get("IssueInstant", "")
    instant, skew = read_instant(found), response.expected.clock_skew
    if instant > response.now + skew:
        return Refusal("response-not-yet-valid", found, f"at most {write_instant(response.now + skew)}")
    if instant < response.now - skew - MESSAGE_LIFETIME:
        return Refusal("response-expired", found, f"at least {write_instant(response.now - skew - MESSAGE_LIFETIME)}")
    if instant < response.expected.requested_at - skew:
        expected = f"at least {write_instant(response.expected.requested_at - skew)}"
        return Refusal("response-before-request", found, expected)
    return None


def status_is_success(response: ReceivedResponse) -> Refusal | None:
    """Demand the status Success; else the refusal tells the second level (saml-core-2.0-os 3.2.2.2)."""
    status = status_of(response.element)
    if status == STATUS_SUCCESS:
        return None
    reason_id = "status-not-success" if response.is_signed else "status-not-success-unsigned"
    return Refusal(reason_id, shown(status.removeprefix(STATUS_PREFIX)), "Success")


def status_of(element: Element) -> str:
    """Return the second-level status of a Response element, or the top level where there is no second."""
    code = next(next(element.iterchildren(SAMLP + "Status")).iterchildren(SAMLP + "StatusCode"))
    second = code.find(SAMLP + "StatusCode")
    if code.get("Value") == STATUS_SUCCESS or second is None:
        return code.get("Value", "")
    return second.get("Value", "")


RESPONSE_CHECKS: Final[tuple[ResponseCheck, ...]] = (
    version_is_two,
    destination_is_this_acs,
    it_answers_our_request,
    issue_instant_is_recent,
    status_is_success,
)
"""In this order, after the signature; `issuer_is_the_one_asked` comes before it."""
