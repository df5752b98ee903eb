# SPDX-License-Identifier: Apache-2.0
"""Signature wrapping: the eight classic layouts around a signed element (USENIX 2012, On Breaking SAML).

Each takes a document whose Response or Assertion is signed, puts a forged copy where a careless reader looks, and
keeps the signed original somewhere where a careless verifier finds it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from lxml import etree

from tests.builders.saml_response import SAML_NAMESPACES, TAGS, Level

Element: TypeAlias = Any
Layout: TypeAlias = Callable[[Element, Element], None]

FORGED_VALUE: Final = "Forged"


def wrapped(document: str, level: Level, layout: Layout, *, same_id: bool = False) -> str:
    """Return `document` with a forged copy of its signed element, arranged by `layout`."""
    root = etree.fromstring(document.encode())
    original = next(root.iter(TAGS[level]))
    forged = copy.deepcopy(original)
    if not same_id:
        for element in forged.iter(*TAGS.values()):
            element.set("ID", "_forged" + element.get("ID"))
    for value in forged.iter("{*}AttributeValue"):
        value.text = FORGED_VALUE
    if level == "response":
        layout(forged, original)
        return etree.tostring(forged, encoding="unicode")
    root.replace(original, forged)
    layout(forged, original)
    return etree.tostring(root, encoding="unicode")


def _signature(element: Element) -> Element:
    return element.find("ds:Signature", SAML_NAMESPACES)


def _without_signature(element: Element) -> Element:
    element.remove(_signature(element))
    return element


def _extensions(element: Element) -> Element:
    """Return the Extensions of the Response that `element` is or lies in, made where there are none."""
    response = next(element.iterancestors(TAGS["response"]), element)
    extensions = etree.Element(f"{{{SAML_NAMESPACES['samlp']}}}Extensions")
    response.find("samlp:Status", SAML_NAMESPACES).addprevious(extensions)
    return extensions


def original_in_the_signature(forged: Element, original: Element) -> None:
    """Layout 1: the forged element keeps the signature, and the original stands in it."""
    _signature(forged).append(_without_signature(original))


def original_beside_the_signature(forged: Element, original: Element) -> None:
    """Layout 2: the forged element keeps the signature, and the original stands before it."""
    _signature(forged).addprevious(_without_signature(original))


def original_after_the_forged(forged: Element, original: Element) -> None:
    """Layout 3: the forged element has no signature, and the signed original follows it."""
    _without_signature(forged)
    parent = forged.getparent()
    if parent is None:
        forged.append(original)
    else:
        parent.append(original)


def original_in_the_forged(forged: Element, original: Element) -> None:
    """Layout 4: the forged element has no signature, and the signed original stands in it."""
    _without_signature(forged)
    forged.append(original)


def signature_in_the_forged(forged: Element, original: Element) -> None:
    """Layout 5: the forged element keeps the signature, and the original without it follows."""
    parent = forged.getparent()
    (forged if parent is None else parent).append(_without_signature(original))


def original_in_the_key_info(forged: Element, original: Element) -> None:
    """Layout 6: the forged element keeps the signature, and the original hides in its KeyInfo."""
    key_info = _signature(forged).find("ds:KeyInfo", SAML_NAMESPACES)
    if key_info is None:
        key_info = etree.SubElement(_signature(forged), f"{{{SAML_NAMESPACES['ds']}}}KeyInfo")
    key_info.append(_without_signature(original))


def original_in_extensions(forged: Element, original: Element) -> None:
    """Layout 7: the forged element keeps the signature, and the original hides in the Extensions."""
    _extensions(forged).append(_without_signature(original))


def original_in_an_object(forged: Element, original: Element) -> None:
    """Layout 8: the forged element keeps the signature, and the original hides in a ds:Object of it."""
    holder = etree.SubElement(_signature(forged), f"{{{SAML_NAMESPACES['ds']}}}Object")
    holder.append(_without_signature(original))


LAYOUTS: Final[tuple[Layout, ...]] = (
    original_in_the_signature,
    original_beside_the_signature,
    original_after_the_forged,
    original_in_the_forged,
    signature_in_the_forged,
    original_in_the_key_info,
    original_in_extensions,
    original_in_an_object,
)
