# SPDX-License-Identifier: Apache-2.0
"""Responses and assertions as values, and the text of each (saml-core-2.0-os 2.3.3 and 3.3.3).

`ResponseParts` and `AssertionParts` say everything that can stand in a message; every field can be set to something
wrong or, where `None` is allowed, left out. Nothing is checked here: whether a message is right is decided by whoever
fills the parts in (`idp_simulators.saml.answers` does, `idp_simulators.faults` undoes it). Signatures are
`idp_simulators.saml.signing`'s; where one is to stand, the text holds `signature_of(ID)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

ASSERTION_NAMESPACE: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL_NAMESPACE: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
STATUS: Final = "urn:oasis:names:tc:SAML:2.0:status:"
TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
ENTITY: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
PASSWORD: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"  # noqa: S105 - the name of a class
BASIC: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"


@dataclass(frozen=True)
class Issuer:
    """Who says it; `format` is left out unless given."""

    entity_id: str
    format: str | None = None


@dataclass(frozen=True)
class Confirmation:
    """A SubjectConfirmation and its data; `None` leaves the attribute out."""

    recipient: str | None
    in_response_to: str | None
    not_on_or_after: datetime | None
    not_before: datetime | None = None
    method: str = BEARER


@dataclass(frozen=True)
class Attribute:
    """A name and its values, each an AttributeValue of its own; `markup` values are XML already."""

    name: str
    values: tuple[str, ...]
    markup: tuple[str, ...] = ()
    name_format: str | None = BASIC


@dataclass(frozen=True)
class AssertionParts:
    """One assertion. `audiences` is a tuple of AudienceRestrictions, each the tuple of its audiences."""

    id: str
    issuer: Issuer | None
    issue_instant: datetime
    name_id: str | None
    confirmations: tuple[Confirmation, ...]
    not_before: datetime | None
    not_on_or_after: datetime | None
    audiences: tuple[tuple[str, ...], ...]
    authn_instant: datetime
    session_index: str
    statements: tuple[tuple[Attribute, ...], ...]
    authn_context: str = PASSWORD
    authenticating_authorities: tuple[str, ...] = ()
    session_not_on_or_after: datetime | None = None
    extra_conditions: str = ""
    has_conditions: bool = True
    version: str = "2.0"


@dataclass(frozen=True)
class ResponseParts:
    """One response. `status` is the top-level code and those below it, without their common prefix."""

    id: str
    issuer: Issuer | None
    issue_instant: datetime
    destination: str | None
    in_response_to: str | None
    status: tuple[str, ...] = ("Success",)
    status_message: str | None = None
    extensions: str = ""
    assertions: tuple[AssertionParts, ...] = ()
    version: str = "2.0"


def signature_of(element_id: str) -> str:
    """Return the mark that stands where the signature over `element_id` goes: right behind its Issuer."""
    return f"<!--signature of {element_id}-->"


def response_text(parts: ResponseParts) -> str:
    """Return the response as XML, with a mark for its signature and one for each assertion's."""
    return (
        f"<samlp:Response xmlns:samlp={quoteattr(PROTOCOL_NAMESPACE)}"
        + _attributes(
            ID=parts.id,
            Version=parts.version,
            IssueInstant=_instant(parts.issue_instant),
            Destination=parts.destination,
            InResponseTo=parts.in_response_to,
        )
        + ">"
        + _issuer(parts.issuer)
        + signature_of(parts.id)
        + (f"<samlp:Extensions>{parts.extensions}</samlp:Extensions>" if parts.extensions else "")
        + f"<samlp:Status>{_status_code(parts.status)}"
        + _element("samlp:StatusMessage", parts.status_message)
        + "</samlp:Status>"
        + "".join(assertion_text(assertion) for assertion in parts.assertions)
        + "</samlp:Response>"
    )


