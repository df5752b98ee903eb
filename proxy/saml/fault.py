# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with any SAML message, whoever sent it.

The steps that requests and responses share (bounds, parsing, schema, signature, times) raise a `MessageFault`; the
function that was asked to verify the message turns it into the `Refusal` of its side.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal, TypeAlias

from federation.reasons import Refusal

Message: TypeAlias = Literal["request", "response"]


class Flaw(StrEnum):
    """One kind of fault; with the message's kind before it, it is a reason id."""

    MISSING = "missing"
    NOT_ALONE = "not-alone"
    PARAMETER_REPEATED = "parameter-repeated"
    TOO_LARGE = "too-large"
    NOT_DECODABLE = "not-decodable"
    NOT_XML = "not-xml"
    DOCTYPE = "doctype"
    TOO_DEEP = "too-deep"
    TOO_MANY_ELEMENTS = "too-many-elements"
    ELEMENT_TOO_WIDE = "element-too-wide"
    DUPLICATE_ID = "duplicate-id"
    WRONG_MESSAGE = "wrong-message"
    SCHEMA_INVALID = "schema-invalid"
    TIME_UNREADABLE = "time-unreadable"
    SIGNATURE_MISSING = "signature-missing"
    SIGNATURE_FORM = "signature-form"
    SIGNATURE_ALGORITHM = "signature-algorithm"
    SIGNATURE_INVALID = "signature-invalid"


MAX_SHOWN: Final = 200
"""So much of a foreign value is repeated in a refusal, no more."""


class MessageFault(Exception):  # noqa: N818 - the house's word for what is wrong with a message
    """One shared step said no: which one, what was found, what was expected."""

    def __init__(self, flaw: Flaw, found: str = "", expected: str = "") -> None:
        """Keep what is wrong; `found` is cut to `MAX_SHOWN` characters."""
        self.flaw = flaw
        self.found = shown(found)
        self.expected = expected
        super().__init__(f"{flaw}: found {self.found!r}, expected {expected!r}")

    def refusal(self, message: Message) -> Refusal:
        """Return the refusal of a request or of a response for this fault."""
        return Refusal(f"{message}-{self.flaw}", self.found, self.expected)


def shown(value: str) -> str:
    """Return `value`, cut where it is longer than a refusal repeats."""
    return value if len(value) <= MAX_SHOWN else value[:MAX_SHOWN] + "…"
