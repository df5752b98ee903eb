# SPDX-License-Identifier: Apache-2.0
"""One way to turn bytes from outside into an XML tree: bounded, UTF-8, no DTD, no entities, no network."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for the class of its elements

_FORBIDDEN_MARKUP: Final = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


class DoctypeError(ValueError):
    """The document carries a document type declaration (saml2int SDP-G03)."""


class NotXmlError(ValueError):
    """The document is not well-formed XML in UTF-8."""


def read_xml(document: bytes) -> Element:
    """Return the root of `document`.

    The text is searched for a DOCTYPE before any parser sees it; a document in another encoding than UTF-8, where the
    search would be blind, is refused. Depth and size stay within libxml2's own limits. Raises `DoctypeError` and
    `NotXmlError`.
    """
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotXmlError from error
    if _FORBIDDEN_MARKUP.search(text):
        raise DoctypeError
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise NotXmlError from error
