# SPDX-License-Identifier: Apache-2.0
"""The two things a login's transcript must read out of a message: which request it is, and which status it carries."""

from __future__ import annotations

from typing import Final

from federation.errors import InputError
from testbed.explain.decode import decode_parameter, parse

SAMLP: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
STATUS_PREFIX: Final = "urn:oasis:names:tc:SAML:2.0:status:"
_NAMESPACES: Final = {"samlp": SAMLP}


def message_id(encoded: str) -> str | None:
    """Return the ID of an encoded message, None where it cannot be read."""
    try:
        return parse(decode_parameter(encoded)[0]).get("ID")
    except InputError:
        return None


def saml_status(encoded: str) -> tuple[str, str | None] | None:
    """Return top and second level of an encoded response's status without their prefix, None where there is none."""
    try:
        root = parse(decode_parameter(encoded)[0])
    except InputError:
        return None
    codes = root.iterfind("./samlp:Status//samlp:StatusCode", _NAMESPACES)
    names = [(code.get("Value") or "").removeprefix(STATUS_PREFIX) for code in codes]
    return (names[0], names[1] if len(names) > 1 else None) if names else None
