# SPDX-License-Identifier: Apache-2.0
"""HTTP-Redirect, both ways, on the raw query string (saml-bindings-2.0-os 3.4).

What is signed is the text of the query as it was sent, `SAMLRequest[&RelayState]&SigAlg` in that order, wherever the
parameters stand: decoding and encoding again would refuse senders that write `%2f`, `%20` or an empty RelayState.
A parameter that stands twice is refused, so that what is verified is what is used (CVE-2025-27773). Others, such as
`lang`, are outside the signature and mean nothing here.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_plus, unquote_plus

from proxy.saml.algorithms import RSA_SHA256, SIGNATURE_ALGORITHMS
from proxy.saml.fault import Flaw, MessageFault
from proxy.saml.keys import SigningKey, VerificationKey
from proxy.saml.names import DEFLATE_ENCODING
from proxy.saml.post import decoded_base64, form_value

MAX_QUERY: Final = 16 * 1024
MAX_INFLATED: Final = 64 * 1024
_PARAMETERS: Final = ("SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "SAMLEncoding")
_RAW_DEFLATE: Final = -zlib.MAX_WBITS


@dataclass(frozen=True)
class RedirectMessage:
    """An AuthnRequest that came by HTTP-Redirect, with its signature not yet verified."""

    document: bytes
    relay_state: str | None
    signed_text: bytes
    signature_algorithm: str | None
    signature: bytes | None

    @property
    def is_signed(self) -> bool:
        """Tell whether it claims to be signed."""
        return self.signature is not None


def read_redirect(raw_query: str) -> RedirectMessage:
    """Return the message in an undecoded query string.

    Raises `MessageFault` (too-large, not-decodable, missing, not-alone, parameter-repeated,
    signature-form).
    """
    if len(raw_query) > MAX_QUERY:
        raise MessageFault(Flaw.TOO_LARGE, f"{len(raw_query)} characters", f"at most {MAX_QUERY} characters")
    raw = _raw_parameters(raw_query)
    if not raw.get("SAMLRequest"):
        raise MessageFault(Flaw.MISSING, "nothing", "SAMLRequest")
    if "SAMLResponse" in raw:
        raise MessageFault(Flaw.NOT_ALONE, "SAMLResponse too", "SAMLRequest alone")
    if "SAMLEncoding" in raw and _decoded(raw["SAMLEncoding"]) != DEFLATE_ENCODING:
        raise MessageFault(Flaw.NOT_DECODABLE, _decoded(raw["SAMLEncoding"]), DEFLATE_ENCODING)
    if ("Signature" in raw) != ("SigAlg" in raw):
        raise MessageFault(Flaw.SIGNATURE_FORM, "Signature or SigAlg alone", "both or none")
    signed = [f"{name}={raw[name]}" for name in ("SAMLRequest", "RelayState", "SigAlg") if name in raw]
    return RedirectMessage(
        document=_inflated(decoded_base64(_decoded(raw["SAMLRequest"]))),
        relay_state=_decoded(raw["RelayState"]) if "RelayState" in raw else None,
        signed_text="&".join(signed).encode("ascii"),
        signature_algorithm=_decoded(raw["SigAlg"]) if "SigAlg" in raw else None,
        signature=decoded_base64(_decoded(raw["Signature"])) if "Signature" in raw else None,
    )


def verify_redirect(message: RedirectMessage, keys: Sequence[VerificationKey]) -> None:
    """Return if the signature of `message` is by one of `keys`.

    Raises `MessageFault` (signature-missing, signature-algorithm, signature-invalid).
    """
    if message.signature is None or message.signature_algorithm is None:
        raise MessageFault(Flaw.SIGNATURE_MISSING, "no signature", "a signature")
    algorithm = SIGNATURE_ALGORITHMS.get(message.signature_algorithm)
    if algorithm is None:
        found = message.signature_algorithm
        raise MessageFault(Flaw.SIGNATURE_ALGORITHM, found, "RSA or ECDSA with SHA-256 or better")
    if not any(key.verifies(message.signature, message.signed_text, algorithm) for key in keys):
        raise MessageFault(
            Flaw.SIGNATURE_INVALID, "a signature by another key, or a changed query", "a key of the metadata"
        )


def redirect_url(destination: str, document: bytes, relay_state: str, key: SigningKey) -> str:
    """Return `destination` with a signed AuthnRequest in its query; a query that it has already stays."""
    request = form_value(zlib.compress(document, wbits=_RAW_DEFLATE))
    query = (
        f"SAMLRequest={quote_plus(request)}&RelayState={quote_plus(relay_state)}&SigAlg={quote_plus(RSA_SHA256.uri)}"
    )
    signature = quote_plus(form_value(key.sign(query.encode("ascii"))))
    return f"{destination}{'&' if '?' in destination else '?'}{query}&Signature={signature}"


def _raw_parameters(raw_query: str) -> dict[str, str]:
    """Return the SAML parameters by name, their values as they were sent."""
    if not raw_query.isascii():
        raise MessageFault(Flaw.NOT_DECODABLE, "a query that is not ASCII", "percent-encoding")
    raw: dict[str, str] = {}
    for pair in raw_query.split("&"):
        name, _, value = pair.partition("=")
        name = _decoded(name)
        if name not in _PARAMETERS:
            continue
        if name in raw:
            raise MessageFault(Flaw.PARAMETER_REPEATED, name, "once")
        raw[name] = value
    return raw


def _decoded(raw: str) -> str:
    try:
        return unquote_plus(raw, errors="strict")
    except UnicodeDecodeError as error:
        raise MessageFault(Flaw.NOT_DECODABLE, "percent-encoding that is not UTF-8", "UTF-8") from error


def _inflated(data: bytes) -> bytes:
    """Return raw DEFLATE data inflated, and never more of it than is allowed (CVE-2025-25293)."""
    inflater = zlib.decompressobj(wbits=_RAW_DEFLATE)
    try:
        document = inflater.decompress(data, MAX_INFLATED + 1)
    except zlib.error as error:
        raise MessageFault(Flaw.NOT_DECODABLE, "data that is not DEFLATE", "DEFLATE (RFC 1951)") from error
    if len(document) > MAX_INFLATED:
        raise MessageFault(Flaw.TOO_LARGE, f"more than {MAX_INFLATED} bytes inflated", f"at most {MAX_INFLATED} bytes")
    if not inflater.eof or inflater.unused_data:
        raise MessageFault(Flaw.NOT_DECODABLE, "DEFLATE data that is cut or continues", "DEFLATE (RFC 1951)")
    return document
