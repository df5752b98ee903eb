# SPDX-License-Identifier: Apache-2.0
"""Verifying a Response that came by HTTP-POST: the way from a form's value to a `VerifiedAssertion`.

The order, in which nothing later mends what is earlier:

1. bounds, base64, one parse, the schema (`post`, `xml`, `schema`);
2. the issuer is the one that was asked, since its keys are what signatures are checked with;
3. signatures on that tree (`signature`): the Response's, its Assertion's, or both; all that are there must verify;
4. the checks of the Response (`response_checks`);
5. exactly one Assertion, decrypted if it is encrypted (`decryption`), covered by a signature that verified;
6. the checks of the Assertion (`assertion_checks`), and its values, read from the verified element only.

Whether this answer was given before is the store's to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from federation.reasons import Refusal
from proxy.saml.assertion_checks import ASSERTION_CHECKS
from proxy.saml.decryption import CannotDecryptError, response_in_plain_text
from proxy.saml.expectation import ExpectedResponse, ReceivedAssertion, ReceivedResponse
from proxy.saml.fault import Flaw, MessageFault
from proxy.saml.instants import read_instant
from proxy.saml.names import SAML, SAMLP
from proxy.saml.post import document_of
from proxy.saml.response_checks import RESPONSE_CHECKS, issuer_is_the_one_asked
from proxy.saml.schema import PROTOCOL
from proxy.saml.signature import Verified, is_signed, verify
from proxy.saml.xml import Element, children, parse, text_of


@dataclass(frozen=True)
class NameId:
    """The subject's NameID; nothing in MPASSid is decided by it."""

    value: str
    format: str | None


@dataclass(frozen=True)
class VerifiedAssertion:
    """What an identity provider said about the person, all of it read from what it signed."""

    assertion_id: str
    response_id: str
    """Of the Response around it: for transcripts, and unsigned where only the assertion is signed."""
    issuer: str
    name_id: NameId | None
    authn_instant: datetime
    authn_context_class: str | None
    authenticating_authorities: tuple[str, ...]
    session_index: str | None
    session_not_on_or_after: datetime | None
    attributes: tuple[tuple[str, tuple[str, ...]], ...]
    """Name and values, in the order sent; one name that stands twice has the values of both; empty values stay."""

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of one attribute, none where it was not sent."""
        return dict(self.attributes).get(name, ())


def verify_response(message: str, expected: ExpectedResponse, now: datetime) -> VerifiedAssertion | Refusal:
    """Return what the response in `message` (the form field's value) proves, or why it proves nothing.

    Implements saml-profiles-2.0-os 4.1.4.3 for the one response that is `expected`, at the time `now`.
    """
    try:
        root = _schema_valid(parse(document_of(message)))
        response = ReceivedResponse(root, is_signed(root), expected, now)
        return _verify(response)
    except MessageFault as fault:
        return fault.refusal("response")
    except CannotDecryptError as error:
        return error.refusal


def _schema_valid(root: Element) -> Element:
    if root.tag != SAMLP + "Response":
        raise MessageFault(Flaw.WRONG_MESSAGE, str(root.tag), "a Response")
    PROTOCOL.check(root)
    return root


def _verify(response: ReceivedResponse) -> VerifiedAssertion | Refusal:
    refusal = issuer_is_the_one_asked(response)
    if refusal is not None:
        return refusal
    if response.is_signed:
        verify(response.element, response.expected.identity_provider.signing_keys)
    for response_check in RESPONSE_CHECKS:
        refusal = response_check(response)
        if refusal is not None:
            return refusal
    verified = _verified_assertion(response)
    if isinstance(verified, Refusal):
        return verified
    assertion = ReceivedAssertion(verified, response.expected, response.now)
    for assertion_check in ASSERTION_CHECKS:
        refusal = assertion_check(assertion)
        if refusal is not None:
            return refusal
    return _values(verified, response.element.get("ID", ""))


def _verified_assertion(response: ReceivedResponse) -> Verified | Refusal:
    """Return the response's one assertion, which is signed or lies in a signed response, or both."""
    root = response.element
    assertions = [child for child in children(root) if child.tag in {SAML + "Assertion", SAML + "EncryptedAssertion"}]
    if len(assertions) != 1:
        reason_id = "assertion-repeated" if assertions else "assertion-missing"
        return Refusal(reason_id, f"{len(assertions)} assertions", "one")
    if assertions[0].tag == SAML + "EncryptedAssertion":
        keys = response.expected.decryption_keys
        root = _schema_valid(response_in_plain_text(root, keys, is_verified=response.is_signed))
    assertion = next(root.iterchildren(SAML + "Assertion"))
    if is_signed(assertion):
        return verify(assertion, response.expected.identity_provider.signing_keys)
    if response.is_signed:
        return Verified(assertion)
    raise MessageFault(Flaw.SIGNATURE_MISSING, "no signature", "a signature of the response or of its assertion")


def _values(verified: Verified, response_id: str) -> VerifiedAssertion:
    """Read the values of an assertion that passed every check."""
    assertion = verified.element
    statement = next(assertion.iterchildren(SAML + "AuthnStatement"))
    session_end = statement.get("SessionNotOnOrAfter")
    return VerifiedAssertion(
        assertion_id=assertion.get("ID", ""),
        response_id=response_id,
        issuer=_text(assertion, SAML + "Issuer") or "",
        name_id=_name_id(assertion),
        authn_instant=read_instant(statement.get("AuthnInstant", "")),
        authn_context_class=_text(statement, f"{SAML}AuthnContext/{SAML}AuthnContextClassRef"),
        authenticating_authorities=tuple(
            text_of(authority) or ""
            for authority in statement.iterfind(f"{SAML}AuthnContext/{SAML}AuthenticatingAuthority")
        ),
        session_index=statement.get("SessionIndex"),
        session_not_on_or_after=read_instant(session_end) if session_end is not None else None,
        attributes=_attributes(assertion),
    )


def _name_id(assertion: Element) -> NameId | None:
    name_id = assertion.find(f"{SAML}Subject/{SAML}NameID")
    return None if name_id is None else NameId(text_of(name_id) or "", name_id.get("Format"))


def _attributes(assertion: Element) -> tuple[tuple[str, tuple[str, ...]], ...]:
    values: dict[str, tuple[str, ...]] = {}
    for attribute in assertion.iterfind(f"{SAML}AttributeStatement/{SAML}Attribute"):
        name = attribute.get("Name", "")
        texts = tuple(text_of(value) or "" for value in attribute.iterfind(SAML + "AttributeValue"))
        values[name] = values.get(name, ()) + texts
    return tuple(values.items())


def _text(element: Element, path: str) -> str | None:
    found = element.find(path)
    return None if found is None else text_of(found)
