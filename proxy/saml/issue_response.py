# SPDX-License-Identifier: Apache-2.0
"""The proxy's answers to services: a Response with an assertion, or one with an error status.

Written as canonical text (`canonical`), so each of Response and Assertion is signed once, over what is sent. What the
person's values are and which a service receives is decided before; here they are only written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from federation.attributes import NAME_FORMAT_URI
from federation.reasons import STATUS_PREFIX
from proxy.saml.canonical import attribute_text, element_text, signature
from proxy.saml.encryption import encrypted_assertion
from proxy.saml.instants import write_instant
from proxy.saml.keys import EncryptionKey, SigningKey
from proxy.saml.names import ASSERTION_NAMESPACE, BEARER, PROTOCOL_NAMESPACE, STATUS_SUCCESS

Signed: TypeAlias = Literal["both", "response", "assertion"]

ANSWER_LIFETIME: Final = timedelta(minutes=5)
"""NotOnOrAfter of an answer, as MPASSid's (facts-mpassid 5)."""

_XS: Final = "http://www.w3.org/2001/XMLSchema"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True)
class ReleasedAttribute:
    """An attribute as the service receives it."""

    saml_name: str
    friendly_name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What a service is told about a person who signed in."""

    response_id: str
    assertion_id: str
    issued_at: datetime
    issuer: str
    """The proxy's entity ID towards services."""
    audience: str
    """The service's entity ID."""
    acs_url: str
    in_response_to: str
    name_id: str
    name_id_format: str
    session_index: str
    authn_instant: datetime
    authn_context_class: str
    attributes: tuple[ReleasedAttribute, ...]
    authenticating_authority: str | None = None
    """The identity provider where the person signed in."""
    session_not_on_or_after: datetime | None = None


@dataclass(frozen=True)
class ErrorAnswer:
    """What a service is told when nobody is signed in."""

    response_id: str
    issued_at: datetime
    issuer: str
    acs_url: str
    in_response_to: str
    status: tuple[str, str]
    """Top and second level, without their common prefix, as in `federation.reasons.Reason.status`."""
    message: str = ""


def issue_response(
    answer: Answer, key: SigningKey, sign: Signed = "both", encrypt_to: EncryptionKey | None = None
) -> bytes:
    """Return a Response with one assertion, signed by `key` as `sign` says, the assertion encrypted if asked for.

    saml-profiles-2.0-os 4.1.4.2. An encrypted assertion is signed first, and the Response over the encrypted one.
    Raises `UnencodableTextError` for a value that XML cannot hold.
    """
    head, tail = _assertion(answer)
    assertion = _joined(head, tail, answer.assertion_id, key if sign != "response" else None)
    if encrypt_to is not None:
        assertion = encrypted_assertion(assertion, encrypt_to)
    head = _response_head(answer)
    tail = (
        f'<samlp:Status><samlp:StatusCode Value="{STATUS_SUCCESS}"></samlp:StatusCode></samlp:Status>'
        f"{assertion}</samlp:Response>"
    )
    return _joined(head, tail, answer.response_id, key if sign != "assertion" else None).encode()


def issue_error_response(answer: ErrorAnswer, key: SigningKey) -> bytes:
    """Return a signed Response with an error status and no assertion (saml-core-2.0-os 3.2.2.2)."""
    top, second = (attribute_text(STATUS_PREFIX + code) for code in answer.status)
    message = f"<samlp:StatusMessage>{element_text(answer.message)}</samlp:StatusMessage>" if answer.message else ""
    tail = (
        f'<samlp:Status><samlp:StatusCode Value="{top}"><samlp:StatusCode Value="{second}"></samlp:StatusCode>'
        f"</samlp:StatusCode>{message}</samlp:Status></samlp:Response>"
    )
    return _joined(_response_head(answer), tail, answer.response_id, key).encode()


def _joined(head: str, tail: str, element_id: str, key: SigningKey | None) -> str:
    """Return an element of two halves, its signature between them, which is right after the issuer."""
    return head + (signature(head + tail, element_id, key) if key is not None else "") + tail


