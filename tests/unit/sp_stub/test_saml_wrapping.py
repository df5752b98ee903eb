# SPDX-License-Identifier: Apache-2.0
"""Signature wrapping: a forged assertion beside, around or inside the signed one is never read."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TypeAlias

import pytest
from lxml import etree

from sp_stub.saml.answers import ResponseNotAcceptedError
from sp_stub.saml.provider import SamlServiceProvider
from tests.builders.sp_response import NOW, SAML, SAMLP, FakeResponse, encoded
from tests.builders.sp_service import service_settings

DS = "http://www.w3.org/2000/09/xmldsig#"
Element: TypeAlias = etree._Element  # noqa: SLF001  # lxml exports the type by this name only
Layout: TypeAlias = Callable[[Element, Element, Element], Element]


def forged(assertion: Element, *, keep_id: bool = False) -> Element:
    """Return the assertion with another person in it and no signature."""
    evil = copy.deepcopy(assertion)
    for signature in evil.findall(f"{{{DS}}}Signature"):
        evil.remove(signature)
    for value in evil.iter(f"{{{SAML}}}AttributeValue"):
        value.text = "evil"
    if not keep_id:
        evil.set("ID", "id-evil")
    return evil


def before(root: Element, signed: Element, evil: Element) -> Element:
    signed.addprevious(evil)
    return root


def after(root: Element, signed: Element, evil: Element) -> Element:
    signed.addnext(evil)
    return root


def around(root: Element, signed: Element, evil: Element) -> Element:
    root.replace(signed, evil)
    evil.append(signed)
    return root


def in_advice(root: Element, signed: Element, evil: Element) -> Element:
    root.replace(signed, evil)
    advice = etree.Element(f"{{{SAML}}}Advice")
    evil.find(f"{{{SAML}}}Conditions").addnext(advice)
    advice.append(signed)
    return root


def in_extensions(root: Element, signed: Element, evil: Element) -> Element:
    root.replace(signed, evil)
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    root.insert(1, extensions)
    extensions.append(signed)
    return root


def in_object(root: Element, signed: Element, evil: Element) -> Element:
    signature = signed.find(f"{{{DS}}}Signature")
    root.replace(signed, evil)
    evil.insert(1, signature)
    etree.SubElement(signature, f"{{{DS}}}Object").append(signed)
    return root


def with_the_signature(root: Element, signed: Element, evil: Element) -> Element:
    evil.insert(1, copy.deepcopy(signed.find(f"{{{DS}}}Signature")))
    root.replace(signed, evil)
    etree.SubElement(evil.find(f"{{{SAML}}}Subject"), f"{{{SAML}}}BaseID").append(signed)
    return root


def around_the_response(root: Element, _signed: Element, evil: Element) -> Element:
    outer = copy.deepcopy(root)
    outer.set("ID", "id-outer")
    for signature in outer.findall(f"{{{DS}}}Signature"):
        outer.remove(signature)
    outer.replace(outer.find(f"{{{SAML}}}Assertion"), evil)
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    outer.insert(1, extensions)
    extensions.append(root)
    return outer


LAYOUTS: tuple[Layout, ...] = (
    before,
    after,
    around,
    in_advice,
    in_extensions,
    in_object,
    with_the_signature,
    around_the_response,
)


@pytest.mark.parametrize("keep_id", [False, True], ids=["another ID", "the same ID"])
@pytest.mark.parametrize("sign_response", [False, True], ids=["assertion signed", "both signed"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_refuses_a_forged_assertion(layout: Layout, *, sign_response: bool, keep_id: bool):
    """Every layout is refused, whichever signature it tries to borrow."""
    root = etree.fromstring(FakeResponse(sign_response=sign_response).xml())
    signed = root.find(f"{{{SAML}}}Assertion")
    message = layout(root, signed, forged(signed, keep_id=keep_id))

    with pytest.raises(ResponseNotAcceptedError):
        SamlServiceProvider(service_settings(), lambda: NOW).verify(encoded(etree.tostring(message)), "id-request")
