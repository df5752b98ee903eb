# SPDX-License-Identifier: Apache-2.0
"""What a verified assertion must say before a person is signed in by it, one named check after another.

saml-profiles-2.0-os 4.1.4.2 and 4.1.4.3, with the clauses of saml-core-2.0-os that they rest on. A check returns a
`Refusal` or `None`; instants that are not SAML's are refused by `read_instant`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from federation.reasons import Refusal
from proxy.saml.expectation import ReceivedAssertion
from proxy.saml.fault import shown
from proxy.saml.instants import read_instant, write_instant
from proxy.saml.names import BEARER, SAML
from proxy.saml.response_checks import issuer_has_entity_format
from proxy.saml.xml import Element, children, text_of

AssertionCheck: TypeAlias = Callable[[ReceivedAssertion], Refusal | None]

MAX_ATTRIBUTES: Final = 100
MAX_VALUES: Final = 1_000

_KNOWN_CONDITIONS: Final = frozenset({SAML + "AudienceRestriction", SAML + "OneTimeUse", SAML + "ProxyRestriction"})


def version_is_two(assertion: ReceivedAssertion) -> Refusal | None:
    """Demand version 2.0 (saml-core-2.0-os 2.3.3)."""
    found = assertion.element.get("Version", "")
    return None if found == "2.0" else Refusal("assertion-version-unsupported", shown(found), "2.0")


def issuer_is_the_one_asked(assertion: ReceivedAssertion) -> Refusal | None:
    """Demand that the issuer is the entity that was asked (saml-profiles-2.0-os 4.1.4.2)."""
    issuer = assertion.element.find(SAML + "Issuer")
    expected = assertion.expected.identity_provider.entity_id
    found = text_of(issuer) if issuer is not None else None
    if issuer is None or not found:
        return Refusal("issuer-missing", "an assertion without issuer", expected)
    refusal = issuer_has_entity_format(issuer)
    if refusal is not None:
        return refusal
    return None if found == expected else Refusal("wrong-assertion-issuer", shown(found), expected)


def a_bearer_confirmation_holds(assertion: ReceivedAssertion) -> Refusal | None:
    """Demand one bearer confirmation that holds; if none does, the last one tells why (saml-core-2.0-os 2.4.1)."""
    subject = assertion.element.find(SAML + "Subject")
    if subject is None:
        return Refusal("subject-missing", "no Subject", "a Subject")
    refusal: Refusal | None = Refusal("subject-confirmation-missing", "no bearer confirmation", BEARER)
    for confirmation in subject.iterfind(SAML + "SubjectConfirmation"):
        if confirmation.get("Method") == BEARER:
            refusal = _confirmation_refusal(confirmation.find(SAML + "SubjectConfirmationData"), assertion)
            if refusal is None:
                break
    return refusal


def _confirmation_refusal(data: Element | None, assertion: ReceivedAssertion) -> Refusal | None:
    """Return why one bearer confirmation does not hold (saml-profiles-2.0-os 4.1.4.2)."""
    expected = assertion.expected
    if data is None or data.get("Recipient") is None:
        return Refusal("recipient-missing", "no Recipient", expected.acs_url)
    if data.get("Recipient") != expected.acs_url:
        return Refusal("wrong-recipient", shown(data.get("Recipient", "")), expected.acs_url)
    if data.get("InResponseTo") != expected.request_id:
        return Refusal("confirmation-in-response-to", shown(data.get("InResponseTo", "nothing")), expected.request_id)
    return _confirmation_time_refusal(data, assertion)


def _confirmation_time_refusal(data: Element, assertion: ReceivedAssertion) -> Refusal | None:
    """Return why a bearer confirmation does not hold now: it has an end, no beginning, and is not over."""
    if data.get("NotBefore") is not None:
        return Refusal("confirmation-not-before", shown(data.get("NotBefore", "")), "no NotBefore")
    end = data.get("NotOnOrAfter")
    if end is None:
        return Refusal("confirmation-time-missing", "no NotOnOrAfter", "an end")
    earliest = assertion.now - assertion.expected.clock_skew
    if read_instant(end) <= earliest:
        return Refusal("confirmation-expired", end, f"after {write_instant(earliest)}")
    return None


def conditions_are_there(assertion: ReceivedAssertion) -> Refusal | None:
    """Demand conditions: they hold the audience (saml-profiles-2.0-os 4.1.4.2)."""
    conditions = assertion.element.find(SAML + "Conditions")
    return None if conditions is not None else Refusal("conditions-missing", "no Conditions", "Conditions")


def conditions_hold_now(assertion: ReceivedAssertion) -> Refusal | None:
    """Demand that the assertion is valid now, give or take the skew, and ends after it begins (saml-core-2.0-os 2.5.1.2)."""
    conditions = _conditions(assertion)
    begin, end = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
    skew = assertion.expected.clock_skew
    if begin is not None and end is not None and read_instant(begin) >= read_instant(end):
        return Refusal("conditions-contradictory", f"{begin} to {end}", "an end after the beginning")
    if begin is not None and read_instant(begin) > assertion.now + skew:
        return Refusal("conditions-not-yet-valid", begin, f"at most {write_instant(assertion.now + skew)}")
    if end is not None and read_instant(end) <= assertion.now - skew:
        return Refusal("conditions-expired", end, f"after {write_instant(assertion.now - skew)}")
    return None


def conditions_are_understood(assertion: ReceivedAssertion) -> Refusal | None:
    """Demand that every condition is understood here; the assertion is invalid otherwise (saml-core-2.0-os 2.5.1)."""
    for condition in children(_conditions(assertion)):
        if condition.tag not in _KNOWN_CONDITIONS:
            return Refusal("condition-unknown", str(condition.tag), "AudienceRestriction, OneTimeUse, ProxyRestriction")
    return None


def audience_is_this_proxy(assertion: ReceivedAssertion) -> Refusal | None:
    """Demand an audience restriction, and this proxy in each (saml-core-2.0-os 2.5.1.4)."""
    expected = assertion.expected.sp_entity_id
    restrictions = _conditions(assertion).findall(SAML + "AudienceRestriction")
    if not restrictions:
        return Refusal("audience-missing", "no AudienceRestriction", expected)
    for restriction in restrictions:
        audiences = [text_of(audience) for audience in restriction.iterfind(SAML + "Audience")]
        if expected not in audiences:
            return Refusal("wrong-audience", shown(", ".join(name or "" for name in audiences)), expected)
    return None


def it_may_be_passed_on(assertion: ReceivedAssertion) -> Refusal | None:
    """Refuse a ProxyRestriction that forbids what this proxy does: Count 0, or named audiences (saml-core-2.0-os 2.5.1.6).

    Named audiences are refused altogether, because one sign-in here serves several services.
    """
    for restriction in _conditions(assertion).iterfind(SAML + "ProxyRestriction"):
        if len(children(restriction)) or restriction.get("Count", "1").strip().lstrip("+-0") == "":
            found = f"ProxyRestriction with Count {restriction.get('Count', 'none')}"
            return Refusal("proxying-forbidden", shown(found), "no audiences and a Count above 0")
    return None


def one_sign_in_is_stated(assertion: ReceivedAssertion) -> Refusal | None:
    """Demand exactly one AuthnStatement (saml-profiles-2.0-os 4.1.4.2, saml2int SDP-IDP09)."""
    statements = assertion.element.findall(SAML + "AuthnStatement")
    if not statements:
        return Refusal("authn-statement-missing", "no AuthnStatement", "one")
    return None if len(statements) == 1 else Refusal("authn-statement-repeated", f"{len(statements)}", "one")


def sign_in_is_of_this_login(assertion: ReceivedAssertion) -> Refusal | None:
    """Refuse a sign-in in the future, or before our request if that forced one (saml-core-2.0-os 2.7.2, 3.4.1)."""
    found = _statement(assertion).get("AuthnInstant", "")
    instant, skew = read_instant(found), assertion.expected.clock_skew
    if instant > assertion.now + skew:
        return Refusal("authn-instant-in-future", found, f"at most {write_instant(assertion.now + skew)}")
    if assertion.expected.force_authn and instant < assertion.expected.requested_at - skew:
        return Refusal("authn-too-old", found, f"at least {write_instant(assertion.expected.requested_at - skew)}")
    return None


def session_is_not_over(assertion: ReceivedAssertion) -> Refusal | None:
    """Refuse a SessionNotOnOrAfter that is past (saml-core-2.0-os 2.7.2)."""
    end = _statement(assertion).get("SessionNotOnOrAfter")
    if end is None or read_instant(end) > assertion.now - assertion.expected.clock_skew:
        return None
    return Refusal("session-expired", end, f"after {write_instant(assertion.now - assertion.expected.clock_skew)}")


def attributes_are_plain_text(assertion: ReceivedAssertion) -> Refusal | None:
    """Demand no more attributes than a person has, none of them encrypted, and text as values (saml-core-2.0-os 2.7.3)."""
    statements = assertion.element.findall(SAML + "AttributeStatement")
    if any(statement.find(SAML + "EncryptedAttribute") is not None for statement in statements):
        return Refusal("attribute-encrypted", "EncryptedAttribute", "an encrypted assertion instead")
    attributes = [attribute for statement in statements for attribute in statement.iterfind(SAML + "Attribute")]
    values = [value for attribute in attributes for value in attribute.iterfind(SAML + "AttributeValue")]
    if len(attributes) > MAX_ATTRIBUTES or len(values) > MAX_VALUES:
        found = f"{len(attributes)} attributes with {len(values)} values"
        return Refusal("too-many-attributes", found, f"at most {MAX_ATTRIBUTES} with {MAX_VALUES}")
    for attribute in attributes:
        if any(text_of(value) is None for value in attribute.iterfind(SAML + "AttributeValue")):
            return Refusal("attribute-value-not-text", shown(attribute.get("Name", "")), "text")
    return None


def _conditions(assertion: ReceivedAssertion) -> Element:
    return next(assertion.element.iterchildren(SAML + "Conditions"))


def _statement(assertion: ReceivedAssertion) -> Element:
    return next(assertion.element.iterchildren(SAML + "AuthnStatement"))


ASSERTION_CHECKS: Final[tuple[AssertionCheck, ...]] = (
    version_is_two,
    issuer_is_the_one_asked,
    a_bearer_confirmation_holds,
    conditions_are_there,
    conditions_hold_now,
    conditions_are_understood,
    audience_is_this_proxy,
    it_may_be_passed_on,
    one_sign_in_is_stated,
    sign_in_is_of_this_login,
    session_is_not_over,
    attributes_are_plain_text,
)
"""In this order; a check may rely on what those before it have seen."""
