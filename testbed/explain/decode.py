# SPDX-License-Identifier: Apache-2.0
"""From what a person has in hand to the XML of SAML messages: every form a message travels in, bounded and hardened.

A file may hold XML, base64 of XML, base64 of DEFLATE, a URL (or just its query) with SAMLRequest or SAMLResponse, a
form body, or a transcript of `testbed login --transcript`. Nothing is fetched, no document type is read, and no more
is inflated than a message may have.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from federation.errors import InputError

MAX_FILE: Final = 5_000_000
MAX_MESSAGE: Final = 500_000
PARAMETERS: Final = ("SAMLRequest", "SAMLResponse")


@dataclass(frozen=True)
class Decoded:
    """One message as XML, and how it came."""

    xml: bytes
    how: str
    relay_state: str | None = None
    signature_algorithm: str | None = None
    """`SigAlg` of a signed redirect; the signature is then in the URL and not in the XML."""


def decode(content: bytes) -> tuple[Decoded, ...]:
    """Return the messages that `content` holds, at least one.

    Raises `InputError` that says what the content looks like instead.
    """
    if len(content) > MAX_FILE:
        message = f"{len(content)} bytes: larger than any message or transcript (at most {MAX_FILE})"
        raise InputError(message)
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        message = "not text: expected XML, base64, a URL with SAMLRequest or SAMLResponse, or a transcript"
        raise InputError(message) from error
    if text.startswith("<"):
        return (Decoded(_bounded(text.encode()), "XML"),)
    if text.startswith("{"):
        return _transcript(text)
    if any(f"{parameter}=" in text for parameter in PARAMETERS):
        return _parameters(text)
    xml, how = decode_parameter(text)
    return (Decoded(xml, how),)


def decode_parameter(encoded: str) -> tuple[bytes, str]:
    """Return the XML of one SAMLRequest or SAMLResponse value and how it was encoded.

    POST carries base64 (saml-bindings-2.0-os 3.5.4), Redirect base64 of DEFLATE (3.4.4.1); the content tells which.
    """
    try:
        raw = base64.b64decode(re.sub(r"\s+", "", encoded), validate=True)
    except (binascii.Error, ValueError) as error:
        message = "neither XML nor base64, nor a URL with SAMLRequest or SAMLResponse, nor a transcript"
        raise InputError(message) from error
    if raw.lstrip().startswith(b"<"):
        return _bounded(raw), "base64"
    return inflate(raw), "base64 and DEFLATE"


def inflate(raw: bytes) -> bytes:
    """Return the DEFLATE stream `raw` unpacked, as long as it stays within `MAX_MESSAGE`."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        xml = unpacker.decompress(raw, MAX_MESSAGE)
    except zlib.error as error:
        message = "base64, but neither of XML nor of DEFLATE"
        raise InputError(message) from error
    if unpacker.unconsumed_tail:
        message = f"a DEFLATE stream that unpacks to more than {MAX_MESSAGE} bytes"
        raise InputError(message)
    return xml


def parse(xml: bytes) -> etree._Element:
    """Return the root element; raises `InputError` for a document type, entities or anything that is not XML."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        message = "the document carries a document type declaration, which no SAML message may (saml2int SDP-G03)"
        raise InputError(message)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        message = f"not well-formed XML: {error.msg}"
        raise InputError(message) from error
    return root


def _parameters(text: str) -> tuple[Decoded, ...]:
    query = urlsplit(text).query if "://" in text else text.lstrip("?")
    try:
        values = parse_qs(query, max_num_fields=50)
    except ValueError as error:
        message = f"a query with too many parameters ({error})"
        raise InputError(message) from error
    for parameter in PARAMETERS:
        if len(values.get(parameter, [])) > 1:
            message = f"{parameter} stands {len(values[parameter])} times in the query; a message is sent once"
            raise InputError(message)
        if parameter in values:
            # A plus sign that was not escaped reads as a space; base64 has no spaces.
            xml, how = decode_parameter(values[parameter][0].replace(" ", "+"))
            decoded = Decoded(
                xml, f"{parameter}, {how}", _first(values, "RelayState"), signature_algorithm=_first(values, "SigAlg")
            )
            return (decoded,)
    message = "a URL or form without SAMLRequest or SAMLResponse"
    raise InputError(message)


def _first(values: Mapping[str, list[str]], name: str) -> str | None:
    return next(iter(values.get(name, [])), None)


def _transcript(text: str) -> tuple[Decoded, ...]:
    try:
        document = json.loads(text)
        messages = [_transcript_message(message) for message in document["messages"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = "JSON, but not a transcript: expected an object with `messages`, as `login --transcript` writes it"
        raise InputError(message) from error
    if not messages:
        message = "a transcript without any message: the login ended before the first one"
        raise InputError(message)
    return tuple(messages)


def _transcript_message(message: Mapping[str, Any]) -> Decoded:
    how = f"hop {message['hop']}, {message['from']} → {message['to']}, {message['binding']}"
    return Decoded(_bounded(str(message["xml"]).encode()), how, message.get("relay_state"))


def _bounded(xml: bytes) -> bytes:
    if len(xml) > MAX_MESSAGE:
        message = f"a message of {len(xml)} bytes: larger than any SAML message of a login (at most {MAX_MESSAGE})"
        raise InputError(message)
    return xml