def _response_head(answer: Answer | ErrorAnswer) -> str:
    return (
        f'<samlp:Response xmlns:samlp="{PROTOCOL_NAMESPACE}" Destination="{attribute_text(answer.acs_url)}"'
        f' ID="{attribute_text(answer.response_id)}" InResponseTo="{attribute_text(answer.in_response_to)}"'
        f' IssueInstant="{write_instant(answer.issued_at)}" Version="2.0">'
        f'<saml:Issuer xmlns:saml="{ASSERTION_NAMESPACE}">{element_text(answer.issuer)}</saml:Issuer>'
    )


def _assertion(answer: Answer) -> tuple[str, str]:
    """Return the assertion in two halves, cut where its signature goes."""
    head = (
        f'<saml:Assertion xmlns:saml="{ASSERTION_NAMESPACE}" xmlns:xs="{_XS}" ID="{attribute_text(answer.assertion_id)}"'
        f' IssueInstant="{write_instant(answer.issued_at)}" Version="2.0">'
        f"<saml:Issuer>{element_text(answer.issuer)}</saml:Issuer>"
    )
    statements = _subject(answer) + _conditions(answer) + _authn_statement(answer) + _attribute_statement(answer)
    return head, f"{statements}</saml:Assertion>"


def _subject(answer: Answer) -> str:
    end = write_instant(answer.issued_at + ANSWER_LIFETIME)
    return (
        f'<saml:Subject><saml:NameID Format="{attribute_text(answer.name_id_format)}" NameQualifier="{attribute_text(answer.issuer)}"'
        f' SPNameQualifier="{attribute_text(answer.audience)}">{element_text(answer.name_id)}</saml:NameID>'
        f'<saml:SubjectConfirmation Method="{BEARER}"><saml:SubjectConfirmationData'
        f' InResponseTo="{attribute_text(answer.in_response_to)}" NotOnOrAfter="{end}"'
        f' Recipient="{attribute_text(answer.acs_url)}"></saml:SubjectConfirmationData></saml:SubjectConfirmation>'
        "</saml:Subject>"
    )


def _conditions(answer: Answer) -> str:
    begin, end = write_instant(answer.issued_at), write_instant(answer.issued_at + ANSWER_LIFETIME)
    return (
        f'<saml:Conditions NotBefore="{begin}" NotOnOrAfter="{end}"><saml:AudienceRestriction>'
        f"<saml:Audience>{element_text(answer.audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
    )


def _authn_statement(answer: Answer) -> str:
    session_end = answer.session_not_on_or_after
    session = "" if session_end is None else f' SessionNotOnOrAfter="{write_instant(session_end)}"'
    authority = answer.authenticating_authority
    return (
        f'<saml:AuthnStatement AuthnInstant="{write_instant(answer.authn_instant)}"'
        f' SessionIndex="{attribute_text(answer.session_index)}"{session}><saml:AuthnContext>'
        f"<saml:AuthnContextClassRef>{element_text(answer.authn_context_class)}</saml:AuthnContextClassRef>"
        + (
            f"<saml:AuthenticatingAuthority>{element_text(authority)}</saml:AuthenticatingAuthority>"
            if authority
            else ""
        )
        + "</saml:AuthnContext></saml:AuthnStatement>"
    )


def _attribute_statement(answer: Answer) -> str:
    """Return the attributes, or nothing where there are none: the schema wants at least one in a statement."""
    attributes = "".join(
        f'<saml:Attribute FriendlyName="{attribute_text(attribute.friendly_name)}"'
        f' Name="{attribute_text(attribute.saml_name)}" NameFormat="{NAME_FORMAT_URI}">'
        + "".join(
            f'<saml:AttributeValue xmlns:xsi="{_XSI}" xsi:type="xs:string">{element_text(value)}</saml:AttributeValue>'
            for value in attribute.values
        )
        + "</saml:Attribute>"
        for attribute in answer.attributes
    )
    return f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement>" if attributes else ""
