# SPDX-License-Identifier: Apache-2.0
"""Takes an AuthnRequest out of its binding: HTTP-Redirect (saml-bindings-2.0-os 3.4) or HTTP-POST (3.5).

The rules, each refused with its own reason id:

- every SAML parameter stands there once, and no SAMLResponse beside the request;
- what is read is bounded before and after decoding, so a deflated bomb costs nothing;
- base64 is strict but for line breaks; the only encoding of a redirect is DEFLATE, and nothing follows its end;
- RelayState is at most 80 bytes.

Whether the message itself is right is `idp_simulators.saml.requests`'.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from federation.reasons import Refusal
from idp_simulators.home_request import RefusedRequestError

MAX_ENCODED: Final = 16_384
MAX_DOCUMENT: Final = 32_768
MAX_RELAY_STATE: Final = 80
DEFLATE: Final = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"

_PARAMETERS: Final = frozenset({"SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "SAMLEncoding"})


@dataclass(frozen=True)
class DetachedSignature:
    """The signature of a redirect: over the query's own bytes, as they came."""

    signed: bytes
    algorithm: str
    value: bytes


@dataclass(frozen=True)
class ReceivedRequest:
    """A decoded message, not yet looked at. A message by POST carries its signature inside."""

    document: bytes
    relay_state: str | None
    is_redirect: bool
    signature: DetachedSignature | None = None


def receive_redirect(query: str) -> ReceivedRequest:
    """Return the message of a raw query string; raises `RefusedRequestError`."""
    raw = _single((name, value) for name, _, value in (pair.partition("=") for pair in query.split("&")))
    message = _message(raw)
    if "SAMLEncoding" in raw and _unquoted(raw["SAMLEncoding"]) != DEFLATE:
        raise RefusedRequestError(Refusal("home-request-not-decodable", expected=DEFLATE))
    relay_state = _relay_state(_unquoted(raw["RelayState"])) if "RelayState" in raw else None
    document = _inflated(_decoded(_unquoted(message), "home-request-not-decodable"))
    return ReceivedRequest(document, relay_state, is_redirect=True, signature=_detached_signature(raw))


def receive_post(fields: Iterable[tuple[str, str]]) -> ReceivedRequest:
    """Return the message of a form's fields; raises `RefusedRequestError`."""
    values = _single(fields)
    document = _decoded(_message(values), "home-request-not-decodable")
    relay_state = _relay_state(values["RelayState"]) if "RelayState" in values else None
    return ReceivedRequest(document, relay_state, is_redirect=False)


def _single(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for name, value in pairs:
        if name not in _PARAMETERS:
            continue
        if name in values:
            raise RefusedRequestError(Refusal("home-request-parameter-repeated", found=name))
        values[name] = value
    return values


def _message(values: Mapping[str, str]) -> str:
    if "SAMLResponse" in values:
        raise RefusedRequestError(Refusal("home-request-malformed", found="SAMLResponse", expected="SAMLRequest"))
    message = values.get("SAMLRequest", "")
    if not message:
        raise RefusedRequestError(Refusal("home-request-missing"))
    if len(message) > MAX_ENCODED:
        raise RefusedRequestError(Refusal("home-request-too-large", str(len(message)), f"at most {MAX_ENCODED}"))
    return message


def _detached_signature(raw: Mapping[str, str]) -> DetachedSignature | None:
    """Return the signature over the parameters in the binding's order, spelled as they came (3.4.4.1)."""
    if "Signature" not in raw or "SigAlg" not in raw:
        return None
    signed = "&".join(f"{name}={raw[name]}" for name in ("SAMLRequest", "RelayState", "SigAlg") if name in raw)
    value = _decoded(_unquoted(raw["Signature"]), "home-request-signature-invalid")
    return DetachedSignature(signed.encode("utf-8", "surrogateescape"), _unquoted(raw["SigAlg"]), value)


def _unquoted(value: str) -> str:
    """Return a query's value; a plus sign is a space there, as forms write it."""
    try:
        return unquote_to_bytes(value.replace("+", " ").encode("utf-8", "surrogateescape")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedRequestError(Refusal("home-request-not-decodable", expected="UTF-8")) from error


def _decoded(text: str, reason_id: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedRequestError(Refusal(reason_id, expected="base64")) from error


def _inflated(deflated: bytes) -> bytes:
    """Return the inflated message; at most `MAX_DOCUMENT` bytes are ever made."""
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        document = inflater.decompress(deflated, MAX_DOCUMENT + 1)
    except zlib.error as error:
        raise RefusedRequestError(Refusal("home-request-not-decodable", expected="DEFLATE")) from error
    if len(document) > MAX_DOCUMENT:
        raise RefusedRequestError(Refusal("home-request-too-large", expected=f"at most {MAX_DOCUMENT} bytes"))
    if not inflater.eof or inflater.unused_data:
        raise RefusedRequestError(Refusal("home-request-not-decodable", expected="DEFLATE and nothing after it"))
    return document


def _relay_state(value: str) -> str:
    if len(value.encode()) > MAX_RELAY_STATE:
        raise RefusedRequestError(Refusal("home-relay-state-too-large", expected=f"at most {MAX_RELAY_STATE} bytes"))
    return value