def assertion_text(parts: AssertionParts) -> str:
    """Return the assertion as XML that stands on its own, with a mark for its signature."""
    return (
        f"<saml:Assertion xmlns:saml={quoteattr(ASSERTION_NAMESPACE)}"
        + _attributes(ID=parts.id, Version=parts.version, IssueInstant=_instant(parts.issue_instant))
        + ">"
        + _issuer(parts.issuer)
        + signature_of(parts.id)
        + _subject(parts)
        + _conditions(parts)
        + _authn_statement(parts)
        + "".join(_attribute_statement(attributes) for attributes in parts.statements)
        + "</saml:Assertion>"
    )


def _subject(parts: AssertionParts) -> str:
    name_id = f'<saml:NameID Format="{TRANSIENT}">{escape(parts.name_id)}</saml:NameID>' if parts.name_id else ""
    confirmations = "".join(
        f"<saml:SubjectConfirmation Method={quoteattr(confirmation.method)}><saml:SubjectConfirmationData"
        + _attributes(
            NotBefore=_instant(confirmation.not_before),
            NotOnOrAfter=_instant(confirmation.not_on_or_after),
            Recipient=confirmation.recipient,
            InResponseTo=confirmation.in_response_to,
        )
        + "/></saml:SubjectConfirmation>"
        for confirmation in parts.confirmations
    )
    return f"<saml:Subject>{name_id}{confirmations}</saml:Subject>"


def _conditions(parts: AssertionParts) -> str:
    if not parts.has_conditions:
        return ""
    restrictions = "".join(
        "<saml:AudienceRestriction>"
        + "".join(_element("saml:Audience", audience) for audience in audiences)
        + "</saml:AudienceRestriction>"
        for audiences in parts.audiences
    )
    window = _attributes(NotBefore=_instant(parts.not_before), NotOnOrAfter=_instant(parts.not_on_or_after))
    return f"<saml:Conditions{window}>{restrictions}{parts.extra_conditions}</saml:Conditions>"


def _authn_statement(parts: AssertionParts) -> str:
    return (
        "<saml:AuthnStatement"
        + _attributes(
            AuthnInstant=_instant(parts.authn_instant),
            SessionIndex=parts.session_index,
            SessionNotOnOrAfter=_instant(parts.session_not_on_or_after),
        )
        + "><saml:AuthnContext>"
        + _element("saml:AuthnContextClassRef", parts.authn_context)
        + "".join(_element("saml:AuthenticatingAuthority", who) for who in parts.authenticating_authorities)
        + "</saml:AuthnContext></saml:AuthnStatement>"
    )


def _attribute_statement(attributes: tuple[Attribute, ...]) -> str:
    if not attributes:
        return ""  # the schema wants at least one attribute in a statement
    return f"<saml:AttributeStatement>{''.join(map(_attribute, attributes))}</saml:AttributeStatement>"


def _attribute(attribute: Attribute) -> str:
    return (
        "<saml:Attribute"
        + _attributes(Name=attribute.name, NameFormat=attribute.name_format)
        + ">"
        + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in attribute.values)
        + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in attribute.markup)
        + "</saml:Attribute>"
    )


def _issuer(issuer: Issuer | None) -> str:
    if issuer is None:
        return ""
    form = _attributes(Format=issuer.format)
    return f"<saml:Issuer xmlns:saml={quoteattr(ASSERTION_NAMESPACE)}{form}>{escape(issuer.entity_id)}</saml:Issuer>"


def _status_code(codes: tuple[str, ...]) -> str:
    if not codes:
        return ""
    return f"<samlp:StatusCode Value={quoteattr(STATUS + codes[0])}>{_status_code(codes[1:])}</samlp:StatusCode>"


def _element(name: str, text: str | None) -> str:
    return "" if text is None else f"<{name}>{escape(text)}</{name}>"


def _attributes(**values: str | None) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items() if value is not None)


def _instant(moment: datetime | None) -> str | None:
    """Return the moment as SAML writes it: UTC with a Z, to the second (saml-core-2.0-os 1.3.3)."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
