# SPDX-License-Identifier: Apache-2.0
"""HTTP-POST, both ways: a form's raw body to a message's bytes, and back to a form's value (saml-bindings-2.0-os 3.5).

The raw body is read here, because a decoded form has already chosen one of two fields with one name.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qsl

from federation.reasons import Refusal
from proxy.saml.fault import Flaw, Message, MessageFault
from proxy.saml.xml import MESSAGE_BOUNDS

Parameter: TypeAlias = Literal["SAMLRequest", "SAMLResponse"]

MAX_MESSAGE: Final = MESSAGE_BOUNDS.size * 3 // 2
"""Characters of base64, line breaks included."""
MAX_BODY: Final = MAX_MESSAGE * 5 // 4
"""Bytes of a form whose fields are percent-encoded."""
MAX_FIELDS: Final = 20

_LINE_BREAKS: Final = str.maketrans("", "", "\r\n\t ")


@dataclass(frozen=True)
class Posted:
    """The SAML fields of a form, decoded from the form's own encoding and not further."""

    message: str
    relay_state: str | None


def read_posted(body: bytes, parameter: Parameter) -> Posted | Refusal:
    """Return the SAML fields of a form body (application/x-www-form-urlencoded) that arrived by HTTP-POST.

    A field that stands twice, a body that is too large or no form, or one without the parameter is refused.
    """
    try:
        return read_form(body, parameter)
    except MessageFault as fault:
        return fault.refusal(_message(parameter))


def read_form(body: bytes, parameter: Parameter) -> Posted:
    """Return the same or raise `MessageFault` (too-large, not-decodable, missing, not-alone, parameter-repeated)."""
    if len(body) > MAX_BODY:
        raise MessageFault(Flaw.TOO_LARGE, f"{len(body)} bytes", f"at most {MAX_BODY} bytes")
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise MessageFault(Flaw.NOT_DECODABLE, "a body that is no form", "application/x-www-form-urlencoded") from error
    found: dict[str, str] = {}
    for name, value in fields:
        if name in found and name in {parameter, "RelayState"}:
            raise MessageFault(Flaw.PARAMETER_REPEATED, name, "once")
        found[name] = value
    if not found.get(parameter):
        raise MessageFault(Flaw.MISSING, "nothing", parameter)
    if {"SAMLRequest", "SAMLResponse"} <= found.keys():
        raise MessageFault(Flaw.NOT_ALONE, "SAMLRequest and SAMLResponse", f"{parameter} alone")
    return Posted(found[parameter], found.get("RelayState"))


def document_of(message: str) -> bytes:
    """Return the bytes of a form's base64 value; raises `MessageFault` (too-large, not-decodable).

    Line breaks and blanks between the characters are accepted (RFC 2045 6.8); any other foreign character, the
    alphabet for URLs and trailing junk are not.
    """
    if len(message) > MAX_MESSAGE:
        raise MessageFault(Flaw.TOO_LARGE, f"{len(message)} characters", f"at most {MAX_MESSAGE} characters")
    return decoded_base64(message.translate(_LINE_BREAKS))


def decoded_base64(text: str) -> bytes:
    """Return what `text` encodes; raises `MessageFault` (not-decodable) unless it is base64 and nothing more."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise MessageFault(Flaw.NOT_DECODABLE, "characters that are not base64", "base64") from error


def form_value(document: bytes) -> str:
    """Return `document` as the value of a form's hidden field."""
    return base64.b64encode(document).decode("ascii")


def _message(parameter: Parameter) -> Message:
    return "request" if parameter == "SAMLRequest" else "response"
