# SPDX-License-Identifier: Apache-2.0
"""From bytes to one tree, and text out of it.

The rules for what is parsed:

1. at most so many bytes, elements, levels and attributes of an element as a message of its kind needs;
2. UTF-8 only, whatever the document claims, because a second reading of the same bytes is a second document;
3. no document type declaration at all: no entities, no default attributes, nothing fetched (saml2int SDP-G03);
4. no ID twice, whatever the attribute's namespace and case (saml-core-2.0-os 1.3.4), so that a reference by ID can
   mean one element only.

Whether the tree follows the schema is `schema`'s, whether it is signed is `signature`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from lxml import etree

from proxy.saml.fault import Flaw, MessageFault

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for the class of its elements

_PROLOG: Final = rb"(?:\xef\xbb\xbf)?(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+"
"""What may stand before a document type declaration; atomic, so that no input makes it slow."""
_DOCTYPE: Final = re.compile(_PROLOG + rb"<!DOCTYPE", re.DOTALL)
_DECLARED_ENCODING: Final = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)""")

_LIBXML2_LIMIT: Final = 114
"""XML_ERR_RESOURCE_LIMIT: within our bounds only its own limit of 256 levels can be reached."""


@dataclass(frozen=True)
class Bounds:
    """How large a document may be."""

    size: int
    elements: int
    depth: int = 32
    attributes: int = 64
    """Of one element; reading them takes quadratic time."""


MESSAGE_BOUNDS: Final = Bounds(size=256 * 1024, elements=8_000)
"""A response of a teacher with fifty schools has 40 kB; a login's AuthnRequest 2 kB."""
METADATA_BOUNDS: Final = Bounds(size=1024 * 1024, elements=20_000)


def parse(document: bytes, bounds: Bounds = MESSAGE_BOUNDS) -> Element:
    """Return the root of `document`, parsed once and within `bounds`.

    Raises `MessageFault` (too-large, doctype, not-xml, too-deep, too-many-elements, element-too-wide,
    duplicate-id).
    """
    if len(document) > bounds.size:
        raise MessageFault(Flaw.TOO_LARGE, f"{len(document)} bytes", f"at most {bounds.size} bytes")
    if _DOCTYPE.match(document):
        raise MessageFault(Flaw.DOCTYPE, "<!DOCTYPE", "no document type declaration")
    declared = _DECLARED_ENCODING.match(document)
    if declared and declared[1].upper() not in {b"UTF-8", b"US-ASCII"}:
        raise MessageFault(Flaw.NOT_XML, f"encoding {declared[1].decode('latin-1')}", "UTF-8")
    try:
        root = etree.fromstring(document, _parser())
    except etree.XMLSyntaxError as error:
        code = getattr(error, "code", None)  # which the stubs do not know
        if code == _LIBXML2_LIMIT:
            raise MessageFault(Flaw.TOO_DEEP, "more than 256 levels", f"at most {bounds.depth} levels") from error
        # The parser's own words may quote the document, which may hold a person's data.
        raise MessageFault(Flaw.NOT_XML, f"error {code} in line {error.lineno}", "well-formed XML") from error
    _check_shape(root, bounds)
    return root


def _parser() -> etree.XMLParser:
    """Return a fresh parser: one that is shared would be locked by whoever parses."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        collect_ids=False,
    )


def _check_shape(root: Element, bounds: Bounds) -> None:
    """Walk the tree once; raises `MessageFault` for what is too deep, too much, or has an ID twice."""
    ids: set[str] = set()
    depth = elements = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        elements += 1
        if depth > bounds.depth:
            raise MessageFault(Flaw.TOO_DEEP, f"more than {bounds.depth} levels", f"at most {bounds.depth} levels")
        if elements > bounds.elements:
            found = f"more than {bounds.elements} elements"
            raise MessageFault(Flaw.TOO_MANY_ELEMENTS, found, f"at most {bounds.elements} elements")
        if len(element.attrib) > bounds.attributes:
            found = f"an element with {len(element.attrib)} attributes"
            raise MessageFault(Flaw.ELEMENT_TOO_WIDE, found, f"at most {bounds.attributes}")
        for name, value in element.items():
            if name.rpartition("}")[2].lower() != "id":
                continue
            if value in ids:
                raise MessageFault(Flaw.DUPLICATE_ID, value, "each ID once")
            ids.add(value)


def text_of(element: Element) -> str | None:
    """Return the whole text of `element`, across comments and processing instructions; `None` if it holds elements.

    Reading only up to the first comment is how an attacker cuts a value short (CVE-2017-11427).
    """
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            return None
        parts.append(child.tail or "")
    return "".join(parts)


def children(element: Element) -> list[Element]:
    """Return the child elements, without comments and processing instructions."""
    return [child for child in element if isinstance(child.tag, str)]
